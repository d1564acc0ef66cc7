#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace rondo::credentials {

// A checked value, or what is wrong with the field in words that hold none of its content.
template <class T>
using Checked = std::expected<T, std::string>;

inline std::unexpected<std::string> fault(std::string words) {
  return std::unexpected(std::move(words));
}

// Text without the blanks around it. A required field must be there and hold something; an
// optional one is empty when it is absent or null.
Checked<std::string> requiredText(const json::Value& object, std::string_view field);
Checked<std::string> optionalText(const json::Value& object, std::string_view field);

// An optional project: what may stand in an address and a header field.
Checked<std::string> optionalProject(const json::Value& object, std::string_view field);
bool isProject(std::string_view text);

// An optional location: "us-central1". It becomes part of a host's name.
Checked<std::string> optionalLocation(const json::Value& object, std::string_view field);
bool isLocation(std::string_view text);

// 1 to 100; 1 when absent.
Checked<int> optionalWeight(const json::Value& object, std::string_view field);

// An array of patterns; empty when absent.
Checked<std::vector<std::string>> optionalPatterns(const json::Value& object,
                                                   std::string_view field);

}  // namespace rondo::credentials
