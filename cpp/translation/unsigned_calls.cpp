#include "translation/unsigned_calls.h"

#include <algorithm>
#include <ranges>
#include <variant>

#include "conversation/call_id.h"
#include "translation/signatures.h"
#include "translation/turns.h"

namespace rondo::translation {
namespace {

using conversation::CallResult;
using conversation::Role;
using conversation::Turn;

// Whether the current exchange has steps at all: it has none behind a user's words, with which
// most requests end.
bool mayHaveSteps(const std::vector<Turn>& turns) {
  for (const Turn& turn : turns | std::views::reverse) {
    if (turn.role == Role::System) continue;
    return turn.role == Role::Assistant || std::ranges::all_of(turn.parts, [](const auto& part) {
             return std::holds_alternative<CallResult>(part);
           });
  }
  return false;
}

bool isSigned(const CallRef& ref) {
  if (isIntactSignature(ref.call->signature.value)) return true;
  if (ref.signature && isIntactSignature(ref.signature->value)) return true;
  return isIntactSignature(conversation::splitCallId(ref.call->id).signature);
}

}  // namespace

std::vector<std::string> unsignedCalls(const conversation::Request& request,
                                       const ClientSignatures& known, std::size_t most) {
  std::vector<std::string> ids;
  if (!mayHaveSteps(request.turns)) return ids;
  const Arrangement arrangement = arrange(request.turns);
  for (std::size_t i = arrangement.turns.size(); i-- > arrangement.current;) {
    for (const TurnPart& part : arrangement.turns[i].parts) {
      const auto* ref = std::get_if<CallRef>(&part);
      if (!ref || !ref->isFirst || isSigned(*ref)) continue;
      const std::string_view id = conversation::splitCallId(ref->call->id).id;
      if (!conversation::isPlainCallId(id) || known.find(id)) continue;
      if (std::ranges::find(ids, id) != ids.end()) continue;
      if (ids.size() == most) return ids;
      ids.emplace_back(id);
    }
  }
  return ids;
}

}  // namespace rondo::translation
