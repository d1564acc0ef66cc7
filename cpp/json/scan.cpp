#include "json/scan.h"

#include <algorithm>
#include <array>
#include <optional>

namespace rondo::json {
namespace {

// How much of a long string the library unescapes at a time.
constexpr std::size_t kPiece = 64 * 1024;

// U+0000 in front keeps it apart from what people write.
std::string tokenOf(const LongString& string) { return R"(\u0000)" + std::to_string(string.begin); }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Scan run() && {
    for (at_ = 0; at_ < text_.size() && scan_.excess.empty(); ++at_) {
      switch (text_[at_]) {
        case '"': skipString(); break;
        case '[':
        case '{': open(); break;
        case ']':
        case '}': depth_ -= depth_ > 0 ? 1 : 0; break;
        case ',': countValue(); break;
        case ':': countKey(); break;
        default: break;
      }
    }
    return std::move(scan_);
  }

 private:
  void open() {
    if (++depth_ > kMaxDepth) {
      scan_.excess = "nested more than " + std::to_string(kMaxDepth) + " levels deep";
      return;
    }
    keys_[depth_] = 0;
    countValue();
  }

  void countValue() {
    if (++values_ <= kMaxValues) return;
    scan_.excess = "made of more than " + std::to_string(kMaxValues) + " values";
  }

  void countKey() {
    if (++keys_[depth_] <= kMaxKeys) return;
    scan_.excess =
        "an object with more than " + std::to_string(kMaxKeys) + " keys, or has one inside";
  }

  // From a string's first quote to its last.
  void skipString() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    if (at_ >= text_.size() || at_ - begin < kLongString || isKey()) return;
    scan_.longStrings.push_back({begin, at_ - begin});
  }

  // Keys stay in the document.
  bool isKey() const {
    const auto next = text_.find_first_not_of(" \t\r\n", at_ + 1);
    return next != std::string_view::npos && text_[next] == ':';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
  std::array<std::size_t, kMaxDepth + 1> keys_{};  // Of the object at each level.
  Scan scan_;
};

bool isHighSurrogate(std::string_view escape) {
  return escape.size() >= 4 && (escape[2] == 'd' || escape[2] == 'D') &&
         std::string_view("89abAB").contains(escape[3]);
}

// The length of the character or escape that `text` begins with, both halves of a surrogate pair
// included. What is malformed may be cut anywhere: it is refused either way.
std::size_t unitLength(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead == '\\') {
    if (text.size() < 2 || text[1] != 'u') return 2;
    return isHighSurrogate(text) ? 12 : 6;
  }
  if (lead < 0xC0) return 1;
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// The longest run of whole units of about kPiece bytes.
std::string_view firstPiece(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && end < kPiece) end += unitLength(text.substr(end));
  return text.substr(0, std::min(end, text.size()));
}

std::optional<std::string> unescape(std::string_view inside) {
  std::string out;
  out.reserve(inside.size());
  std::string token;
  while (!inside.empty()) {
    const std::string_view piece = firstPiece(inside);
    inside.remove_prefix(piece.size());
    token.assign(1, '"').append(piece).append(1, '"');
    const Value value = Value::parse(token.begin(), token.end(), nullptr, false);
    const auto text = asString(value);
    if (!text) return std::nullopt;
    out += *text;
  }
  return out;
}

// The long string that a string of the shortened document stands for.
const LongString* meantBy(std::string_view token, const Scan& scan) {
  if (!token.starts_with('\0')) return nullptr;
  const auto found = std::ranges::find_if(scan.longStrings, [&](const LongString& each) {
    return token.substr(1) == std::to_string(each.begin);
  });
  return found == scan.longStrings.end() ? nullptr : &*found;
}

}  // namespace

Scan scanDocument(std::string_view text) { return Scanner(text).run(); }

std::string withoutLongStrings(std::string_view text, const Scan& scan) {
  std::string out;
  std::size_t from = 0;
  for (const LongString& each : scan.longStrings) {
    out.append(text.substr(from, each.begin - from)).append(tokenOf(each));
    from = each.begin + each.size;
  }
  return out.append(text.substr(from));
}

std::size_t positionBefore(const Scan& scan, std::size_t position) {
  for (const LongString& each : scan.longStrings) {
    if (position < each.begin) break;
    position += each.size - tokenOf(each).size();
  }
  return position;
}

bool restoreLongStrings(Value& value, std::string_view text, const Scan& scan) {
  if (value.is_structured()) {
    return std::ranges::all_of(
        value, [&](Value& member) { return restoreLongStrings(member, text, scan); });
  }
  const auto token = asString(value);
  const LongString* meant = token ? meantBy(*token, scan) : nullptr;
  if (!meant) return true;
  auto whole = unescape(text.substr(meant->begin, meant->size));
  if (whole) value.get_ref<std::string&>() = std::move(*whole);
  return whole.has_value();
}

}  // namespace rondo::json
