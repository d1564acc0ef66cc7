#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::gateway {

// Who answered a conversation in Google's own dialect last. Its signatures pass unseen, and whoever
// made them takes them back for certain. Bounded: two conversations that fall on one place leave
// the later one. Lives in the isolate, so a miss is always possible.
class NativeMakers {
 public:
  static constexpr std::size_t kMostPlaces = 1024;

  // `conversation` as nativeConversation tells it, or openai::signedConversationOf. Of an empty one
  // nothing is remembered.
  void remember(std::string_view client, std::string_view conversation, std::string credentialId);

  // The id of the credential. Empty when unknown.
  std::string find(std::string_view client, std::string_view conversation) const;

 private:
  struct Place {
    std::uint64_t conversation = 0;
    std::string credentialId;
  };
  std::vector<Place> places_;  // Empty until the first is remembered.
};

}  // namespace rondo::gateway
