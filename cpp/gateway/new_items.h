#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"

namespace rondo::gateway {

// Why a conversation may not take items, `{"items":[…]}`: each of its requests would be refused for
// one that the request doesn't hold. What only Google or a web server can tell of them, and kinds
// of items that nobody knows yet, are taken. Nothing when it may. BadRequest, with the path of the
// field as `param`.
std::optional<Error> newItemsFault(std::string_view list);

}  // namespace rondo::gateway
