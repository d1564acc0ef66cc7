#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "conversation/dialect.h"
#include "streaming/answer_decoder.h"
#include "streaming/stream_fault.h"
#include "translation/answer_translator.h"

namespace rondo::streaming {

// The body of a streamed answer of Google's → the body of a streamed answer in the dialect of
// `writer`. Sans-I/O.
//
// Nothing is handed out before there is something to show: as long as `feed` has only given empty
// texts, another credential can be tried. A fault ends the stream: the gateway writes the fault's
// `output`, then what `fail` gives.
class AnswerStream : private AnswerDecoder::Sink {
 public:
  // `store` may be null; else it must outlive the stream.
  AnswerStream(std::unique_ptr<conversation::StreamWriter> writer,
               translation::AnswerContext context, translation::ClientSignatures* store);

  // What is to be written, good until the next call.
  using Output = std::expected<std::string_view, StreamFault>;

  Output feed(std::string_view bytes);

  // The end of Google's body. A body that ended too early is a fault (`upstream_incomplete`), one
  // with nothing in it too (`empty_answer`).
  Output finish();

  // How the dialect tells that the stream doesn't go on. The end of it.
  std::string fail(const Error& error);

  std::optional<conversation::Usage> usage() const { return translator_.usage(); }

 private:
  void takeAnswer(google::Answer answer) override;
  void takeText(const google::TextEvent& event) override;
  // What this call has written, and the fault if there is one.
  Output output(std::optional<StreamFault> fault);

  AnswerDecoder decoder_;
  translation::AnswerTranslator translator_;
  std::unique_ptr<conversation::StreamWriter> writer_;
  std::string out_;
};

}  // namespace rondo::streaming
