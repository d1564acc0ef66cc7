#include "gateway/stream_reply.h"

#include <utility>

namespace rondo::gateway {

StreamReply::StreamReply(Exchange& exchange, std::string_view type, std::string_view comment)
    : exchange_(exchange), type_(type), comment_(comment) {
  if (!comment.empty()) exchange_.watch.keepAlive(*this, exchange_.services.settings.keepAlive);
}

StreamReply::~StreamReply() { exchange_.watch.keepQuiet(); }

void StreamReply::begin(http::Headers headers) {
  if (std::exchange(hasBegun_, true)) return;
  headers.set("content-type", std::string(type_));
  headers.set("cache-control", "no-cache");
  exchange_.reply.begin({200, std::move(headers)});
}

Task<bool> StreamReply::write(std::string bytes) {
  exchange_.record.sentBytes += bytes.size();
  const auto written = co_await exchange_.reply.write(std::move(bytes));
  exchange_.watch.said();
  co_return written.has_value();
}

Task<bool> StreamReply::ready() {
  const auto ready = co_await exchange_.reply.ready();
  exchange_.watch.said();
  co_return ready.has_value();
}

Task<void> StreamReply::breakSilence() {
  begin({});
  co_await exchange_.reply.write(std::string(comment_));
}

}  // namespace rondo::gateway
