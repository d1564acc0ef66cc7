#pragma once

#include <optional>
#include <string_view>

#include "gateway/keeper.h"
#include "gateway/services.h"
#include "gateway/stream_reply.h"
#include "host/transform.h"
#include "streaming/answer_stream.h"

namespace rondo::gateway {

// A streamed answer that has begun, on its way from Google's body to the client.
class StreamPipe : private host::Transform {
 public:
  // What it is made of outlives it.
  StreamPipe(Exchange& exchange, host::Body& body, streaming::AnswerStream& stream)
      : exchange_(exchange), body_(body), stream_(stream) {}

  // Passes on what is left. Gives why that didn't come to its end; nothing when the client has
  // left. `keeper`, where there is one, is called before the end is written.
  Task<std::optional<streaming::StreamFault>> run(StreamReply& reply, Keeper* keeper);

 private:
  std::optional<std::string_view> feed(std::string_view bytes) override;
  Task<std::expected<host::Piped, streaming::StreamFault>> pipe();

  Exchange& exchange_;
  host::Body& body_;
  streaming::AnswerStream& stream_;
  std::optional<streaming::StreamFault> fault_;
};

}  // namespace rondo::gateway
