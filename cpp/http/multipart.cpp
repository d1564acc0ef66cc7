#include "http/multipart.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace rondo::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr auto kNone = std::string_view::npos;

std::unexpected<Error> broken(std::string what) {
  return fail(badRequest("Invalid form: " + std::move(what) + ".", {}, "invalid_form"));
}

// --- `form-data; name="file"; filename="a.wav"` --------------------------------------------------

struct Parameter {
  std::string_view name;
  std::string value;
};

// Takes what stands between the quotes, up to the closing one. Of backslashes only those before
// a quote or another one escape: others belong to paths of Windows.
std::string takeQuoted(std::string_view& text) {
  std::string value;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    const bool isEscape =
        text.front() == '\\' && text.size() > 1 && (text[1] == '"' || text[1] == '\\');
    if (isEscape) text.remove_prefix(1);
    value += text.front();
    text.remove_prefix(1);
  }
  text.remove_prefix(text.empty() ? 0 : 1);
  return value;
}

std::string takeValue(std::string_view& text) {
  if (text.starts_with('"')) return takeQuoted(text);
  const std::string_view value = text.substr(0, text.find(';'));
  text.remove_prefix(value.size());
  return std::string(trim(value));
}

// The next parameter behind a `;`. Takes it from `text`.
std::optional<Parameter> takeParameter(std::string_view& text) {
  const auto begin = text.find(';');
  if (begin == kNone) return std::nullopt;
  text.remove_prefix(begin + 1);
  const auto end = text.find_first_of("=;");
  if (end == kNone || text[end] == ';') {
    Parameter bare{trim(text.substr(0, end)), {}};
    text.remove_prefix(end == kNone ? text.size() : end);
    return bare;
  }
  Parameter parameter{trim(text.substr(0, end)), {}};
  text.remove_prefix(end + 1);
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  parameter.value = takeValue(text);
  return parameter;
}

// As browsers send names: of all characters, quotes and line ends alone are escaped, and so is no
// percent sign (https://html.spec.whatwg.org/#multipart-form-data).
std::string unescaped(std::string_view value) {
  std::string plain;
  while (!value.empty()) {
    const bool isQuote = value.starts_with("%22");
    const bool isReturn = value.starts_with("%0D");
    const bool isEscape = isQuote || isReturn || value.starts_with("%0A");
    const char escaped = isQuote ? '"' : isReturn ? '\r' : '\n';
    plain += isEscape ? escaped : value.front();
    value.remove_prefix(isEscape ? 3 : 1);
  }
  return plain;
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// "UTF-8'en'na%C3%AFve.wav" → its bytes. Empty when it is no such value.
std::string extendedValue(std::string_view value) {
  const auto charset = value.find('\'');
  const auto language = charset == kNone ? kNone : value.find('\'', charset + 1);
  if (language == kNone) return {};
  value.remove_prefix(language + 1);
  std::string bytes;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool isCoded = value[i] == '%' && i + 2 < value.size() && hexDigit(value[i + 1]) >= 0 &&
                         hexDigit(value[i + 2]) >= 0;
    if (!isCoded) {
      bytes += value[i];
      continue;
    }
    bytes += static_cast<char>(hexDigit(value[i + 1]) * 16 + hexDigit(value[i + 2]));
    i += 2;
  }
  return bytes;
}

// --- Delimiters ----------------------------------------------------------------------------------

enum class Delimiter { Between, Last };

struct Found {
  std::size_t begin;  // Of the line end in front, which belongs to it.
  std::size_t end;
  Delimiter kind;
};

// Finds the lines that part a form: those of the boundary alone. A boundary in the midst of a line,
// or one that goes on, is a part's own.
class Delimiters {
 public:
  Delimiters(std::string_view body, std::string_view boundary)
      : body_(body), mark_(std::string(kLineEnd) + "--" + std::string(boundary)) {}

  std::optional<Found> first() const {
    const std::string_view line = std::string_view(mark_).substr(kLineEnd.size());
    if (body_.starts_with(line)) {
      if (const auto found = at(0, line.size())) return found;
    }
    return next(0);
  }

  std::optional<Found> next(std::size_t from) const {
    for (auto begin = body_.find(mark_, from); begin != kNone; begin = body_.find(mark_, begin)) {
      if (const auto found = at(begin, begin + mark_.size())) return found;
      ++begin;
    }
    return std::nullopt;
  }

 private:
  // The delimiter that begins there, if what follows its boundary makes it one.
  std::optional<Found> at(std::size_t begin, std::size_t end) const {
    std::string_view rest = body_.substr(end);
    if (rest.starts_with("--")) return Found{begin, end + 2, Delimiter::Last};
    const auto blanks = rest.find_first_not_of(" \t");
    if (blanks == kNone || !rest.substr(blanks).starts_with(kLineEnd)) return std::nullopt;
    return Found{begin, end + blanks + kLineEnd.size(), Delimiter::Between};
  }

