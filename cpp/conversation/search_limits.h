#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace rondo::conversation {

// What a client sets of a search of the web and Google's has no place for: lists of domains among
// `filters`, and a place to search from, wherever one of `locations` tells one. The names are those
// of both vendors, and stay valid for ever.
std::vector<std::string_view> unmetLimits(json::Node filters,
                                          std::initializer_list<json::Node> locations);

}  // namespace rondo::conversation
