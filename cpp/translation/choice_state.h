#pragma once

#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "conversation/answer.h"
#include "google/answer.h"
#include "translation/code_fence.h"
#include "translation/text_offsets.h"

namespace rondo::translation {

// Whether a part opens its event.
enum class PartPlace { First, Later };

// Text, text of a thought, or what a text doesn't go on over.
enum class PartKind { Text, Thought, Other };

PartKind kindOf(const google::Part& part);

// A call whose arguments may still come: Google may tell them in a part of their own behind it.
struct HeldCall {
  google::FunctionCallPart call;
  std::string signature;
};

// What has to be kept about one choice while its answer comes in.
struct ChoiceState {
  std::string finishReason;
  std::string finishMessage;
  std::optional<HeldCall> held;  // Not shown yet.
  bool hasBrokenCall = false;
  int calls = 0;
  bool hasContent = false;
  bool endsLine = true;  // The content so far is empty or ends in a line feed.
  PartKind last = PartKind::Other;
  TextOffsets offsets;

  // Notes where the next of Google's parts begins. In a stream a text goes on from event to event:
  // the first part of an event continues the last one of the event before if both are text.
  void beginPart(PartKind kind, PartPlace place);

  // Notes text that is added to the content.
  void addText(const json::Text& text);

  // Adds what isn't there yet, since some models tell all sources with each event. At most `room`;
  // gives how many.
  std::size_t cite(std::vector<google::Citation> more, std::size_t room);

  // Notes what was searched for, since some models tell all of it with each event.
  void searched(google::Searches more);

  Column column() const { return endsLine ? Column::LineStart : Column::WithinLine; }

  // All that was searched for, if anything was.
  std::optional<conversation::WebSearch> searches() const;

  // The citations with their places in the content, each once, in order.
  std::vector<conversation::Citation> citations() const;

 private:
  using CitationKey =
      std::tuple<std::int64_t, std::int64_t, std::optional<std::int64_t>, std::string>;

  google::Searches searches_;
  std::set<std::string> queries_;  // Those of the searches.
  std::set<std::string> pages_;    // The addresses of their sources.
  std::vector<google::Citation> citations_;
  std::set<CitationKey> cited_;
};

}  // namespace rondo::translation
