#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "conversation/answer.h"
#include "json/writer.h"
#include "openai/responses_request.h"

// The items of a response's output, and how they are written.

namespace rondo::openai {

enum class ItemStatus { InProgress, Completed, Incomplete };

struct ReasoningItem {
  json::TextBuilder summary;
  std::string encrypted;  // Empty: nothing is carried.
};

struct MessageItem {
  json::TextBuilder text;
  std::vector<conversation::Citation> annotations;  // Their places are in this text alone.
  std::vector<conversation::TokenScore> logprobs;
  std::string refusal;  // In the place of a text.
};

struct CallItemOf {
  conversation::Call call;
  ToolAddress tool;
};

struct SearchItem {
  conversation::WebSearch search;
};

struct CodeItem {
  std::string code;
  std::optional<conversation::CodeOutput> output;
};

struct ImageItem {
  std::string url;
};

struct OutputItem {
  std::string id;
  ItemStatus status = ItemStatus::InProgress;
  std::variant<ReasoningItem, MessageItem, CallItemOf, SearchItem, CodeItem, ImageItem> what;
};

// What an id of such an item begins with.
std::string_view idPrefix(const OutputItem& item);

// As it is, or, still in progress, as it is announced: without what is told piece by piece.
void writeItem(json::Writer& writer, const OutputItem& item, const ResponsesStyle& style);

// A message's content: its text, or the refusal in its place.
void writePart(json::Writer& writer, const MessageItem& message);
// The same before anything of it was said.
void writeEmptyPart(json::Writer& writer, const MessageItem& message);
void writeSummaryPart(json::Writer& writer, const json::Text& text);

void writeUrlCitation(json::Writer& writer, const conversation::Citation& citation);

// The base64 of an image, or where it lies when it isn't told itself.
std::string_view imageResult(const ImageItem& image);

}  // namespace rondo::openai
