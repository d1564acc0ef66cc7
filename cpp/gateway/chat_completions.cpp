#include "gateway/access.h"
#include "gateway/answers.h"
#include "gateway/chat_call.h"
#include "gateway/operations.h"
#include "gateway/pool_errors.h"
#include "openai/error.h"
#include "streaming/chat_collector.h"
#include "streaming/chat_stream.h"

namespace rondo::gateway {
namespace {

using streaming::StreamFault;

// Held in memory several times over while it is translated. Far above any answer of a model's.
constexpr std::size_t kMaxAnswerBytes = 16 * 1024 * 1024;

Error endedEarly(const Error& error) {
  return makeError(ErrorKind::Transient, "The connection to Google broke: " + error.message,
                   "upstream_incomplete");
}

Error tooLong() {
  return makeError(ErrorKind::Broken,
                   "Google's answer is longer than " + std::to_string(kMaxAnswerBytes) +
                       " bytes. Ask for it as a stream.",
                   "upstream_answer_too_large");
}

// What comes next in a stream: its output may be empty, and the last piece ends it.
struct Piece {
  std::string output;
  bool isLast = false;
};

// The end of a stream behind what its last bytes gave.
std::expected<std::string, StreamFault> finished(std::string output,
                                                 streaming::ChatStream& stream) {
  auto end = stream.finish();
  if (end) return output + *end;
  end.error().output.insert(0, output);
  return end;
}

Task<std::expected<Piece, StreamFault>> nextPiece(host::Body& body, streaming::ChatStream& stream) {
  const auto chunk = co_await body.read(host::ReadSize::AnyBytes);
  if (!chunk) co_return std::unexpected(StreamFault{endedEarly(chunk.error()), {}, {}});
  auto output = stream.feed(chunk->bytes.view());
  if (output && chunk->isLast()) output = finished(std::move(*output), stream);
  if (!output) co_return std::unexpected(std::move(output.error()));
  co_return Piece{std::move(*output), chunk->isLast()};
}

// Reads until the stream has something to show, or can't go on. The end always has.
Task<std::expected<Piece, StreamFault>> firstPiece(host::Body& body,
                                                   streaming::ChatStream& stream) {
  for (;;) {
    auto piece = co_await nextPiece(body, stream);
    if (!piece || piece->isLast || !piece->output.empty()) co_return piece;
  }
}

// A stream that has begun, up to its end, a fault or the client's leaving.
Task<void> pump(Exchange& exchange, host::Body& body, streaming::ChatStream& stream, Piece piece) {
  for (;;) {
    if (!piece.output.empty() && !co_await exchange.reply.write(std::move(piece.output))) co_return;
    if (piece.isLast) co_return;
    auto next = co_await nextPiece(body, stream);
    if (!next) {
      const StreamFault& fault = next.error();
      exchange.services.host.logger.log(
          host::LogLevel::Warn, "stream_broken",
          {{"request", exchange.request.id}, {"code", fault.error.code}});
      co_await exchange.reply.write(fault.output + openai::errorEvent(fault.error));
      co_return;
    }
    piece = std::move(*next);
  }
}

http::Headers streamHeaders(http::Headers headers) {
  headers.set("content-type", "text/event-stream; charset=utf-8");
  headers.set("cache-control", "no-cache");
  return headers;
}

// One attempt's body, collected to one completion.
Task<std::expected<std::string, StreamFault>> collect(host::Body& body,
                                                      streaming::ChatCollector& collector) {
  for (std::size_t size = 0;;) {
    const auto chunk = co_await body.read(host::ReadSize::Whole);
    if (!chunk) co_return std::unexpected(StreamFault{endedEarly(chunk.error()), {}, {}});
    const std::string_view bytes = chunk->bytes.view();
    size += bytes.size();
    if (size > kMaxAnswerBytes) co_return std::unexpected(StreamFault{tooLong(), {}, {}});
    if (auto fed = collector.feed(bytes); !fed) co_return std::unexpected(fed.error());
    if (chunk->isLast()) co_return collector.finish();
  }
}

// Answers through the first attempt that has something to show.
Task<void> answerStream(Exchange& exchange, ChatCall& chat) {
  for (;;) {
    auto fetched = co_await chat.next();
    if (!fetched) {
      sendError(exchange.reply, fetched.error(), chat.headers());
      co_return;
    }
    auto stream = chat.makeStream();
    auto first = co_await firstPiece(*fetched->body, stream);
    if (first) {
      chat.accept();
      exchange.reply.begin({200, streamHeaders(chat.headers())});
      co_await pump(exchange, *fetched->body, stream, std::move(*first));
      exchange.reply.end();
      exchange.record.usage = stream.usage();
      co_return;
    }
    chat.reject(first.error());
  }
}

Task<void> answerWhole(Exchange& exchange, ChatCall& chat) {
  for (;;) {
    auto fetched = co_await chat.next();
    if (!fetched) {
      sendError(exchange.reply, fetched.error(), chat.headers());
      co_return;
    }
    auto collector = chat.makeCollector();
    auto body = co_await collect(*fetched->body, collector);
    if (body) {
      chat.accept();
      sendJson(exchange.reply, std::move(*body), chat.headers());
      exchange.record.usage = collector.usage();
      co_return;
    }
    chat.reject(body.error());
  }
}

}  // namespace

Task<void> chatCompletions(Exchange& exchange) {
  auto request = openai::parseChatRequest(exchange.request.body.view());
  if (!request) {
    sendError(exchange.reply, request.error());
    co_return;
  }
  exchange.request.modelId = request->model;
  if (!mayUse(exchange.request.client, request->model)) {
    sendError(exchange.reply, modelNotFound(request->model));
    co_return;
  }
  const bool streamed = request->stream == openai::Streaming::On;
  ChatCall chat(exchange, std::move(*request));
  if (streamed) {
    co_await answerStream(exchange, chat);
  } else {
    co_await answerWhole(exchange, chat);
  }
}

}  // namespace rondo::gateway
