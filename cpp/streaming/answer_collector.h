#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "conversation/answer.h"
#include "streaming/answer_decoder.h"
#include "streaming/stream_fault.h"
#include "translation/answer_translator.h"

namespace rondo::streaming {

// The body of an answer of Google's, whole or streamed → all its events. Sans-I/O.
class AnswerCollector : private AnswerDecoder::Sink {
 public:
  // `store` may be null; else it must outlive the collector.
  AnswerCollector(translation::AnswerContext context, translation::ClientSignatures* store);

  std::expected<void, StreamFault> feed(std::string_view bytes);

  // Text that goes on from piece to piece is one event.
  std::expected<conversation::Answer, StreamFault> finish();

  std::optional<conversation::Usage> usage() const { return translator_.usage(); }

 private:
  void takeAnswer(google::Answer answer) override;
  void takeText(const google::TextEvent& event) override;
  void add(conversation::Event event);

  AnswerDecoder decoder_;
  translation::AnswerTranslator translator_;
  std::vector<conversation::Event> events_;
};

}  // namespace rondo::streaming
