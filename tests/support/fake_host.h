#pragma once

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/base64.h"
#include "base/sha256.h"
#include "credentials/kv_credential_store.h"
#include "host/host.h"
#include "host/reply.h"

// An in-memory host. Nothing happens by itself: I/O completes when the loop is run, time passes
// when the test says so.
namespace rondo::fake {

// The queue of coroutines whose I/O is done.
class Loop {
 public:
  // One pending piece of I/O. Lives in the frame of the coroutine that awaits it, and takes itself
  // off the loop when that frame is destroyed.
  class Op {
   public:
    explicit Op(Loop& loop) : loop_(loop) { ++loop_.open_; }
    Op(const Op&) = delete;
    Op& operator=(const Op&) = delete;
    ~Op() {
      --loop_.open_;
      std::erase(loop_.ready_, this);
    }

    void complete() {
      if (completed_) return;
      completed_ = true;
      if (waiting_) loop_.ready_.push_back(this);
    }

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
      waiting_ = waiting;
      if (completed_) loop_.ready_.push_back(this);
    }
    void await_resume() const {}

   private:
    friend class Loop;
    Loop& loop_;
    std::coroutine_handle<> waiting_;
    bool completed_ = false;
  };

  // Runs until nothing is ready.
  void run() {
    while (!ready_.empty()) {
      Op* op = ready_.front();
      ready_.pop_front();
      op->waiting_.resume();
    }
  }

  std::size_t openOps() const { return open_; }

 private:
  std::deque<Op*> ready_;
  std::size_t open_ = 0;
};

class ManualClock : public host::Clock {
 public:
  Instant now() override { return now_; }
  void advance(Millis by) { now_ += by; }
  void set(Instant to) { now_ = to; }

 private:
  Instant now_ = fromUnixMillis(1'764'000'000'000);  // 2025-11-24T16:00:00Z
};

// Bytes that count up: identifiers differ and are the same in every run.
class CountingEntropy : public host::Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = next_++;
  }

 private:
  std::uint8_t next_ = 1;
};

class RecordingLogger : public host::Logger {
 public:
  struct Line {
    host::LogLevel level;
    std::string text;  // "event key=value key=value"
  };

  void log(host::LogLevel level, std::string_view event, const host::LogRecord& fields) override {
    lines.push_back({level, std::string(event) + textOf(fields)});
  }

  bool contains(std::string_view needle) const {
    for (const auto& line : lines) {
      if (line.text.find(needle) != std::string::npos) return true;
    }
    return false;
  }

  std::vector<Line> lines;

 private:
  // A list of records is each record in brackets.
  static std::string textOf(const host::LogRecord& fields) {
    std::string text;
    for (const auto& field : fields) {
      text.append(" ").append(field.key).append("=");
      if (const auto* words = std::get_if<std::string>(&field.value)) text += *words;
      if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
        text += std::to_string(*number);
      }
      if (const auto* records = std::get_if<std::vector<host::LogRecord>>(&field.value)) {
        for (const auto& record : *records) text.append("[").append(textOf(record)).append("]");
      }
    }
    return text;
  }
};

// One answer of the scripted upstream. The body comes chunk by chunk; with `breaksAfter` the
// connection fails behind that many chunks; with `silentAfter` nothing more comes behind them.
struct Answer {
  int status = 200;
  http::Headers headers;
  std::vector<std::string> chunks;
  std::optional<std::size_t> breaksAfter;
  bool unreachable = false;
  std::optional<std::size_t> silentAfter = {};
};

inline Answer answer(int status, std::string body) {
  return {status, {}, {std::move(body)}, {}, false};
}

class FakeFetcher : public host::Fetcher {
 public:
  using Handler = std::function<Answer(const http::Request&)>;

  explicit FakeFetcher(Loop& loop) : loop_(loop) {}

  Task<Result<host::Fetched>> fetch(http::Request request) override {
    calls.push_back(request);
    Loop::Op op(loop_);
    const auto held = holding ? hold(op) : nullptr;
    if (!held) op.complete();
    co_await op;
    Answer given = handler(request);
    if (given.unreachable) co_return fail(makeError(ErrorKind::Transient, "connection refused"));
    host::Fetched fetched{{given.status, given.headers}, nullptr};
    fetched.body = std::make_unique<FakeBody>(*this, std::move(given));
    co_return fetched;
  }

  // Lets the oldest call or read that is held go on.
  void release() {
    if (held_.empty()) std::abort();
    Loop::Op* op = *held_.front();
    held_.pop_front();
    if (op) op->complete();
  }

  Handler handler = [](const http::Request&) { return answer(404, ""); };
  bool holding = false;
  bool holdingReads = false;
  std::vector<http::Request> calls;
  int openBodies = 0;

 private:
  class FakeBody : public host::Body {
   public:
    FakeBody(FakeFetcher& owner, Answer answer) : owner_(owner), answer_(std::move(answer)) {
      ++owner_.openBodies;
    }
    ~FakeBody() override { --owner_.openBodies; }

