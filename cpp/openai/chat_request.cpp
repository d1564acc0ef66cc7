#include "openai/chat_request.h"

#include <limits>
#include <utility>

#include "openai/chat_request_parts.h"

namespace rondo::openai {
namespace {

constexpr std::int64_t kMaxTokens = std::numeric_limits<std::int32_t>::max();

void readRequiredMessages(FieldReader& body, ChatRequest& chat, Faults& faults) {
  const Path path = body.at("messages");
  if (!body.any("messages")) {
    faults.missing(path);
    return;
  }
  const json::Node messages = body.array("messages");
  if (!messages) return;
  if (!messages.hasElements()) {
    faults.report(badRequest("Invalid 'messages': expected at least one message, but got none.",
                             path.text(), "empty_array"));
    return;
  }
  readMessages(messages, path, chat.request, faults);
}

std::vector<std::string> readStop(FieldReader& body, Faults& faults) {
  std::vector<std::string> stop;
  const json::Node value = body.any("stop");
  const Path path = body.at("stop");
  if (!value) return stop;
  if (value.isString()) {
    stop.push_back(value.string());
  } else if (value.isArray()) {
    for (std::size_t i = 0; const json::Node entry : value.elements()) {
      if (!entry.isString()) faults.wrongType(Path(path, i), "a string", entry);
      stop.push_back(entry.string());
      ++i;
    }
  } else {
    faults.wrongType(path, "a string or an array of strings", value);
  }
  std::erase(stop, "");
  return stop;
}

void readStreaming(FieldReader& body, ChatRequest& chat, Faults& faults) {
  if (body.boolean("stream").value_or(false)) chat.request.stream = conversation::Streaming::On;
  const Path path = body.at("stream_options");
  if (const json::Node holder = body.any("stream_options")) {
    FieldReader options(holder, path, faults);
    const bool tells = options.boolean("include_usage").value_or(false);
    chat.style.usage = tells ? StreamUsage::Included : StreamUsage::Omitted;
  }
}

void readSampling(FieldReader& body, ChatRequest& chat, Faults& faults) {
  conversation::Request& request = chat.request;
  const auto newer = body.integer("max_completion_tokens", 1, kMaxTokens);
  const auto older = body.integer("max_tokens", 1, kMaxTokens);
  request.maxTokens = newer ? newer : older;
  if (newer) chat.style.maxTokens = "max_completion_tokens";
  request.temperature = body.number("temperature", 0, 2);
  request.topP = body.number("top_p", 0, 1);
  request.presencePenalty = body.number("presence_penalty", -2, 2);
  request.frequencyPenalty = body.number("frequency_penalty", -2, 2);
  request.candidates = body.integer("n", 1, 128);
  constexpr auto kAnySeed = std::numeric_limits<std::int64_t>::max();
  request.seed = body.integer("seed", -kAnySeed, kAnySeed);
  request.stop = readStop(body, faults);
  request.logprobs = body.boolean("logprobs").value_or(false);
  request.topLogprobs = body.integer("top_logprobs", 0, 20);
}

}  // namespace

Result<ChatRequest> parseChatRequest(std::string_view text) {
  json::Document document;
  if (auto read = document.read(text); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  if (faults.any()) return fail(faults.first());

  ChatRequest chat;
  chat.request.body = text;
  chat.request.model = body.requiredString("model");
  refuseModeration(body, faults);
  readRequiredMessages(body, chat, faults);
  readStreaming(body, chat, faults);
  readSampling(body, chat, faults);
  readTools(body, chat, faults);
  readOutputSettings(body, chat, faults);
  chat.request.serviceTier = body.string("service_tier");
  chat.request.conversationKey = body.string("prompt_cache_key");
  chat.request.user = body.string("user");
  if (faults.any()) return fail(faults.first());
  return chat;
}

}  // namespace rondo::openai
