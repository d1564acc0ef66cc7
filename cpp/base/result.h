#pragma once

#include <expected>
#include <utility>

#include "base/error.h"

namespace rondo {

// A value or the Error that stands in its place. Exceptions are off: every fallible function
// returns one of these.
template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

}  // namespace rondo
