#include <string>
#include <string_view>

#include "json/writer.h"
#include "openai/responses_request_parts.h"

namespace rondo::openai {
namespace {

// Of one member. No client reads what it sent itself at such a length.
constexpr std::size_t kMaxEcho = 1024 * 1024;

// Appends a value without the white space between its tokens: a line break would end the event that
// it is told in.
void appendCompact(std::string& out, json::Node value) {
  std::string source;
  value.appendTo(source);
  bool inString = false;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    if (c == '"') inString = !inString;
    const bool isBlank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (inString || !isBlank) out += c;
    // What is escaped ends nothing.
    if (c == '\\' && i + 1 < source.size()) out += source[++i];
  }
}

void writeEcho(json::Writer& writer, std::string_view key, json::Node value,
               std::string_view otherwise) {
  writer.key(key);
  if (value && value.source().size() <= kMaxEcho) {
    if (value.isString()) {
      writer.string(value.text());
    } else {
      appendCompact(writer.token(), value);
    }
  } else {
    writer.raw(otherwise);
  }
}

struct Member {
  std::string_view name;
  std::string_view otherwise;  // JSON
};

constexpr Member kMembers[] = {
    {"instructions", "null"},
    {"max_output_tokens", "null"},
    {"max_tool_calls", "null"},
    {"metadata", "{}"},
    {"parallel_tool_calls", "true"},
    {"prompt_cache_key", "null"},
    {"safety_identifier", "null"},
    {"service_tier", R"("default")"},
    {"temperature", "1"},
    {"tool_choice", R"("auto")"},
    {"tools", "[]"},
    {"top_logprobs", "0"},
    {"top_p", "1"},
    {"truncation", R"("disabled")"},
    {"user", "null"},
};

void writeMemory(json::Writer& writer, FieldReader& body, Storing storing) {
  if (storing != Storing::On) {
    writer.key("previous_response_id").null().key("store").boolean(false);
    return;
  }
  writeEcho(writer, "previous_response_id", body.any("previous_response_id"), "null");
  writer.key("store").boolean(body.boolean("store").value_or(true));
  const json::Node named = body.any("conversation");
  if (!named) return;
  writer.key("conversation").beginObject().key("id");
  writer.string(named.isString() ? named.text() : named.find("id").text()).endObject();
}

}  // namespace

std::string echoOf(FieldReader& body, Storing storing) {
  std::string echo;
  json::Writer writer(echo);
  for (const auto& [name, otherwise] : kMembers) {
    writeEcho(writer, name, body.any(name), otherwise);
  }
  writer.key("background").boolean(false);
  writeMemory(writer, body, storing);
  const json::Node reasoning = body.any("reasoning");
  writer.key("reasoning").beginObject();
  writeEcho(writer, "effort", reasoning.find("effort"), "null");
  writeEcho(writer, "summary", reasoning.find("summary"), "null");
  writer.endObject();
  const json::Node text = body.any("text");
  writer.key("text").beginObject();
  writeEcho(writer, "format", text.find("format"), R"({"type":"text"})");
  writeEcho(writer, "verbosity", text.find("verbosity"), R"("medium")");
  writer.endObject();
  return echo;
}

}  // namespace rondo::openai
