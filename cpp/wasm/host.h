#pragma once

#include <unordered_set>

#include "host/host.h"
#include "host/points.h"
#include "host/reply.h"
#include "json/value.h"
#include "wasm/ops.h"

// The port, spoken through the worker's imports.
namespace rondo::wasm {

class WorkerClock : public host::Clock {
 public:
  Instant now() override;
};

class WorkerEntropy : public host::Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

class WorkerLogger : public host::Logger {
 public:
  explicit WorkerLogger(host::Clock& clock) : clock_(clock) {}
  void log(host::LogLevel level, std::string_view event, const host::LogRecord& fields) override;

 private:
  host::Clock& clock_;
};

class WorkerPoints : public host::Points {
 public:
  void add(std::string_view index, std::span<const std::string_view> texts,
           std::span<const std::int64_t> numbers) override;
};

class WorkerSignals : public host::SignalBoard {
 public:
  host::SignalId create() override;
  void raise(host::SignalId signal) override;
  bool isRetired(host::SignalId signal) const;

 private:
  std::unordered_set<host::SignalId> live_;
  host::SignalId last_ = host::kNoSignal;
};

class WorkerFetcher : public host::Fetcher {
 public:
  WorkerFetcher(OpTable& ops, std::uint32_t req) : ops_(ops), req_(req) {}
  Task<Result<host::Fetched>> fetch(http::Request request) override;

 private:
  OpTable& ops_;
  std::uint32_t req_;
};

// KV, or what is asked like it.
class WorkerKv : public host::KvStore {
 public:
  using Import = void (*)(std::uint32_t req, std::uint32_t op, const void* frame,
                          std::uint32_t size);
  WorkerKv(OpTable& ops, std::uint32_t req, Import import)
      : ops_(ops), req_(req), import_(import) {}
  Task<Result<std::optional<std::string>>> get(std::string key) override;
  void putLater(std::string key, std::string value, Millis ttl) override;
  void eraseLater(std::string key) override;

 private:
  OpTable& ops_;
  std::uint32_t req_;
  Import import_;
};

class WorkerCrypto : public host::Crypto {
 public:
  WorkerCrypto(OpTable& ops, std::uint32_t req) : ops_(ops), req_(req) {}
  Task<Result<std::string>> signRs256(Secret pkcs8, std::string message) override;
  Task<Result<std::string>> seal(Secret secret, std::string purpose, std::string plain) override;
  Task<Result<std::string>> open(Secret secret, std::string purpose, std::string sealed) override;

 private:
  // `head` goes with `secret` and `rest`; the host's failure becomes an error of that kind.
  Task<Result<std::string>> ask(json::Value head, Secret secret, std::string rest,
                                ErrorKind failure);

  OpTable& ops_;
  std::uint32_t req_;
};

class WorkerWaiter : public host::Waiter {
 public:
  WorkerWaiter(OpTable& ops, const WorkerSignals& signals, std::uint32_t req)
      : ops_(ops), signals_(signals), req_(req) {}
  Task<void> wait(host::SignalId signal, Millis atMost) override;

 private:
  OpTable& ops_;
  const WorkerSignals& signals_;
  std::uint32_t req_;
};

class WorkerHoldings : public host::Holdings {
 public:
  explicit WorkerHoldings(std::uint32_t req) : req_(req) {}
  bool hold(std::size_t bytes) override;

 private:
  std::uint32_t req_;
};

class WorkerHeldBody : public host::HeldBody {
 public:
  WorkerHeldBody(OpTable& ops, std::uint32_t req) : ops_(ops), req_(req) {}
  Task<Result<OwnedBytes>> read() override;

 private:
  OpTable& ops_;
  std::uint32_t req_;
};

class WorkerReply : public host::Reply {
 public:
  WorkerReply(OpTable& ops, std::uint32_t req) : ops_(ops), req_(req) {}
  void send(http::Response response) override;
  void begin(http::ResponseHead head) override;
  void beginPassed(http::ResponseHead head) override;
  Task<Result<void>> write(std::string bytes) override;
  Task<Result<void>> ready() override;
  Task<Result<host::Piped>> pipe(host::Body& body, host::Transform& transform) override;
  Task<Result<void>> pass(host::Body& body) override;
  void end() override;
  void spent(std::int64_t tokens) override;

 private:
  OpTable& ops_;
  std::uint32_t req_;
};

}  // namespace rondo::wasm