    Task<Result<host::Chunk>> read(host::ReadSize size) override {
      Loop::Op op(owner_.loop_);
      const auto held = owner_.holdingReads ? owner_.hold(op) : nullptr;
      if (!held && answer_.silentAfter != next_) op.complete();
      co_await op;
      if (answer_.breaksAfter && next_ == *answer_.breaksAfter) {
        co_return fail(makeError(ErrorKind::Transient, "connection reset"));
      }
      host::Chunk chunk;
      if (next_ < answer_.chunks.size()) chunk.bytes = OwnedBytes::copyOf(answer_.chunks[next_++]);
      if (isEndSeen(size, chunk)) chunk.end = host::Chunk::End::Reached;
      co_return chunk;
    }

   private:
    // Only who waits for more than has come sees the end with the last bytes.
    bool isEndSeen(host::ReadSize size, const host::Chunk& chunk) const {
      if (chunk.bytes.view().empty()) return true;
      return size != host::ReadSize::AnyBytes && next_ == answer_.chunks.size() &&
             !answer_.breaksAfter && !answer_.silentAfter;
    }

    FakeFetcher& owner_;
    Answer answer_;
    std::size_t next_ = 0;
  };

  // A slot that the op's frame empties when it is destroyed while held.
  std::shared_ptr<void> hold(Loop::Op& op) {
    auto slot = std::make_shared<Loop::Op*>(&op);
    held_.push_back(slot);
    return {slot.get(), [slot](Loop::Op** held) { *held = nullptr; }};
  }

  Loop& loop_;
  std::deque<std::shared_ptr<Loop::Op*>> held_;
};

class FakeKv : public host::KvStore {
 public:
  struct Entry {
    std::string value;
    Millis ttl;
  };

  explicit FakeKv(Loop& loop) : loop_(loop) {}

  Task<Result<std::optional<std::string>>> get(std::string key) override {
    ++reads;
    Loop::Op op(loop_);
    if (!silent) op.complete();
    co_await op;
    if (broken) co_return fail(makeError(ErrorKind::Transient, "KV GET failed"));
    const auto entry = entries.find(key);
    if (entry == entries.end()) co_return std::optional<std::string>();
    co_return std::optional<std::string>(entry->second.value);
  }

  void putLater(std::string key, std::string value, Millis ttl) override {
    ++writes;
    if (ttl < std::chrono::seconds(60)) std::abort();  // KV refuses less
    if (!broken) entries[std::move(key)] = {std::move(value), ttl};
  }

  void eraseLater(std::string key) override {
    ++writes;
    entries.erase(key);
  }

  std::map<std::string, Entry> entries;
  int reads = 0;
  int writes = 0;
  bool broken = false;
  bool silent = false;  // Answers no reading.

 private:
  Loop& loop_;
};

class FakeCrypto : public host::Crypto {
 public:
  explicit FakeCrypto(Loop& loop) : loop_(loop) {}

  Task<Result<std::string>> signRs256(Secret pkcs8, std::string message) override {
    ++signatures;
    Loop::Op op(loop_);
    op.complete();
    co_await op;
    if (broken) co_return fail(makeError(ErrorKind::Unavailable, "not a PKCS#8 key"));
    lastKey = pkcs8.reveal();
    lastMessage = message;
    co_return "signature";
  }

  // No cipher, but as strict as one: what was sealed opens with the same secret and purpose alone,
  // and shows nothing of the plain text.
  Task<Result<std::string>> seal(Secret secret, std::string purpose, std::string plain) override {
    Loop::Op op(loop_);
    op.complete();
    co_await op;
    co_return sha256Hex(secret.reveal() + purpose) + encodeBase64(plain);
  }

  Task<Result<std::string>> open(Secret secret, std::string purpose, std::string sealed) override {
    Loop::Op op(loop_);
    op.complete();
    co_await op;
    const auto tag = sha256Hex(secret.reveal() + purpose);
    if (!sealed.starts_with(tag)) co_return fail(makeError(ErrorKind::Broken, "can't be opened"));
    co_return decodeBase64(std::string_view(sealed).substr(tag.size())).value_or("");
  }

  std::string lastKey;
  std::string lastMessage;
  int signatures = 0;
  bool broken = false;

 private:
  Loop& loop_;
};

// Signals and the waits on them, on a clock that the test moves by `FakeHost::advance`.
class FakeSignals : public host::SignalBoard {
 public:
  host::SignalId create() override {
    const auto signal = ++last_;
    live_[signal] = true;
    return signal;
  }

  void raise(host::SignalId signal) override {
    live_.erase(signal);
    for (auto* wait : std::vector(waits_)) {
      if (wait->signal == signal) wait->op.complete();
    }
  }

  void fireTimers(Instant now) {
    for (auto* wait : std::vector(waits_)) {
      if (wait->until <= now) wait->op.complete();
    }
  }

  struct Wait {
    Loop::Op op;
    host::SignalId signal;
    Instant until;
  };

  Task<void> wait(Loop& loop, host::SignalId signal, Instant until) {
    struct Registered {
      FakeSignals& owner;
      Wait wait;
      Registered(FakeSignals& signals, Loop& loop, host::SignalId signal, Instant until)
          : owner(signals), wait{Loop::Op(loop), signal, until} {
        owner.waits_.push_back(&wait);
      }
      ~Registered() { std::erase(owner.waits_, &wait); }
    } registered(*this, loop, signal, until);
    if (signal != host::kNoSignal && !live_.contains(signal)) registered.wait.op.complete();
    co_await registered.wait.op;
  }

