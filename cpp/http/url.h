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
  std::string port;    // digits as they were spelled; empty when there are none
};

// Nothing when `url` is not an absolute http(s) URL with a host, carries user information, or has
// something else than a number for its port.
std::optional<Origin> parseOrigin(std::string_view url);

// The absolute URL that a redirect from `base` to `location` means (RFC 3986, section 5.2). Nothing
// when that is no http(s) URL.
std::optional<std::string> resolveRedirect(std::string_view base, std::string_view location);

// Whether a URL that somebody else named may be fetched: http(s), without user information,
// backslashes and control characters, to a public host (see isPublicHost), at port 80 or 443, since
// what listens elsewhere is rarely meant for everybody. To be asked of each redirect's target anew.
bool isFetchable(std::string_view url);

// Whether a host that somebody else named may be called: a name of at least two labels, none of
// them empty, that is not one of the local ones (RFC 6761, RFC 6762, RFC 8375, and what clouds and
// clusters use), or a dotted IPv4 address outside the special ranges of RFC 6890. Addresses in
// brackets, names with a dot at their end and every other spelling of a number are refused, since
// what fetches them may read them differently. `host` is as parseOrigin gives it.
bool isPublicHost(std::string_view host);

// Whether `host` is `domain` or a name below it.
bool isWithinDomain(std::string_view host, std::string_view domain);

}  // namespace rondo::http
