#pragma once

#include <string_view>

#include "gateway/request.h"

namespace rondo::gateway {

// Whether the client's key may use a model, by the name the client has for it.
bool mayUse(const Client& client, std::string_view model);

}  // namespace rondo::gateway
