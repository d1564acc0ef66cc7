#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "anthropic/messages_request_parts.h"
#include "json/writer.h"

namespace rondo::anthropic {
namespace {

using conversation::CallResult;
using conversation::Content;
using conversation::FilePart;
using conversation::ImageDetail;
using conversation::ImagePart;
using conversation::Place;
using conversation::TextPart;

// What says nothing that the answer beside it doesn't say. `redacted_thinking` is sealed by its
// maker; a `tool_reference` is read where a tool's result has it.
constexpr std::array<std::string_view, 4> kSilent = {
    "redacted_thinking",
    "web_search_tool_result",
    "tool_reference",
    "fallback",
};

// What Anthropic's own tools did beyond that, which nobody else reads.
constexpr std::array<std::string_view, 11> kUnread = {
    "server_tool_use",
    "web_fetch_tool_result",
    "code_execution_tool_result",
    "bash_code_execution_tool_result",
    "text_editor_code_execution_tool_result",
    "tool_search_tool_result",
    "advisor_tool_result",
    "mcp_tool_use",
    "mcp_tool_result",
    "mcp_tool_listing",
    "browser_state",
};

template <std::size_t kCount>
bool isAmong(const std::array<std::string_view, kCount>& types, std::string_view type) {
  return std::ranges::find(types, type) != types.end();
}

// A file for a container that there is none of: one that is left out would be missed.
void refuseUpload(FieldReader& block, Faults& faults) {
  faults.report(badRequest(
      "'container_upload' is not supported: no files can be put where code runs. Send what the "
      "file holds as a 'document' or as text.",
      block.path().text(), "unsupported_parameter"));
}

// {"type":"base64","media_type","data"}, {"type":"url","url"} or {"type":"file","file_id"}.
struct Source {
  json::PlainText data;   // Or the address.
  std::string mediaType;  // Of data.
  std::string fileId;
  Place place;
};

std::optional<Source> readSource(FieldReader& source, std::string_view type, Reading& reading) {
  if (type == "base64") {
    std::string mediaType = source.requiredString("media_type");
    return Source{json::PlainText(source.requiredText("data")),
                  std::move(mediaType),
                  {},
                  Place(source.any("data"))};
  }
  if (type == "url") {
    return Source{json::PlainText(source.requiredText("url")), {}, {}, Place(source.any("url"))};
  }
  if (type == "file") {
    return Source{{}, {}, source.requiredString("file_id"), Place(source.any("file_id"))};
  }
  reading.faults.unknownValue(source.at("type"), type,
                              {"base64", "url", "file", "text", "content"});
  return std::nullopt;
}

// The text at `key`, if there is one, goes before what follows it on a line of its own.
void addLine(FieldReader& block, std::string_view key, Reading& reading,
             std::vector<Content>& content) {
  const json::Text line = block.text(key);
  if (line.empty() || !reading.faults.mayReword(block.at(key), line.spelling().size())) return;
  content.emplace_back(TextPart{reading.request.own(line.plain() + "\n")});
}

void addText(const json::Text& text, std::vector<Content>& content) {
  content.emplace_back(TextPart{text});
}

// `content` that may be absent.
void addContentOf(FieldReader& holder, Reading& reading, std::vector<Content>& content) {
  const Path path = holder.at("content");
  const json::Node value = holder.any("content");
  if (!value) return;
  auto parts = readContent(value, path, reading);
  std::move(parts.begin(), parts.end(), std::back_inserter(content));
}

// What a search of the client's has found.
void readSearchResult(FieldReader& block, Reading& reading, std::vector<Content>& content) {
  addLine(block, "title", reading, content);
  addLine(block, "source", reading, content);
  addContentOf(block, reading, content);
}

// The tools that a search of the client's has found, by the names that they are called by.
void addFoundTools(const std::vector<std::string>& names, Reading& reading,
                   std::vector<Content>& content) {
  if (names.empty()) return;
  std::string text;
  json::Writer writer(text);
  writer.beginObject().key("tools").beginArray();
  for (const std::string& name : names) writer.string(name);
  writer.endArray().endObject();
  content.emplace_back(TextPart{reading.request.own(text)});
}

}  // namespace

void readImage(FieldReader& block, Reading& reading, std::vector<Content>& content) {
  const json::Node holder = block.any("source");
  const Path path = block.at("source");
  if (!holder) return reading.faults.missing(path);
  FieldReader fields(holder, path, reading.faults);
  auto source = readSource(fields, fields.requiredString("type"), reading);
  if (!source) return;
  if (!source->fileId.empty()) {
    content.emplace_back(FilePart{{}, {}, std::move(source->fileId), {}, source->place});
    return;
  }
  content.emplace_back(ImagePart{
      std::move(source->data), std::move(source->mediaType), ImageDetail::Auto, {}, source->place});
}

void readDocument(FieldReader& block, Reading& reading, std::vector<Content>& content) {
  addLine(block, "title", reading, content);
  addLine(block, "context", reading, content);
  const json::Node holder = block.any("source");
  const Path path = block.at("source");
  if (!holder) return reading.faults.missing(path);
  FieldReader fields(holder, path, reading.faults);
  const std::string type = fields.requiredString("type");
  if (type == "text") return addText(fields.text("data"), content);
  if (type == "content") return addContentOf(fields, reading, content);
  auto source = readSource(fields, type, reading);
  if (!source) return;
  content.emplace_back(FilePart{std::move(source->data),
                                std::move(source->mediaType),
                                std::move(source->fileId),
                                {},
                                source->place});
}

void Reading::tell(std::string_view word) {
  auto& told = request.adjusted;
  if (std::ranges::find(told, word) == told.end()) told.emplace_back(word);
}

bool skipBlock(FieldReader& block, std::string_view type, Reading& reading) {
  if (type == "container_upload") {
    refuseUpload(block, reading.faults);
    return true;
  }
  const bool isSearch = type == "server_tool_use" && block.string("name") == "web_search";
  if (isSearch || isAmong(kSilent, type)) return true;
  if (!isAmong(kUnread, type)) return false;
  reading.tell("messages");
  return true;
}

bool readContentBlock(FieldReader& block, std::string_view type, Reading& reading,
                      std::vector<Content>& content) {
  if (type == "text") {
    if (!block.any("text")) reading.faults.missing(block.at("text"));
    addText(block.text("text"), content);
  } else if (type == "image") {
    readImage(block, reading, content);
  } else if (type == "document") {
    readDocument(block, reading, content);
  } else if (type == "search_result") {
    readSearchResult(block, reading, content);
  } else if (type == "compaction") {
    // The summary of what came before.
    addText(block.text("content"), content);
  } else {
    return false;
  }
  return true;
}

std::vector<Content> readContent(json::Node value, const Path& path, Reading& reading) {
  std::vector<Content> content;
  if (value.isString()) {
    addText(value.text(), content);
    return content;
  }
  if (!value.isArray()) {
    reading.faults.wrongType(path, "a string or an array of content blocks", value);
    return content;
  }
  std::vector<std::string> foundTools;
  for (std::size_t i = 0; const json::Node entry : value.elements()) {
    if (reading.faults.any()) break;
    const Path place(path, i++);
    FieldReader block(entry, place, reading.faults);
    const std::string type = block.requiredString("type");
    if (type == "tool_reference") foundTools.push_back(block.requiredString("tool_name"));
    if (reading.faults.any() || skipBlock(block, type, reading)) continue;
    if (readContentBlock(block, type, reading, content)) continue;
    reading.faults.unknownValue(block.at("type"), type,
                                {"text", "image", "document", "search_result"});
  }
  addFoundTools(foundTools, reading, content);
  return content;
}

CallResult readToolResult(FieldReader& block, Reading& reading) {
  CallResult result;
  result.callId = block.requiredString("tool_use_id");
  addContentOf(block, reading, result.content);
  if (block.boolean("is_error").value_or(false)) {
    result.outcome = conversation::ToolOutcome::Failed;
  }
  result.place = Place(block.self());
  return result;
}

}  // namespace rondo::anthropic
