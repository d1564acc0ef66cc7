#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

#include "openai/chat_response.h"
#include "streaming/answer_decoder.h"
#include "streaming/stream_fault.h"
#include "translation/answer.h"

namespace rondo::streaming {

// An answer of Google's, unary or streamed, → one whole chat completion. Sans-I/O. The faults are
// those of ChatStream, with an `output` that is always empty.
class ChatCollector : private AnswerDecoder::Sink {
 public:
  // `store` may be null; else it must outlive the collector.
  ChatCollector(openai::ResponseHead head, translation::AnswerContext context,
                translation::SignatureStore* store);

  std::expected<void, StreamFault> feed(std::string_view bytes);

  // The body of the chat completion.
  std::expected<std::string, StreamFault> finish();

  std::optional<openai::TokenUsage> usage() const { return translator_.usage(); }

 private:
  void takeAnswer(google::Answer answer) override;
  void takeText(const google::TextEvent& event) override;

  openai::ResponseHead head_;
  AnswerDecoder decoder_;
  translation::AnswerTranslator translator_;
  std::map<int, openai::MessageDelta> messages_;
};

}  // namespace rondo::streaming