  std::string_view body_;
  std::string mark_;
};

// --- Parts ---------------------------------------------------------------------------------------

void readDisposition(std::string_view value, FormPart& part) {
  std::string extended;
  for (auto parameter = takeParameter(value); parameter; parameter = takeParameter(value)) {
    if (equalsIgnoringCase(parameter->name, "name")) part.name = unescaped(parameter->value);
    if (equalsIgnoringCase(parameter->name, "filename")) {
      part.fileName = unescaped(parameter->value);
    }
    if (equalsIgnoringCase(parameter->name, "filename*")) {
      extended = extendedValue(parameter->value);
    }
  }
  if (!extended.empty()) part.fileName = std::move(extended);
}

// What the lines before a part's bytes say.
struct PartHead {
  FormPart part;
  std::optional<std::size_t> length;
  bool isEncoded = false;
};

// What RFC 2045 (6.2) calls so; of forms, RFC 7578 (4.7) has nobody send anything else.
bool standsForItself(std::string_view encoding) {
  constexpr std::string_view kIdentities[] = {"binary", "8bit", "7bit"};
  return std::ranges::any_of(kIdentities, [encoding](std::string_view each) {
    return equalsIgnoringCase(encoding, each);
  });
}

Result<void> readLine(std::string_view line, PartHead& head) {
  const auto colon = line.find(':');
  if (colon == kNone) return broken("a part has a line that is no header");
  const std::string_view name = trim(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (equalsIgnoringCase(name, "content-disposition")) readDisposition(value, head.part);
  if (equalsIgnoringCase(name, "content-type")) head.part.contentType = value;
  if (equalsIgnoringCase(name, "content-transfer-encoding"))
    head.isEncoded = !standsForItself(value);
  if (!equalsIgnoringCase(name, "content-length")) return {};
  std::size_t length = 0;
  const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), length);
  const bool isNumber = fault == std::errc() && end == value.data() + value.size();
  if (!isNumber) return broken("a part's length is no number");
  head.length = length;
  return {};
}

Result<FormPart> readPart(std::string_view text) {
  // A part without any header begins with the empty line.
  const bool isBare = text.starts_with(kLineEnd);
  const auto end = isBare ? 0 : text.find("\r\n\r\n");
  if (end == kNone) return broken("a part's headers have no end");
  if (end > kMaxFormHeaderBytes) return broken("a part's headers are too long");
  PartHead head;
  std::string_view lines = text.substr(0, end);
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find(kLineEnd));
    if (auto read = readLine(line, head); !read) return fail(read.error());
    lines.remove_prefix(std::min(lines.size(), line.size() + kLineEnd.size()));
  }
  FormPart& part = head.part;
  if (part.name.empty()) return broken("a part has no name");
  const bool isLong =
      part.name.size() > kMaxFormNameBytes || part.fileName.size() > kMaxFormNameBytes;
  if (isLong) return broken("a name is too long");
  if (head.isEncoded) {
    return broken("the part `" + part.name +
                  "` has a content-transfer-encoding. Send its bytes as they are");
  }
  part.bytes = text.substr(end + (isBare ? kLineEnd.size() : 2 * kLineEnd.size()));
  if (head.length && *head.length != part.bytes.size()) {
    return broken("the length of `" + part.name + "` isn't what its part has");
  }
  return std::move(part);
}

std::string boundaryOf(std::string_view contentType) {
  for (auto parameter = takeParameter(contentType); parameter;
       parameter = takeParameter(contentType)) {
    if (equalsIgnoringCase(parameter->name, "boundary")) return std::move(parameter->value);
  }
  return {};
}

}  // namespace

bool isForm(std::string_view contentType) {
  return equalsIgnoringCase(trim(contentType.substr(0, contentType.find(';'))),
                            "multipart/form-data");
}

Result<std::vector<FormPart>> readForm(std::string_view body, std::string_view contentType) {
  const std::string boundary = boundaryOf(contentType);
  if (boundary.empty()) return broken("its content-type names no boundary");
  if (boundary.size() > kMaxBoundaryBytes) return broken("its boundary is too long");
  const Delimiters delimiters(body, boundary);
  std::vector<FormPart> parts;
  auto found = delimiters.first();
  while (found && found->kind == Delimiter::Between) {
    // The line end that ends a delimiter may be the one that begins the next.
    const auto next = delimiters.next(found->end - kLineEnd.size());
    if (!next) break;
    if (parts.size() == kMaxFormParts) return broken("it has too many parts");
    const std::size_t end = std::max(next->begin, found->end);
    auto part = readPart(body.substr(found->end, end - found->end));
    if (!part) return fail(part.error());
    parts.push_back(std::move(*part));
    found = next;
  }
  if (!found || found->kind != Delimiter::Last) return broken("it ends before its last boundary");
  return parts;
}

}  // namespace rondo::http