  std::size_t waiting() const { return waits_.size(); }

 private:
  std::map<host::SignalId, bool> live_;
  std::vector<Wait*> waits_;
  host::SignalId last_ = 0;
};

class FakeWaiter : public host::Waiter {
 public:
  FakeWaiter(Loop& loop, FakeSignals& signals, ManualClock& clock)
      : loop_(loop), signals_(signals), clock_(clock) {}

  Task<void> wait(host::SignalId signal, Millis atMost) override {
    return signals_.wait(loop_, signal, clock_.now() + atMost);
  }

 private:
  Loop& loop_;
  FakeSignals& signals_;
  ManualClock& clock_;
};

// What a client sent. Gone once it was sent on while it came.
class FakeHeldBody : public host::HeldBody {
 public:
  explicit FakeHeldBody(Loop& loop) : loop_(loop) {}

  Task<Result<OwnedBytes>> read() override {
    ++reads;
    Loop::Op op(loop_);
    op.complete();
    co_await op;
    if (gone) co_return fail(makeError(ErrorKind::Transient, "the body is gone"));
    co_return OwnedBytes::copyOf(bytes);
  }

  std::string bytes;
  bool gone = false;
  int reads = 0;

 private:
  Loop& loop_;
};

// Remembers what a request holds, of `room` bytes in all.
class FakeHoldings : public host::Holdings {
 public:
  bool hold(std::size_t bytes) override {
    if (bytes > held && bytes > room) return false;
    held = bytes;
    most = std::max(most, bytes);
    return true;
  }

  std::size_t held = 0;
  std::size_t most = 0;
  std::size_t room = std::size_t{1} << 40;
};

class FakeReply : public host::Reply {
 public:
  explicit FakeReply(Loop& loop) : loop_(loop) {}

  void send(http::Response response) override {
    head = response.head;
    body = response.body;
    ended = true;
  }
  void begin(http::ResponseHead begun) override { head = begun; }
  Task<Result<void>> write(std::string bytes) override {
    Loop::Op op(loop_);
    op.complete();
    co_await op;
    body += bytes;
    co_return Result<void>();
  }
  Task<Result<void>> ready() override {
    Loop::Op op(loop_);
    op.complete();
    co_await op;
    co_return Result<void>();
  }
  // Pauses behind every other piece, as for a client that is slow at times.
  Task<Result<host::Piped>> pipe(host::Body& source, host::Transform& transform) override {
    for (;;) {
      const auto chunk = co_await source.read(host::ReadSize::AnyBytes);
      if (!chunk) co_return fail(chunk.error());
      if (chunk->bytes.view().empty()) co_return host::Piped::ToItsEnd;
      const auto output = transform.feed(chunk->bytes.view());
      if (!output) co_return host::Piped::Paused;
      body += *output;
      if (++piped_ % 2 == 0) co_return host::Piped::Paused;
    }
  }
  Task<Result<void>> pass(host::Body& source) override {
    for (;;) {
      const auto chunk = co_await source.read(host::ReadSize::AnyBytes);
      // A connection that breaks off is no end.
      if (!chunk) {
        broken = ended = true;
        co_return fail(chunk.error());
      }
      if (chunk->bytes.view().empty()) break;
      passed += chunk->bytes.view();
      body += chunk->bytes.view();
    }
    ended = true;
    co_return Result<void>();
  }
  void end() override { ended = true; }
  void spent(std::int64_t tokens) override { cost = tokens; }

  std::optional<http::ResponseHead> head;
  std::string body;
  bool ended = false;
  bool broken = false;
  std::string passed;  // What of the body went by without the module.
  std::optional<std::int64_t> cost;

 private:
  std::size_t piped_ = 0;
  Loop& loop_;
};

// All of it together. One instance stands for one isolate; its Io may be shared by the requests of
// a test, since here nothing kills a request that waits for another.
class FakeHost {
 public:
  Loop loop;
  ManualClock clock;
  CountingEntropy entropy;
  RecordingLogger logger;
  FakeSignals signals;
  FakeFetcher fetcher{loop};
  FakeKv kv{loop};
  FakeCrypto crypto{loop};
  FakeWaiter waiter{loop, signals, clock};
  FakeHoldings holdings;
  FakeHeldBody held{loop};

  host::Host host{clock, entropy, logger, signals};
  credentials::KvCredentialStore store{kv, clock, logger};
  host::Io io{fetcher, kv, crypto, waiter, store, holdings, nullptr, &held};

  void advance(Millis by) {
    clock.advance(by);
    signals.fireTimers(clock.now());
    loop.run();
  }

  // Runs a task to its end. Aborts when it waits for something that doesn't come.
  template <class T>
  T run(Task<T> task) {
    task.start();
    loop.run();
    if (!task.done()) std::abort();
    return task.take();
  }
};

}  // namespace rondo::fake
