#pragma once

#include <string>
#include <vector>

#include "google/answer.h"
#include "openai/chat_response.h"
#include "translation/code_fence.h"
#include "translation/text_offsets.h"

namespace rondo::translation {

// Whether a part opens its event.
enum class PartPlace { First, Later };

// Text, text of a thought, or what a text doesn't go on over.
enum class PartKind { Text, Thought, Other };

PartKind kindOf(const google::Part& part);

// What has to be kept about one choice while its answer comes in.
struct ChoiceState {
  std::string finishReason;
  std::string finishMessage;
  int calls = 0;
  int images = 0;
  bool hasContent = false;
  bool endsLine = true;  // The content so far is empty or ends in a line feed.
  PartKind last = PartKind::Other;
  TextOffsets offsets;
  std::vector<google::Citation> citations;

  // Notes where the next of Google's parts begins. In a stream a text goes on from event to event:
  // the first part of an event continues the last one of the event before if both are text.
  void beginPart(PartKind kind, PartPlace place);

  // Notes text that is added to the content.
  void addText(const json::Text& text);

  Column column() const { return endsLine ? Column::LineStart : Column::WithinLine; }

  // The citations with their places in the content, each once, in order.
  std::vector<openai::UrlCitation> annotations() const;
};

}  // namespace rondo::translation
