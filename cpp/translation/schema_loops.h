#pragma once

#include <optional>

#include "json/value.h"

namespace rondo::translation {

// Cuts the loops of references that Google refuses: those without an optional or nullable property
// and without a list that may be empty. A property on each is required no longer, a list may be
// empty; a loop that has neither loses its references, which are told in the description. Nothing
// when there is none, or when the schema is so large that loops are not looked for. The schema's
// references must lead somewhere.
std::optional<json::Value> cutLoops(const json::Value& schema);

}  // namespace rondo::translation
