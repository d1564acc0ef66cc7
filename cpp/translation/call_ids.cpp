#include "translation/call_ids.h"

#include "base/utf8.h"
#include "conversation/call_id.h"
#include "translation/unique_names.h"

namespace rondo::translation {
namespace {

constexpr std::size_t kLongest = 256;
constexpr std::size_t kLongestOfClient = 240;  // Leaves room for a number behind it.

// Without the signature that may be in it, cut at a character's end.
std::string_view bareId(std::string_view id) {
  return beginningOf(conversation::splitCallId(id).id, kLongestOfClient);
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
