#include "wasm/host.h"

#include "frames/frame.h"
#include "frames/heads.h"
#include "json/writer.h"
#include "wasm/abi.h"

namespace rondo::wasm {
namespace {

using host::LogLevel;

std::uint32_t length(std::string_view bytes) { return static_cast<std::uint32_t>(bytes.size()); }

std::unexpected<Error> failed(Op& op) { return fail(makeError(ErrorKind::Transient, op.text())); }

constexpr std::uint32_t atLeast(host::ReadSize size) {
  switch (size) {
    case host::ReadSize::AnyBytes: return 0;
    case host::ReadSize::Large: return 64 * 1024;
    case host::ReadSize::Whole: return kAllBytes;
  }
  return 0;
}

constexpr host::Chunk::End endOf(OpStatus status) {
  return status == OpStatus::Ok ? host::Chunk::End::Open : host::Chunk::End::Reached;
}

// A body that the worker holds under the id of the fetch that brought it.
class WorkerBody : public host::Body {
 public:
  WorkerBody(OpTable& ops, std::uint32_t req, std::uint32_t body)
      : ops_(ops), req_(req), body_(body) {}
  ~WorkerBody() override { host_abort(req_, body_); }

  std::uint32_t id() const { return body_; }

  Task<Result<host::Chunk>> read(host::ReadSize size) override {
    Op op(ops_, req_);
    host_read(req_, op.id(), body_, atLeast(size));
    co_await op;
    if (op.status() == OpStatus::Failed) co_return failed(op);
    co_return host::Chunk{op.takeBytes(), endOf(op.status())};
  }

