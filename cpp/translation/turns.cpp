#include "translation/turns.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "json/document.h"
#include "translation/call_ids.h"

namespace rondo::translation {
namespace {

using conversation::CallPart;
using conversation::CallResult;
using conversation::Part;
using conversation::Role;
using conversation::ThoughtSignature;
using conversation::Turn;

constexpr FillerText kBlank{" "};

bool isResult(const TurnPart& part) { return std::holds_alternative<ResultRef>(part); }

bool isUnanswered(const TurnPart& part) {
  const auto* result = std::get_if<ResultRef>(&part);
  return result && !result->result;
}

std::vector<const CallPart*> callsOf(const Turn& turn) {
  std::vector<const CallPart*> calls;
  for (const Part& part : turn.parts) {
    if (const auto* call = std::get_if<CallPart>(&part)) calls.push_back(call);
  }
  return calls;
}

// Whether a part is what a hosted tool's can be. Clients carry these parts and could write others
// in their place, such as content that lies at Google's.
bool isHostedTools(std::string_view json) {
  json::Document document;
  if (!document.tryRead(json)) return false;
  int told = 0;
  for (const auto& [key, value] : document.root().members()) {
    const json::Text name = key.text();
    const bool isTool = (name == "toolCall" || name == "toolResponse") && value.isObject();
    const bool isBeside = name == "thoughtSignature" && value.isString();
    if (!isTool && !isBeside) return false;
    if (isTool) ++told;
  }
  return told == 1;
}

class Arranger {
 public:
  explicit Arranger(const conversation::SignatureOrigin* goingTo) : goingTo_(goingTo) {}

  void add(const Turn& turn) {
    switch (turn.role) {
      case Role::System: arrangement_.system.push_back(&turn); return;
      case Role::User:
        for (const Part& part : turn.parts) addUserPart(part);
        return;
      case Role::Assistant: addAssistant(turn); return;
    }
  }

  Arrangement finish() {
    auto& turns = arrangement_.turns;
    for (const std::size_t turn : turnsWithStrays_) guessCalls(turns[turn].parts);
    if (turns.empty() || turns.front().speaker == Speaker::Model) {
      turns.insert(turns.begin(), GoogleTurn{Speaker::User, {kBlank}});
    }
    for (std::size_t i = 0; i < turns.size(); ++i) {
      const bool isMoreThanResults = !std::ranges::all_of(turns[i].parts, isResult);
      if (turns[i].speaker == Speaker::User && isMoreThanResults) arrangement_.current = i + 1;
    }
    return std::move(arrangement_);
  }

 private:
  std::vector<TurnPart>& partsOf(Speaker speaker) {
    auto& turns = arrangement_.turns;
    if (turns.empty() || turns.back().speaker != speaker) turns.push_back({speaker, {}});
    return turns.back().parts;
  }

  void addText(Speaker speaker, const json::Text& text, const ThoughtSignature* signature) {
    if (text.empty()) return;
    partsOf(speaker).emplace_back(TextRef{&text, signature});
  }

  // Text and media. `thoughts` is the signature that thoughts right before the part brought.
  void addContent(Speaker speaker, const Part& part, const ThoughtSignature* thoughts) {
    if (const auto* text = std::get_if<conversation::TextPart>(&part)) {
      addText(speaker, text->text, text->signature.empty() ? thoughts : &text->signature);
    } else if (const auto* refusal = std::get_if<conversation::RefusalPart>(&part)) {
      addText(speaker, refusal->text, nullptr);
    } else if (const auto* medium = std::get_if<conversation::MediaPart>(&part)) {
      partsOf(speaker).emplace_back(MediumRef{medium});
    }
  }

  void addUserPart(const Part& part) {
    if (const auto* result = std::get_if<CallResult>(&part)) return addResult(*result);
    addContent(Speaker::User, part, nullptr);
  }

