#pragma once

#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "openai/chat_response.h"
#include "streaming/answer_decoder.h"
#include "streaming/stream_fault.h"
#include "translation/answer.h"

namespace rondo::streaming {

// The body of a streamed answer of Google's → the body of a streamed chat completion. Sans-I/O.
//
// Nothing is handed out before there is something to show: as long as `feed` has only given empty
// strings, another credential can be tried. A fault ends the stream: the gateway writes the fault's
// `output`, then openai::errorEvent(fault.error), and no [DONE].
class ChatStream : private AnswerDecoder::Sink {
 public:
  // `store` may be null; else it must outlive the stream.
  ChatStream(const openai::ResponseHead& head, openai::ChunkWriter::Usage usage,
             translation::AnswerContext context, translation::SignatureStore* store);

  std::expected<std::string, StreamFault> feed(std::string_view bytes);

  // The end of Google's body: finish reasons, usage, [DONE]. A body that ended too early is a fault
  // (`upstream_incomplete`), one with nothing in it too (`empty_answer`).
  std::expected<std::string, StreamFault> finish();

  // Whether any chunk was handed out.
  bool hasOutput() const { return hasOutput_; }

  std::optional<openai::TokenUsage> usage() const { return translator_.usage(); }

 private:
  void takeAnswer(google::Answer answer) override;
  void takeText(const google::TextEvent& event) override;
  void beginChoice(int choice);
  // What was written since the last call, and the fault if there is one.
  std::expected<std::string, StreamFault> output(std::optional<StreamFault> fault);

  AnswerDecoder decoder_;
  translation::AnswerTranslator translator_;
  openai::ChunkWriter writer_;
  std::set<int> begun_;  // Choices whose role was told.
  std::string out_;
  bool hasOutput_ = false;
};

}  // namespace rondo::streaming
