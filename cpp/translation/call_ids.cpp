#include "translation/call_ids.h"

#include "conversation/call_id.h"
#include "translation/unique_names.h"

namespace rondo::translation {
namespace {

constexpr std::size_t kLongest = 256;
constexpr std::size_t kLongestOfClient = 240;  // Leaves room for a number behind it.

constexpr bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Without the signature that may be in it, cut at a character's end.
std::string_view bareId(std::string_view id) {
  id = conversation::splitCallId(id).id;
  if (id.size() <= kLongestOfClient) return id;
  std::size_t end = kLongestOfClient;
  while (end > 0 && isContinuation(id[end])) --end;
  return id.substr(0, end);
}

}  // namespace

std::vector<std::string> callIdsForGoogle(const std::vector<const conversation::CallPart*>& calls) {
  UniqueNames unique(kLongest);
  std::vector<std::string> ids(calls.size());
  // First whatever keeps its id, so that none that is made takes it.
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const std::string_view id = bareId(calls[i]->id);
    if (!id.empty() && unique.take(id)) ids[i] = id;
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (!ids[i].empty()) continue;
    const std::string_view id = bareId(calls[i]->id);
    ids[i] = unique.takeLike(id.empty() ? "call" : id);
  }
  return ids;
}

}  // namespace rondo::translation
