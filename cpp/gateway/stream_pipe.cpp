#include "gateway/stream_pipe.h"

#include <string>
#include <utility>

#include "gateway/pool_errors.h"

namespace rondo::gateway {

using host::Piped;
using streaming::StreamFault;

Task<std::optional<StreamFault>> StreamPipe::run(StreamReply& reply, Keeper* keeper) {
  auto piped = co_await pipe();
  while (piped && *piped == Piped::Paused) {
    const bool isThere = co_await reply.ready();
    if (!isThere) co_return std::nullopt;
    piped = co_await pipe();
  }
  if (!piped) co_return std::move(piped.error());
  auto end = stream_.finish();
  if (!end) co_return std::move(end.error());
  std::string last(*end);
  if (keeper) co_await keeper->keep({});
  co_await reply.write(std::move(last));
  co_return std::nullopt;
}

// As far as it goes at once.
Task<std::expected<Piped, StreamFault>> StreamPipe::pipe() {
  const Millis patience = exchange_.services.settings.idleTimeout;
  auto awaited = co_await exchange_.watch.await(exchange_.reply.pipe(body_, *this), patience);
  if (fault_) co_return std::unexpected(std::move(*fault_));
  if (!awaited) co_return std::unexpected(StreamFault{upstreamTimeout(patience), {}, {}});
  const auto& piped = *awaited;
  if (!piped) co_return std::unexpected(StreamFault{endedEarly(piped.error()), {}, {}});
  co_return *piped;
}

std::optional<std::string_view> StreamPipe::feed(std::string_view bytes) {
  exchange_.watch.heard();
  auto output = stream_.feed(bytes);
  if (!output) {
    fault_ = std::move(output.error());
    return std::nullopt;
  }
  if (!output->empty()) exchange_.watch.said();
  exchange_.record.sentBytes += output->size();
  return *output;
}

}  // namespace rondo::gateway
