#include "json/document.h"

#include <charconv>
#include <iterator>
#include <unordered_map>

#include "base/ascii.h"
#include "json/characters.h"
#include "json/cursor.h"
#include "json/excess.h"
#include "json/number_text.h"

namespace rondo::json {
namespace {

class Reader {
 public:
  Reader(std::string_view text, std::vector<Entry>& entries)
      : text_(text), cursor_(text), entries_(entries) {}

  bool run() {
    cursor_.take("\xEF\xBB\xBF");
    cursor_.skipSpace();
    if (!readValue(0)) return false;
    cursor_.skipSpace();
    return cursor_.isAtEnd();
  }

  bool isExcessive() const { return !excess_.empty(); }

  // Why `run` gave up.
  Error fault() const {
    if (!excess_.empty()) return badRequest("The JSON is " + excess_ + ".", "");
    if (trim(text_).empty()) return badRequest("There is no JSON: the text is empty.", "");
    if (cursor_.isAtEnd()) return badRequest("The JSON ends before it is complete.", "");
    return badRequest(
        "The text is not valid JSON (at byte " + std::to_string(cursor_.position() + 1) + ").", "");
  }

 private:
  bool readValue(std::size_t depth) {
    switch (cursor_.peek()) {
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
    if (depth >= kMaxDepth) {
      return exceed("nested more than " + std::to_string(kMaxDepth) + " levels deep");
    }
    if (!countValue()) return false;
    const std::size_t place = entries_.size();
    const std::size_t begin = cursor_.position();
    const std::size_t halved = halved_;
    add(begin, 0, kind);
    cursor_.takeMark(text_[begin]);
    if (!cursor_.take(close)) {
      if (!readMembers(kind, depth + 1) || !cursor_.take(close)) return false;
    }
    entries_[place].size = static_cast<std::uint32_t>(cursor_.position() - begin);
    entries_[place].span = static_cast<std::uint32_t>(entries_.size() - place);
    if (halved_ > halved) entries_[place].escapes = Text::Escapes::HalfPairs;
    return true;
  }

  bool readMembers(Kind kind, std::size_t depth) {
    std::size_t keys = 0;
    do {
      if (kind == Kind::Object && !(countKey(++keys) && readKey())) return false;
      if (!readValue(depth)) return false;
    } while (cursor_.takeMark(',') && countValue());
    return true;
  }

  bool readKey() { return readString() && cursor_.takeMark(':'); }

  bool countValue() {
    if (++values_ <= kMaxValues) return true;
    return exceed("made of more than " + std::to_string(kMaxValues) + " values");
  }

  bool countKey(std::size_t keys) {
    if (keys <= kMaxKeys) return true;
    return exceed("an object with more than " + std::to_string(kMaxKeys) +
                  " keys, or has one inside");
  }

  bool exceed(std::string excess) {
    excess_ = std::move(excess);
    return false;
  }

  bool readString() {
    Text string;
    if (!cursor_.takeString(string)) return false;
    const std::string_view spelling = string.spelling();
    add(static_cast<std::size_t>(spelling.data() - text_.data()), spelling.size(), Kind::String,
        string.escapes());
    if (string.escapes() == Text::Escapes::HalfPairs) ++halved_;
    return true;
  }

  bool readWord(std::string_view word, Kind kind) {
    add(cursor_.position(), word.size(), kind);
    return cursor_.take(word);
  }

  bool readNumber() {
    const std::size_t begin = cursor_.position();
    if (!cursor_.takeNumber()) return false;
    add(begin, cursor_.position() - begin, Kind::Number);
    return true;
  }

  void add(std::size_t begin, std::size_t size, Kind kind,
           Text::Escapes escapes = Text::Escapes::Absent) {
    entries_.push_back(
        {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size), 1, kind, escapes});
  }

  std::string_view text_;
  Cursor cursor_;
  std::vector<Entry>& entries_;
  std::size_t values_ = 0;
  std::size_t halved_ = 0;  // Strings with halves of surrogate pairs.
  std::string excess_;      // "nested more than 200 levels deep". Empty: within the limits.
};

// The number that all of the text spells, if the type can hold it.
template <class Integer>
std::optional<Integer> wholeOf(std::string_view text) {
  Integer number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// As exact as it can be held: unsigned, signed, or else as a double.
Value numberOf(std::string_view text) {
  if (const auto number = wholeOf<std::uint64_t>(text)) return *number;
  if (const auto number = wholeOf<std::int64_t>(text)) return *number;
  return doubleOf(text);
}

// An object compares each key that comes with all before it; with many of them, a table knows them.
void addMany(Value::object_t& list, Node::Members members) {
  std::unordered_map<std::string, std::size_t> places;
  for (const auto& [name, member] : members) {
    const auto [place, isNew] = places.try_emplace(name.string(), list.size());
    if (isNew) {
      list.Container::emplace_back(place->first, member.value());
    } else {
      std::next(list.begin(), static_cast<std::ptrdiff_t>(place->second))->second = member.value();
    }
  }
}

void addFew(Value::object_t& list, Node::Members members) {
  for (const auto& [name, member] : members) list[name.string()] = member.value();
}

Value objectOf(Node::Members members) {
  constexpr std::size_t kFew = 16;
  std::size_t count = 0;
  for (auto member = members.begin(); !(member == members.end()); ++member) ++count;
  Value object = Value::object();
  auto& list = object.get_ref<Value::object_t&>();
  list.reserve(count);  // Growing, it would copy its keys.
  if (count > kFew) {
    addMany(list, members);
  } else {
    addFew(list, members);
  }
  return object;
}

bool isNamed(const Entry& key, const char* base, std::string_view name) {
  const std::string_view spelling(base + key.begin, key.size);
  if (spelling.size() < name.size()) return false;
  return key.escapes == Text::Escapes::Absent ? spelling == name
                                              : Text(spelling, key.escapes) == name;
}

}  // namespace

std::string_view Node::source() const {
  if (!entry_) return {};
  const std::size_t quote = entry_->kind == Kind::String ? 1 : 0;
  return {base_ + entry_->begin - quote, entry_->size + 2 * quote};
}

void Node::appendTo(std::string& out) const {
  if (entry_) fragment().appendTo(out);
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
  return doubleOf(source());
}

std::optional<std::int64_t> Node::integer() const {
  if (!isNumber()) return std::nullopt;
  if (const auto number = wholeOf<std::int64_t>(source())) return number;
  return wholeNumber(doubleOf(source()));
}

Value Node::value() const {
  switch (entry_ ? entry_->kind : Kind::Null) {
    case Kind::Null: break;
    case Kind::False: return false;
    case Kind::True: return true;
    case Kind::Number: return numberOf(source());
    case Kind::String: return string();
    case Kind::Array: {
      Value array = Value::array();
      for (const Node element : elements()) array.push_back(element.value());
      return array;
    }
    case Kind::Object: return objectOf(members());
  }
  return nullptr;
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
  return isArray() ? Elements(entry_ + 1, entry_ + entry_->span, base_) : Elements();
}

Node::Members Node::members() const {
  return isObject() ? Members(entry_ + 1, entry_ + entry_->span, base_) : Members();
}

Result<void> Document::read(std::string_view text) {
  entries_.clear();
  base_ = text.data();
  Reader reader(text, entries_);
  if (reader.run()) return {};
  return fail(reader.fault());
}

bool Document::tryRead(std::string_view text) { return read(text).has_value(); }

bool isExcessive(std::string_view text) {
  std::vector<Entry> entries;
  Reader reader(text, entries);
  return !reader.run() && reader.isExcessive();
}

}  // namespace rondo::json
