#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "openai/chat_response.h"
#include "openai/error.h"
#include "streaming/answer_collector.h"
#include "streaming/answer_stream.h"

// Answers of Google's on their way to a client that speaks chat completions.

namespace rondo::streaming {

inline const conversation::AnswerHead kHead{"fixture", 1764000000, "gemini-3.8-flash"};

inline translation::AnswerContext fixtureContext() {
  translation::AnswerContext context;
  context.callIdSeed = "seed";
  return context;
}

inline AnswerStream streamWith(const openai::ChatStyle& style) {
  return {std::make_unique<openai::ChunkWriter>(kHead, style), fixtureContext(), nullptr};
}

// What a client is sent for `upstream`, which comes in pieces that begin at `cuts`. A fault is told
// as the gateway tells it.
inline std::string runStream(std::string_view upstream, const std::vector<std::size_t>& cuts = {}) {
  AnswerStream stream = streamWith({.usage = openai::StreamUsage::Included});
  std::string out;
  const auto take = [&](const AnswerStream::Output& output) {
    if (output)
      out += *output;
    else
      out += output.error().output + openai::errorEvent(output.error().error);
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
  AnswerCollector collector(fixtureContext(), nullptr);
  if (step == 0) step = upstream.size() + 1;
  for (std::size_t at = 0; at < upstream.size(); at += step) {
    const auto fed = collector.feed(upstream.substr(at, step));
    if (!fed) return openai::errorBody(fed.error().error);
  }
  auto answer = collector.finish();
  if (!answer) return openai::errorBody(answer.error().error);
  return openai::completionBody(kHead, std::move(*answer), openai::CallStyle::Tools);
}

}  // namespace rondo::streaming
