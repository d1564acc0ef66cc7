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
  Origin origin{toLower(url.substr(0, separator)), {}};
  if (origin.scheme != "https" && origin.scheme != "http") return std::nullopt;
  auto authority = url.substr(separator + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  if (authority.starts_with('[')) {
    authority = authority.substr(0, authority.find(']') + 1);
  } else {
    authority = authority.substr(0, authority.find(':'));
  }
  origin.host = toLower(authority);
  if (origin.host.empty()) return std::nullopt;
  return origin;
}

std::optional<std::string> resolveRedirect(std::string_view base, std::string_view location) {
  if (parseOrigin(location)) return std::string(location);
  if (!parseOrigin(base) || location.find("://") != std::string_view::npos) return std::nullopt;
  const auto authority = base.find("://") + 3;
  const auto pathStart = std::min(base.find_first_of("/?#", authority), base.size());
  if (location.starts_with("//")) {
    auto absolute = std::string(base.substr(0, authority - 2)) + std::string(location);
    return parseOrigin(absolute) ? std::optional(absolute) : std::nullopt;
  }
  std::string out(base.substr(0, pathStart));
  if (!location.starts_with('/')) {
    const auto path = base.substr(pathStart, base.find_first_of("?#", pathStart) - pathStart);
    const auto directory = path.substr(0, path.rfind('/') + 1);
    out.append(directory.empty() ? "/" : directory);
  }
  return out.append(location);
}

bool isWithinDomain(std::string_view host, std::string_view domain) {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

}  // namespace rondo::http