 private:
  OpTable& ops_;
  std::uint32_t req_;
  std::uint32_t body_;
};

void writeFields(json::Writer& writer, const host::LogRecord& fields);

void writeField(json::Writer& writer, const std::string& text) { writer.string(text); }
void writeField(json::Writer& writer, std::int64_t number) { writer.integer(number); }
void writeField(json::Writer& writer, const std::vector<host::LogRecord>& records) {
  writer.beginArray();
  for (const auto& record : records) {
    writer.beginObject();
    writeFields(writer, record);
    writer.endObject();
  }
  writer.endArray();
}

void writeFields(json::Writer& writer, const host::LogRecord& fields) {
  for (const auto& field : fields) {
    writer.key(field.key);
    std::visit([&writer](const auto& value) { writeField(writer, value); }, field.value);
  }
}

void respond(std::uint32_t req, const std::string& head, std::string_view body) {
  host_respond(req, head.data(), length(head), body.data(), length(body));
}

}  // namespace

Instant WorkerClock::now() { return fromUnixMillis(static_cast<std::int64_t>(host_now())); }

void WorkerEntropy::fill(std::span<std::uint8_t> bytes) {
  host_random(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
}

void WorkerLogger::log(LogLevel level, std::string_view event, const host::LogRecord& fields) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  std::string line;
  json::Writer writer(line);
  writer.beginObject();
  writer.key("time").string(formatRfc3339(clock_.now()));
  writer.key("level").string(kNames[static_cast<std::size_t>(level)]);
  writer.key("event").string(event);
  writeFields(writer, fields);
  writer.endObject();
  host_log(static_cast<std::int32_t>(level), line.data(), length(line));
}

void WorkerPoints::add(std::string_view index, std::span<const std::string_view> texts,
                       std::span<const std::int64_t> numbers) {
  std::string point;
  json::Writer writer(point);
  writer.beginObject();
  writer.key("indexes").beginArray().string(index).endArray();
  writer.key("blobs").beginArray();
  for (const auto text : texts) writer.string(text);
  writer.endArray();
  writer.key("doubles").beginArray();
  for (const auto number : numbers) writer.integer(number);
  writer.endArray().endObject();
  host_point(point.data(), length(point));
}

host::SignalId WorkerSignals::create() {
  if (++last_ == host::kNoSignal) ++last_;
  live_.insert(last_);
  return last_;
}

void WorkerSignals::raise(host::SignalId signal) {
  if (live_.erase(signal) > 0) host_raise(signal);
}

bool WorkerSignals::isRetired(host::SignalId signal) const {
  return signal != host::kNoSignal && !live_.contains(signal);
}

Task<Result<host::Fetched>> WorkerFetcher::fetch(http::Request request) {
  Op op(ops_, req_);
  {
    const std::string head = frames::writeFetchHead(request);
    host_fetch(req_, op.id(), head.data(), length(head), request.body.data(), length(request.body));
  }
  request = {};
  co_await op;
  if (op.status() != OpStatus::Ok) co_return failed(op);
  auto body = std::make_unique<WorkerBody>(ops_, req_, op.id());
  const OwnedBytes bytes = op.takeBytes();
  auto head = frames::readAnswerHead(bytes.view());
  if (!head) co_return fail(head.error());
  co_return host::Fetched{std::move(*head), std::move(body)};
}

Task<Result<std::optional<std::string>>> WorkerKv::get(std::string key) {
  Op op(ops_, req_);
  json::Value head = json::Value::object();
  head["do"] = "get";
  head["key"] = std::move(key);
  const std::string frame = frames::writeFrame(head, {});
  import_(req_, op.id(), frame.data(), length(frame));
  co_await op;
  co_return answerOf(op);
}

void WorkerKv::putLater(std::string key, std::string value, Millis ttl) {
  json::Value head = json::Value::object();
  head["do"] = "put";
  head["key"] = std::move(key);
  head["ttl"] = std::chrono::floor<std::chrono::seconds>(ttl).count();
  const std::string frame = frames::writeFrame(head, value);
  import_(req_, 0, frame.data(), length(frame));
}

void WorkerKv::eraseLater(std::string key) {
  json::Value head = json::Value::object();
  head["do"] = "delete";
  head["key"] = std::move(key);
  const std::string frame = frames::writeFrame(head, {});
  import_(req_, 0, frame.data(), length(frame));
}

Task<Result<std::string>> WorkerCrypto::ask(json::Value head, Secret secret, std::string rest,
                                            ErrorKind failure) {
  Op op(ops_, req_);
  head["secretLength"] = secret.reveal().size();
  const std::string frame = frames::writeFrame(head, secret.reveal() + rest);
  host_crypto(req_, op.id(), frame.data(), length(frame));
  co_await op;
  if (op.status() != OpStatus::Ok) co_return fail(makeError(failure, op.text()));
  co_return op.text();
}

Task<Result<std::string>> WorkerCrypto::signRs256(Secret pkcs8, std::string message) {
  return ask({{"do", "sign_rs256"}}, std::move(pkcs8), std::move(message), ErrorKind::Unavailable);
}

Task<Result<std::string>> WorkerCrypto::seal(Secret secret, std::string purpose,
                                             std::string plain) {
  return ask({{"do", "seal"}, {"purpose", std::move(purpose)}}, std::move(secret), std::move(plain),
             ErrorKind::Transient);
}

Task<Result<std::string>> WorkerCrypto::open(Secret secret, std::string purpose,
                                             std::string sealed) {
  return ask({{"do", "open"}, {"purpose", std::move(purpose)}}, std::move(secret),
             std::move(sealed), ErrorKind::Broken);
}

Task<void> WorkerWaiter::wait(host::SignalId signal, Millis atMost) {
  if (signals_.isRetired(signal)) co_return;
  Op op(ops_, req_);
  host_wait(req_, op.id(), signal, static_cast<double>(atMost.count()));
  co_await op;
}

Task<Result<OwnedBytes>> WorkerHeldBody::read() {
  Op op(ops_, req_);
  host_held(req_, op.id());
  co_await op;
  if (op.status() != OpStatus::Ok) co_return failed(op);
  co_return op.takeBytes();
}

bool WorkerHoldings::hold(std::size_t bytes) {
  return host_hold(req_, static_cast<std::uint32_t>(bytes)) != 0;
}

void WorkerReply::send(http::Response response) {
  respond(req_, frames::writeRespondHead(response.head, frames::Answered::Whole), response.body);
}

void WorkerReply::begin(http::ResponseHead head) {
  respond(req_, frames::writeRespondHead(head, frames::Answered::AsStream), {});
}

void WorkerReply::beginPassed(http::ResponseHead head) {
  respond(req_, frames::writeRespondHead(head, frames::Answered::Passed), {});
}

Task<Result<void>> WorkerReply::write(std::string bytes) {
  const bool hasRoom = host_write(req_, bytes.data(), length(bytes)) != 0;
  if (hasRoom) co_return Result<void>();
  co_return co_await ready();
}

Task<Result<void>> WorkerReply::ready() {
  Op op(ops_, req_);
  host_ready(req_, op.id());
  co_await op;
  if (op.status() == OpStatus::Failed) co_return failed(op);
  co_return Result<void>();
}

// All bodies of a request are its fetcher's.
Task<Result<host::Piped>> WorkerReply::pipe(host::Body& body, host::Transform& transform) {
  Op op(ops_, req_, transform);
  host_pipe(req_, op.id(), static_cast<WorkerBody&>(body).id());
  co_await op;
  if (op.status() == OpStatus::Failed) co_return failed(op);
  co_return op.status() == OpStatus::None ? host::Piped::ToItsEnd : host::Piped::Paused;
}

Task<Result<void>> WorkerReply::pass(host::Body& body) {
  Op op(ops_, req_);
  host_pass(req_, op.id(), static_cast<WorkerBody&>(body).id());
  co_await op;
  if (op.status() == OpStatus::Failed) co_return failed(op);
  co_return Result<void>();
}

void WorkerReply::end() { host_end(req_); }

void WorkerReply::spent(std::int64_t tokens) { host_spent(req_, static_cast<double>(tokens)); }

}  // namespace rondo::wasm
