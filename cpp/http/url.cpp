#include "http/url.h"

#include <algorithm>

#include "base/ascii.h"

namespace rondo::http {
namespace {

bool isUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::optional<unsigned> hexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Some take a backslash for a slash, and leave control characters out.
bool isReadInSeveralWays(char c) {
  return c == '\\' || static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

// "host" and "port" of "host:port" or "[address]:port". Nothing when the port is no number.
std::optional<std::pair<std::string_view, std::string_view>> splitPort(std::string_view authority) {
  const auto closing = authority.starts_with('[') ? authority.find(']') : 0;
  if (closing == std::string_view::npos) return std::nullopt;
  const auto end = std::min(authority.find(':', closing), authority.size());
  const bool isWhole = closing == 0 || end == closing + 1;
  const auto port = authority.substr(std::min(end + 1, authority.size()));
  if (!isWhole || !std::ranges::all_of(port, isDigit)) return std::nullopt;
  return std::pair(authority.substr(0, end), port);
}

// The parts of a reference (RFC 3986, appendix B).
struct Reference {
  std::optional<std::string_view> scheme;
  std::optional<std::string_view> authority;
  std::string_view path;
  std::string_view query;     // with its '?', or empty
  std::string_view fragment;  // with its '#', or empty
};

// What comes from the first `mark` on, taken off `text`.
std::string_view takeTail(std::string_view& text, char mark) {
  const auto at = std::min(text.find(mark), text.size());
  const auto tail = text.substr(at);
  text = text.substr(0, at);
  return tail;
}

Reference split(std::string_view text) {
  Reference parts;
  parts.fragment = takeTail(text, '#');
  parts.query = takeTail(text, '?');
  const auto colon = text.find_first_of(":/");
  if (colon != std::string_view::npos && text[colon] == ':') {
    parts.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const auto path = takeTail(text, '/');
    parts.authority = text;
    text = path;
  }
  parts.path = text;
  return parts;
}

// A path that is empty or begins with '/', without its "." and ".." (RFC 3986, section 5.2.4).
std::string withoutDots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto segment = path.substr(0, path.find('/', 1));
    path.remove_prefix(segment.size());
    const bool isDots = segment == "/." || segment == "/..";
    if (segment == "/..") out.resize(out.empty() ? 0 : out.rfind('/'));
    if (!isDots) out += segment;
    if (isDots && path.empty()) out += '/';
  }
  return out;
}

// The path of a reference without an authority, behind what it refers from (section 5.2.3).
std::string mergedPath(std::string_view base, std::string_view path) {
  if (path.empty()) return std::string(base);
  if (path.starts_with('/')) return withoutDots(path);
  std::string merged(base.substr(0, base.rfind('/') + 1));
  if (merged.empty()) merged = "/";
  return withoutDots(merged.append(path));
}

}  // namespace

std::string percentEncode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (isUnreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

std::optional<std::string> percentDecode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hexDigit(text[i + 1]);
    const auto low = hexDigit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  return out;
}

std::string encodeForm(const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(percentEncode(value));
  }
  return out;
}

std::optional<Origin> parseOrigin(std::string_view url) {
  const auto separator = url.find("://");
  if (separator == std::string_view::npos) return std::nullopt;
  Origin origin{toLower(url.substr(0, separator)), {}, {}};
  if (origin.scheme != "https" && origin.scheme != "http") return std::nullopt;
  auto authority = url.substr(separator + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  const auto parts = splitPort(authority);
  if (!parts || parts->first.empty()) return std::nullopt;
  origin.host = toLower(parts->first);
  origin.port = parts->second;
  return origin;
}

std::optional<std::string> resolveRedirect(std::string_view base, std::string_view location) {
  const auto to = split(location);
  if (to.scheme) {
    return parseOrigin(location) ? std::optional(std::string(location)) : std::nullopt;
  }
  const auto from = split(base);
  if (!parseOrigin(base) || !from.scheme || !from.authority) return std::nullopt;
  std::string out = std::string(*from.scheme) + "://";
  if (to.authority) {
    out.append(*to.authority).append(withoutDots(to.path)).append(to.query);
  } else {
    const bool keepsQuery = to.path.empty() && to.query.empty();
    out.append(*from.authority).append(mergedPath(from.path, to.path));
    out.append(keepsQuery ? from.query : to.query);
  }
  out.append(to.fragment);
  return parseOrigin(out) ? std::optional(std::move(out)) : std::nullopt;
}

bool isFetchable(std::string_view url) {
  const auto origin = parseOrigin(url);
  if (std::ranges::any_of(url, isReadInSeveralWays)) return false;
  if (!origin || !isPublicHost(origin->host)) return false;
  return origin->port.empty() || origin->port == "80" || origin->port == "443";
}

bool isWithinDomain(std::string_view host, std::string_view domain) {
  // A name that ends in a dot is the same name.
  host = host.substr(0, host.find_last_not_of('.') + 1);
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

}  // namespace rondo::http
