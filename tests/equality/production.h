#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "equality/target.h"

// The one place here that knows production's interface.

namespace rondo::equality::production {

using Pieces = std::span<const std::string_view>;

// The body for Google, or nothing when the request is refused.
std::optional<std::string> translate(std::string_view request, const Target& target);

// Google's answer to `request`, in pieces, as a client sees it: what comes before a fault is
// followed by faultLine(code). `request` is one that is not refused.
std::string stream(std::string_view request, Pieces pieces);
std::string collect(std::string_view request, Pieces pieces);

}  // namespace rondo::equality::production
