#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/content_blocks.h"
#include "json/writer.h"

// The pieces of JSON that whole messages and streams write alike.

namespace rondo::anthropic {

// All of a message but `content` and what is known at its end: id, type, role, model, container.
void writeHead(json::Writer& writer, const conversation::AnswerHead& head);

// `stop_reason`, `stop_sequence` and `stop_details`. No `reason` where it isn't known yet.
void writeStop(json::Writer& writer, std::optional<conversation::FinishReason> reason);

// The value of `usage` of a whole message; of `message_delta` it has fewer fields.
enum class UsageOf { Message, Delta };
void writeUsage(json::Writer& writer, const conversation::Usage& usage, std::int64_t searches,
                UsageOf where);

// A `tool_use` or `server_tool_use` block. `input` may be an empty object that is told later.
void writeToolUse(json::Writer& writer, const ToolUse& tool, std::string_view input);

void writeCitation(json::Writer& writer, const conversation::Citation& citation);

// Whole blocks of what Google's tools have found out.
void appendCodeResult(std::string& out, std::string_view toolUseId,
                      const conversation::CodeOutput& output);
void appendSearchResult(std::string& out, std::string_view toolUseId,
                        const std::vector<conversation::WebSource>& sources);

}  // namespace rondo::anthropic
