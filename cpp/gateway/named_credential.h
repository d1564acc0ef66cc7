#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Has the exchange's request go through that credential alone, by id. NotFound when the pool has
// none, BadRequest when it goes through another one already: what it names lies with two.
Result<void> goThrough(Exchange& exchange, std::string_view credential);

// NotFound, for a name that tells of no credential of the pool.
Error nameNotFound(std::string_view name);

// Of a request in Google's own dialect, the body with the names as Google knows them, when it is
// held and has any that carry a credential: then the request goes through that one alone. Nothing
// when it goes as it came. The errors are those of `goThrough`, and Transient when there is no room
// for it.
Task<Result<std::optional<std::string>>> bodyForGoogle(Exchange& exchange);

// Why the client may not name what its body names, by gateway/stored_content.h. `body` is what goes
// to Google in place of the client's, where anything does: that counts then. Both outlive the task.
Task<std::optional<Error>> contentRefused(Exchange& exchange,
                                          const std::optional<std::string>& body);

}  // namespace rondo::gateway
