#include "translation/turns.h"

#include <algorithm>
#include <unordered_map>

#include "translation/call_ids.h"

namespace rondo::translation {
namespace {

using openai::Message;
using openai::Role;

constexpr FillerText kBlank{" "};

bool isEmptyText(const openai::ContentPart& part) {
  const auto* text = std::get_if<openai::TextPart>(&part);
  const auto* refusal = std::get_if<openai::RefusalPart>(&part);
  return (text && text->text.empty()) || (refusal && refusal->text.empty());
}

bool isResult(const TurnPart& part) { return std::holds_alternative<ResultRef>(part); }

const openai::ContentPart* lastText(const Message& message) {
  const openai::ContentPart* last = nullptr;
  for (const openai::ContentPart& part : message.content) {
    if (std::holds_alternative<openai::TextPart>(part) && !isEmptyText(part)) last = &part;
  }
  return last;
}

class Arranger {
 public:
  void add(const Message& message) {
    switch (message.role) {
      case Role::System: conversation_.system.push_back(&message); return;
      case Role::User: addContent(Speaker::User, message); return;
      case Role::Assistant: addAssistant(message); return;
      case Role::Tool: addResult(message); return;
    }
  }

  Conversation finish() {
    auto& turns = conversation_.turns;
    if (turns.empty() || turns.front().speaker == Speaker::Model) {
      turns.insert(turns.begin(), Turn{Speaker::User, {kBlank}});
    }
    for (std::size_t i = 0; i < turns.size(); ++i) {
      const bool isMoreThanResults = !std::ranges::all_of(turns[i].parts, isResult);
      if (turns[i].speaker == Speaker::User && isMoreThanResults) conversation_.current = i + 1;
    }
    return std::move(conversation_);
  }

 private:
  std::vector<TurnPart>& partsOf(Speaker speaker) {
    auto& turns = conversation_.turns;
    if (turns.empty() || turns.back().speaker != speaker) turns.push_back({speaker, {}});
    return turns.back().parts;
  }

  void addContent(Speaker speaker, const Message& message) {
    const openai::ContentPart* last = lastText(message);
    for (const openai::ContentPart& part : message.content) {
      if (isEmptyText(part)) continue;
      // The signature came at the end of the text.
      const std::string_view signature = &part == last ? message.signature : std::string_view();
      partsOf(speaker).emplace_back(ContentRef{&part, signature});
    }
  }

  void addAssistant(const Message& message) {
    addContent(Speaker::Model, message);
    if (message.toolCalls.empty()) return;
    const std::vector<std::string> ids = callIdsForGoogle(message.toolCalls);
    auto& parts = partsOf(Speaker::Model);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      parts.emplace_back(CallRef{&message.toolCalls[i], i == 0, ids[i]});
    }
    auto& turns = conversation_.turns;
    turns.push_back({Speaker::User, {}});
    for (std::size_t i = 0; i < ids.size(); ++i) {
      turns.back().parts.emplace_back(ResultRef{&message.toolCalls[i], nullptr, ids[i]});
    }
    nextUnnamed_ = 0;
    // The last one noted is found first.
    for (std::size_t i = message.toolCalls.size(); i-- > 0;) {
      const openai::ToolCall& call = message.toolCalls[i];
      open_[call.id.empty() ? call.name : call.id].push_back({turns.size() - 1, i});
    }
  }

  void addResult(const Message& message) {
    if (ResultRef* open = findOpen(message)) {
      open->result = &message;
    } else {
      partsOf(Speaker::User).emplace_back(StrayResultRef{&message});
    }
  }

  // The nearest unanswered call that `message` names by its id or, lacking one, by its function;
  // else, since some clients change ids, the first unanswered one of the last turn.
  ResultRef* findOpen(const Message& message) {
    const auto named = open_.find(message.toolCallId.empty() ? message.name : message.toolCallId);
    while (named != open_.end() && !named->second.empty()) {
      const Place place = named->second.back();
      named->second.pop_back();
      if (ResultRef* slot = openAt(place.turn, place.part)) return slot;
    }
    for (; !conversation_.turns.empty(); ++nextUnnamed_) {
      const std::size_t last = conversation_.turns.size() - 1;
      if (nextUnnamed_ >= conversation_.turns[last].parts.size()) break;
      if (ResultRef* slot = openAt(last, nextUnnamed_)) return slot;
    }
    return nullptr;
  }

  ResultRef* openAt(std::size_t turn, std::size_t part) {
    auto* slot = std::get_if<ResultRef>(&conversation_.turns[turn].parts[part]);
    return slot && !slot->result ? slot : nullptr;
  }

  struct Place {
    std::size_t turn;
    std::size_t part;
  };

  Conversation conversation_;
  // Calls by id, or by function where they have none.
  std::unordered_map<std::string_view, std::vector<Place>> open_;
  std::size_t nextUnnamed_ = 0;  // In the last turn: no open call stands before it.
};

}  // namespace

Conversation arrange(const std::vector<Message>& messages) {
  Arranger arranger;
  for (const Message& message : messages) arranger.add(message);
  return arranger.finish();
}

}  // namespace rondo::translation
