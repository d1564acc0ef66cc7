#pragma once

#include <string>
#include <string_view>

namespace rondo::gateway {

// What stays the same over the turns of a conversation in Google's own dialect and differs between
// two, as far as the first bytes of a body tell: its first turn, or all of them where they end
// within it or hold none. Bytes that are no JSON tell what they are.
std::string nativeConversation(std::string_view beginning);

// Whether the first turn begins there.
bool holdsTurn(std::string_view beginning);

}  // namespace rondo::gateway
