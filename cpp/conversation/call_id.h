#pragma once

#include <string>
#include <string_view>

namespace rondo::conversation {

// A call's id, and the thought signature that travels inside it: `ID__thought__SIGNATURE`, as
// LiteLLM and gateways that follow it write it, for clients that drop the fields they don't know.
struct SignedCallId {
  std::string_view id;
  std::string_view signature;  // Base64 of either alphabet. Empty: there is none.
};

// Borrows from `id`.
SignedCallId splitCallId(std::string_view id);

// Of letters, digits, `_` and `-` alone, as all dialects take ids, when `id` is. The id itself when
// there is no signature.
std::string joinCallId(std::string_view id, std::string_view signature);

// Whether an id may be one that we told: at most 40 letters, digits, `_` and `-`.
bool isPlainCallId(std::string_view id);

}  // namespace rondo::conversation
