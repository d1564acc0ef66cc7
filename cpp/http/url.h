#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::http {

// Everything but RFC 3986's unreserved characters becomes %XX.
std::string percentEncode(std::string_view text);

// Nothing on a broken escape.
std::optional<std::string> percentDecode(std::string_view text);

// "a=b&c=d" of application/x-www-form-urlencoded, every value percent-encoded.
std::string encodeForm(const std::vector<std::pair<std::string_view, std::string_view>>& fields);

// The parts of an absolute https or http URL.
struct Origin {
  std::string scheme;  // lower case
  std::string host;    // lower case, without the port
};

// Nothing when `url` is not an absolute http(s) URL with a host, or carries user information.
std::optional<Origin> parseOrigin(std::string_view url);

// Whether `host` is `domain` or a name below it.
bool isWithinDomain(std::string_view host, std::string_view domain);

}  // namespace rondo::http
