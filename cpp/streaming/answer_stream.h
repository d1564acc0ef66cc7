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
// strings, another credential can be tried. A fault ends the stream: the gateway writes the fault's
// `output`, then what `fail` gives.
class AnswerStream : private AnswerDecoder::Sink {
 public:
  // `store` may be null; else it must outlive the stream.
  AnswerStream(std::unique_ptr<conversation::StreamWriter> writer,
               translation::AnswerContext context, translation::SignatureStore* store);

  std::expected<std::string, StreamFault> feed(std::string_view bytes);

  // The end of Google's body. A body that ended too early is a fault (`upstream_incomplete`), one
  // with nothing in it too (`empty_answer`).
  std::expected<std::string, StreamFault> finish();

  // How the dialect tells that the stream doesn't go on. The end of it.
  std::string fail(const Error& error);

  std::optional<conversation::Usage> usage() const { return translator_.usage(); }

 private:
  void takeAnswer(google::Answer answer) override;
  void takeText(const google::TextEvent& event) override;
  // What was written since the last call, and the fault if there is one.
  std::expected<std::string, StreamFault> output(std::optional<StreamFault> fault);

  AnswerDecoder decoder_;
  translation::AnswerTranslator translator_;
  std::unique_ptr<conversation::StreamWriter> writer_;
  std::string out_;
};

}  // namespace rondo::streaming
