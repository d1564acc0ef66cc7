#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"

// What a request of Responses wants of what is stored, how that gets into its body, and what of its
// answer is to be stored. Items keep the spelling in which they came.

namespace rondo::openai {

// The member of a body that holds the items of earlier turns, behind all that the client sent.
inline constexpr std::string_view kStoredItems = "stored_items";

// A reference to an item, in the place of one.
struct ItemReference {
  std::string id;
  std::size_t begin = 0;  // Where it stands in the body, in bytes.
  std::size_t size = 0;
  std::size_t place = 0;  // Among the items.
};

// Some bytes of a body.
struct Span {
  std::size_t begin = 0;
  std::size_t size = 0;
};

struct MemoryUse {
  std::string previous;      // previous_response_id
  std::string conversation;  // Its id.
  std::vector<ItemReference> references;
  // The inside of names that the client gave members of its own, and that are kStoredItems.
  std::vector<Span> claimed;
  // Whether the response is to be stored: it is, unless the request says otherwise.
  enum class Store { Yes, No } store = Store::Yes;

  bool recalls() const { return !previous.empty() || !conversation.empty() || !references.empty(); }
};

// Reads what a body says of all this; what is not as it should be is left to the body's reader.
// BadRequest when it names a response and a conversation, or too many items.
Result<MemoryUse> readMemoryUse(std::string_view body);

// The field that brings the items of earlier turns.
std::string_view memoryField(const MemoryUse& use);

// An error about an item of an earlier turn as one about the field that brought it: clients know of
// no kStoredItems. Any other as it is.
Error ofEarlierTurns(Error error, std::string_view field);

// The body, of the same length, in which what the client claimed to be stored is of another name:
// nobody looks for it.
std::string withoutClaims(std::string_view body, const MemoryUse& use);

// The body with the items of earlier turns, and with items in the place of the references to them,
// of which there are as many.
std::string withItems(std::string_view body, const MemoryUse& use,
                      const std::vector<std::string>& history,
                      const std::vector<std::string>& items);

// The items of a body's `input`; a text as the message that it is short for.
std::vector<std::string> inputItems(std::string_view body);

// The response with `"store": false`.
std::string unstored(std::string response);

// A response's JSON, taken apart.
struct SplitResponse {
  std::string id;
  std::string before;  // Up to the first element of `output`.
  std::string behind;  // Behind the last.
  std::vector<std::string> outputs;
};

// Nothing for what is no response.
std::optional<SplitResponse> splitResponse(std::string_view response);

}  // namespace rondo::openai