  void addAssistant(const Turn& turn) {
    const std::vector<const CallPart*> calls = callsOf(turn);
    const std::vector<std::string> ids = callIdsForGoogle(calls);
    std::size_t called = 0;
    const ThoughtSignature* thoughts = nullptr;
    for (const Part& part : turn.parts) {
      if (const auto* thought = std::get_if<conversation::ThoughtPart>(&part)) {
        if (!thought->signature.empty()) thoughts = &thought->signature;
        continue;
      }
      if (const auto* call = std::get_if<CallPart>(&part)) {
        partsOf(Speaker::Model).emplace_back(CallRef{call, called == 0, ids[called], thoughts});
        ++called;
      } else if (const auto* hosted = std::get_if<conversation::HostedPart>(&part)) {
        if (goingTo_ && isSameMaker(hosted->origin, *goingTo_) && isHostedTools(hosted->json)) {
          partsOf(Speaker::Model).emplace_back(HostedRef{hosted});
        }
        continue;
      } else {
        addContent(Speaker::Model, part, thoughts);
      }
      thoughts = nullptr;
    }
    if (!calls.empty()) expectResults(calls, ids);
  }

  // The turn that answers calls, with a place for the result of each.
  void expectResults(const std::vector<const CallPart*>& calls,
                     const std::vector<std::string>& ids) {
    auto& turns = arrangement_.turns;
    turns.push_back({Speaker::User, {}});
    for (std::size_t i = 0; i < ids.size(); ++i) {
      turns.back().parts.emplace_back(ResultRef{calls[i], nullptr, ids[i]});
    }
    // The last one noted is found first.
    for (std::size_t i = calls.size(); i-- > 0;) {
      const CallPart& call = *calls[i];
      open_[call.id.empty() ? call.name : call.id].push_back({turns.size() - 1, i});
    }
  }

  void addResult(const CallResult& result) {
    if (ResultRef* named = findNamed(result)) {
      named->result = &result;
      return;
    }
    using enum StrayResultRef::Names;
    const bool isKnown = open_.contains(result.callId.empty() ? result.name : result.callId);
    partsOf(Speaker::User).emplace_back(StrayResultRef{&result, isKnown ? Answered : Nothing});
    const std::size_t turn = arrangement_.turns.size() - 1;
    if (turnsWithStrays_.empty() || turnsWithStrays_.back() != turn) {
      turnsWithStrays_.push_back(turn);
    }
  }

  // The nearest unanswered call that `result` names by its id or, lacking one, by its function.
  ResultRef* findNamed(const CallResult& result) {
    const auto named = open_.find(result.callId.empty() ? result.name : result.callId);
    while (named != open_.end() && !named->second.empty()) {
      const Place place = named->second.back();
      named->second.pop_back();
      if (ResultRef* slot = openAt(place.turn, place.part)) return slot;
    }
    return nullptr;
  }

  // Some clients change ids: what names no call answers the first one of its turn that no result
  // has named, of all that came. Places of results stand before all else in a turn.
  static void guessCalls(std::vector<TurnPart>& parts) {
    const auto rest = std::ranges::find_if_not(parts, isResult);
    auto next = parts.begin();
    const auto isAnswer = [&](const TurnPart& part) {
      const auto* stray = std::get_if<StrayResultRef>(&part);
      if (!stray || stray->names == StrayResultRef::Names::Answered) return false;
      next = std::find_if(next, rest, isUnanswered);
      if (next == rest) return false;
      std::get<ResultRef>(*next).result = stray->result;
      return true;
    };
    parts.erase(std::remove_if(rest, parts.end(), isAnswer), parts.end());
  }

  ResultRef* openAt(std::size_t turn, std::size_t part) {
    auto* slot = std::get_if<ResultRef>(&arrangement_.turns[turn].parts[part]);
    return slot && !slot->result ? slot : nullptr;
  }

  struct Place {
    std::size_t turn;
    std::size_t part;
  };

  const conversation::SignatureOrigin* goingTo_;
  Arrangement arrangement_;
  // Calls by id, or by function where they have none.
  std::unordered_map<std::string_view, std::vector<Place>> open_;
  std::vector<std::size_t> turnsWithStrays_;
};

}  // namespace

Arrangement arrange(const std::vector<Turn>& turns, const conversation::SignatureOrigin* goingTo) {
  Arranger arranger(goingTo);
  for (const Turn& turn : turns) arranger.add(turn);
  return arranger.finish();
}

}  // namespace rondo::translation
