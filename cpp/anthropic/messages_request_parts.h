#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/messages_request.h"
#include "conversation/field_reader.h"

// The pieces that parseMessagesRequest is made of. Each takes what it needs out of the body,
// reports what is wrong, and goes on.

namespace rondo::anthropic {

using conversation::Faults;
using conversation::FieldReader;
using conversation::Path;

// What all readers of a request write to.
struct Reading {
  conversation::Request& request;
  Faults& faults;

  // Notes the word of something that was left out, for `x-rondo-adjusted`, once.
  void tell(std::string_view word);
};

// `system` and `messages[]`, as turns.
void readMessages(FieldReader& body, Reading& reading);

// The blocks of an assistant's message, as the parts of its turn. Signatures that thinking blocks
// carry go back onto what they belong to.
std::vector<conversation::Part> readAssistantBlocks(json::Node blocks, const Path& path,
                                                    Reading& reading);

// A block of a kind that people and tools say: text, media, a search's result. Appends what it says
// to `content`. Gives whether `type` is such a kind.
bool readContentBlock(FieldReader& block, std::string_view type, Reading& reading,
                      std::vector<conversation::Content>& content);

// A block that tells of what only Anthropic's own tools did, or can't be read by anybody else: it
// says nothing to Google, which is told where something is lost. Whether `type` is such a block's.
bool skipBlock(FieldReader& block, std::string_view type, Reading& reading);

// Code that Anthropic's tools, or Google's in their place, ran, and what came of it: text that says
// the same. Empty where there is nothing to say; none for other blocks.
std::optional<std::string> readCodeBlock(FieldReader& block, std::string_view type,
                                         Reading& reading);

// A block that makes a tool available from its place on, or takes one away: a tool that it defines
// is declared, and what else it says is left out. Whether `type` is such a block's.
bool readToolChange(FieldReader& block, std::string_view type, Reading& reading);

// A content that is a text or blocks of `readContentBlock`.
std::vector<conversation::Content> readContent(json::Node content, const Path& path,
                                               Reading& reading);

// {"type":"tool_result"}
conversation::CallResult readToolResult(FieldReader& block, Reading& reading);

// An `image` or a `document`, and what belongs to it.
void readImage(FieldReader& block, Reading& reading, std::vector<conversation::Content>& content);
void readDocument(FieldReader& block, Reading& reading,
                  std::vector<conversation::Content>& content);

// `tools`, `tool_choice` and `mcp_servers`.
void readTools(FieldReader& body, Reading& reading);

// A tool that Anthropic has taught its models, by its type ("bash_20250124"): declared with the
// inputs that Anthropic documents. None for other types.
std::optional<conversation::Tool> clientTool(std::string_view type, std::string name);

// `thinking`, `output_config` and `output_format`.
void readOutputSettings(FieldReader& body, Reading& reading);

}  // namespace rondo::anthropic
