#pragma once

#include <optional>
#include <string>
#include <string_view>

// What is stored at Google's lies with one credential, and nothing in Google's names tells with
// which. Where a pool has several, clients are told ids that do.

namespace rondo::gateway {

// What such ids begin with. The worker looks for it in the bodies that it holds
// (worker/core/idmark.ts).
inline constexpr std::string_view kIdMark = "rondocredential";

struct MarkedId {
  std::string credential;  // By id.
  std::string id;          // Google's own.
};

// "rondocredential0123456789abcdef" and Google's own id. In front of it stand small letters and
// digits alone: that is all that Google's SDKs take out of a file's address.
std::string writeMarkedId(std::string_view credential, std::string_view id);

// Nothing for what writeMarkedId doesn't write, and for an id with characters that no id of
// Google's has: it comes to stand in a path.
std::optional<MarkedId> readMarkedId(std::string_view text);

// The same of what Google tells of a list's next page: of any characters, or none.
std::optional<MarkedId> readMarkedToken(std::string_view text);

}  // namespace rondo::gateway
