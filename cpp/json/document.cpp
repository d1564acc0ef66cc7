#include "json/document.h"

#include <array>
#include <charconv>

#include "json/characters.h"

namespace rondo::json {
namespace {

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }

class Reader {
 public:
  Reader(std::string_view text, std::vector<Entry>& entries) : text_(text), entries_(entries) {}

  bool run() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    skipSpace();
    if (!readValue(0)) return false;
    skipSpace();
    return at_ == text_.size();
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  // Within JSON's own white space.
  void skipSpace() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
      ++at_;
    }
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  void add(std::size_t begin, std::size_t end, Kind kind,
           Text::Escapes escapes = Text::Escapes::Absent) {
    entries_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin),
                        1, kind, escapes});
  }

  bool readValue(std::size_t depth) {
    switch (peek()) {
      case '"': return readString();
      case '{': return readContainer(Kind::Object, '}', depth);
      case '[': return readContainer(Kind::Array, ']', depth);
      case 't': return readWord("true", Kind::True);
      case 'f': return readWord("false", Kind::False);
      case 'n': return readWord("null", Kind::Null);
      default: return readNumber();
    }
  }

  bool readContainer(Kind kind, char close, std::size_t depth) {
    if (depth >= kMaxDepth || !countValue()) return false;
    const std::size_t place = entries_.size();
    const std::size_t begin = at_++;
    add(begin, begin, kind);
    skipSpace();
    if (!take(close)) {
      std::size_t keys = 0;
      do {
        skipSpace();
        if (kind == Kind::Object && (++keys > kMaxKeys || !readKey())) return false;
        if (!readValue(depth + 1)) return false;
        skipSpace();
      } while (take(',') && countValue());
      if (!take(close)) return false;
    }
    entries_[place].size = static_cast<std::uint32_t>(at_ - begin);
    entries_[place].span = static_cast<std::uint32_t>(entries_.size() - place);
    return true;
  }

  bool readKey() {
    if (peek() != '"' || !readString()) return false;
    skipSpace();
    if (!take(':')) return false;
    skipSpace();
    return true;
  }

  // As scanDocument counts them.
  bool countValue() { return ++values_ <= kMaxValues; }

  bool readString() {
    const std::size_t begin = ++at_;
    auto escapes = Text::Escapes::Absent;
    for (;;) {
      at_ += plainPrefix(text_.substr(at_));
      if (at_ >= text_.size()) return false;
      const char c = text_[at_];
      if (c == '"') break;
      const std::string_view rest = text_.substr(at_);
      const std::size_t length = c == '\\' ? escapeLength(rest) : sequenceLength(rest);
      if (length == 0) return false;
      if (c == '\\') escapes = Text::Escapes::Present;
      at_ += length;
    }
    add(begin, at_++, Kind::String, escapes);
    return true;
  }

  bool readWord(std::string_view word, Kind kind) {
    if (!text_.substr(at_).starts_with(word)) return false;
    add(at_, at_ + word.size(), kind);
    at_ += word.size();
    return true;
  }

  bool skipDigits() {
    const std::size_t begin = at_;
    while (isDigit(peek())) ++at_;
    return at_ > begin;
  }

  bool readNumber() {
    const std::size_t begin = at_;
    take('-');
    if (!take('0') && !skipDigits()) return false;
    if (take('.') && !skipDigits()) return false;
    const bool hasExponent = take('e') || take('E');
    if (hasExponent) {
      if (!take('+')) take('-');
      if (!skipDigits()) return false;
    }
    add(begin, at_, Kind::Number);
    return isFinite(text_.substr(begin, at_ - begin), hasExponent);
  }

  // Only a number with an exponent, or with more digits than a double's largest power, can be too
  // large to be one; the library decides.
  static bool isFinite(std::string_view number, bool hasExponent) {
    constexpr std::size_t kAlwaysFinite = 300;
    if (!hasExponent && number.size() < kAlwaysFinite) return true;
    return Value::accept(number.begin(), number.end());
  }

  std::string_view text_;
  std::vector<Entry>& entries_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
};

bool isNamed(const Entry& key, const char* base, std::string_view name) {
  const std::string_view spelling(base + key.begin, key.size);
  return key.escapes == Text::Escapes::Absent ? spelling == name
                                              : Text(spelling, key.escapes) == name;
}

}  // namespace

std::string_view Node::source() const {
  if (!entry_) return {};
  const std::size_t quote = entry_->kind == Kind::String ? 1 : 0;
  return {base_ + entry_->begin - quote, entry_->size + 2 * quote};
}

Text Node::text() const {
  if (!isString()) return {};
  return {{base_ + entry_->begin, entry_->size}, entry_->escapes};
}

std::string Node::string() const { return text().plain(); }

std::optional<bool> Node::boolean() const {
  if (!isBoolean()) return std::nullopt;
  return is(Kind::True);
}

std::optional<double> Node::number() const {
  if (!isNumber()) return std::nullopt;
  return value().get<double>();
}

std::optional<std::int64_t> Node::integer() const {
  if (!isNumber()) return std::nullopt;
  const std::string_view digits = source();
  std::int64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec == std::errc() && read.ptr == digits.data() + digits.size()) return number;
  return asInteger(value());
}

Value Node::value() const {
  const std::string_view text = source();
  return Value::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
}

Node Node::find(std::string_view key) const {
  if (!isObject()) return {};
  const Entry* found = nullptr;
  const Entry* const end = entry_ + entry_->span;
  for (const Entry* each = entry_ + 1; each != end; each += 1 + each[1].span) {
    if (isNamed(*each, base_, key)) found = each + 1;
  }
  return found && found->kind != Kind::Null ? Node(found, base_) : Node();
}

Node::Elements Node::elements() const {
  return isArray() ? Elements(entry_ + 1, entry_ + entry_->span, base_)
                   : Elements(nullptr, nullptr, nullptr);
}

Node::Members Node::members() const {
  return isObject() ? Members(entry_ + 1, entry_ + entry_->span, base_)
                    : Members(nullptr, nullptr, nullptr);
}

Result<void> Document::read(std::string_view text) {
  if (tryRead(text)) return {};
  const auto parsed = parse(text);
  return fail(parsed ? badRequest("The text is not valid JSON.", "") : parsed.error());
}

bool Document::tryRead(std::string_view text) {
  entries_.clear();
  base_ = text.data();
  return Reader(text, entries_).run();
}

}  // namespace rondo::json
