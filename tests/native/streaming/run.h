#pragma once

#include <string>
#include <string_view>

#include "openai/error.h"
#include "streaming/chat_collector.h"
#include "streaming/chat_stream.h"

namespace rondo::streaming {

inline const openai::ResponseHead kHead{"chatcmpl-fixture", 1764000000, "gemini-3.8-flash"};

inline translation::AnswerContext fixtureContext() {
  translation::AnswerContext context;
  context.callIdSeed = "seed";
  return context;
}

// What a client is sent for `upstream`, which comes in pieces that begin at `cuts`. A fault is told
// as the gateway tells it.
inline std::string runStream(std::string_view upstream, const std::vector<std::size_t>& cuts = {}) {
  ChatStream stream(kHead, openai::ChunkWriter::Usage::Included, fixtureContext(), nullptr);
  std::string out;
  const auto take = [&](const std::expected<std::string, StreamFault>& output) {
    out += output ? *output : output.error().output + openai::errorEvent(output.error().error);
    return output.has_value();
  };
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    if (!take(stream.feed(upstream.substr(begin, cut - begin)))) return out;
    begin = cut;
  }
  if (!take(stream.feed(upstream.substr(begin)))) return out;
  take(stream.finish());
  return out;
}

// The completion, or the error's body.
inline std::string runCollector(std::string_view upstream, std::size_t step = 0) {
  ChatCollector collector(kHead, fixtureContext(), nullptr);
  if (step == 0) step = upstream.size() + 1;
  for (std::size_t at = 0; at < upstream.size(); at += step) {
    const auto fed = collector.feed(upstream.substr(at, step));
    if (!fed) return openai::errorBody(fed.error().error);
  }
  const auto body = collector.finish();
  return body ? *body : openai::errorBody(body.error().error);
}

}  // namespace rondo::streaming
