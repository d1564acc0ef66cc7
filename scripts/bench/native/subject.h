#pragma once

#include <string>
#include <string_view>

#include "streaming/answer_stream.h"

// All that the benchmarks call of the gateway's, so that they survive a change of its interfaces.
// Whatever production refuses ends the program: measuring a refusal would tell nothing.

namespace rondo::bench {

// A request's body in one of the dialects → the body for Google.
std::string translateChat(std::string_view body);
std::string translateResponses(std::string_view body);
std::string translateMessages(std::string_view body);

// Google's answer → a streamed chat completion.
class Stream {
 public:
  Stream();
  // Good until the next call.
  std::string_view feed(std::string_view bytes);
  std::string_view finish();

 private:
  streaming::AnswerStream stream_;
};

// Google's whole answer → a chat completion.
std::string collect(std::string_view answer);

// Google's predictions of so many vectors → an answer of OpenAI's, in base64.
std::string embed(std::string_view answer, std::size_t count);

}  // namespace rondo::bench
