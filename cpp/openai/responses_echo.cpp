#include <string_view>

#include "json/writer.h"
#include "openai/responses_request_parts.h"

namespace rondo::openai {
namespace {

// Of one member. No client reads what it sent itself at such a length.
constexpr std::size_t kMaxEcho = 1024 * 1024;

void writeEcho(json::Writer& writer, std::string_view key, json::Node value,
               std::string_view otherwise) {
  writer.key(key);
  if (value && value.source().size() <= kMaxEcho) {
    if (value.isString()) {
      writer.string(value.text());
    } else {
      value.appendTo(writer.token());
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

}  // namespace

std::string echoOf(FieldReader& body) {
  std::string echo;
  json::Writer writer(echo);
  for (const auto& [name, otherwise] : kMembers) {
    writeEcho(writer, name, body.any(name), otherwise);
  }
  writer.key("background").boolean(false);
  writer.key("previous_response_id").null();
  writer.key("store").boolean(false);
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
