#include "poolmodel/isolate.h"

#include <utility>

namespace rondo::poolmodel {
namespace {

constexpr std::string_view kChat =
    R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":"Hello"}]})";

class SeededEntropy : public host::Entropy {
 public:
  explicit SeededEntropy(std::mt19937& random) : random_(random) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
  }

 private:
  std::mt19937& random_;
};

class SilentLogger : public host::Logger {
 public:
  void log(host::LogLevel, std::string_view, const host::LogRecord&) override {}
};

// Signals and the waits on them.
class Signals : public host::SignalBoard, public host::Waiter {
 public:
  explicit Signals(EventQueue& queue) : queue_(queue) {}

  host::SignalId create() override {
    waits_[++last_];
    return last_;
  }
  void raise(host::SignalId signal) override {
    const auto raised = waits_.extract(signal);
    if (raised.empty()) return;
    for (const auto& wait : raised.mapped()) queue_.after(Millis{}, [wait] { wake(*wait); });
  }
  Task<void> wait(host::SignalId signal, Millis atMost) override {
    if (signal != host::kNoSignal && !waits_.contains(signal)) co_return;
    const auto wait = std::make_shared<Wait>();
    if (signal != host::kNoSignal) waits_[signal].push_back(wait);
    queue_.after(atMost, [wait] { wake(*wait); });
    // A wait that is given up wakes nobody.
    struct Awaiter {
      Wait& wait;
      ~Awaiter() { wait.waiting = {}; }
      bool await_ready() const { return false; }
      void await_suspend(std::coroutine_handle<> waiting) { wait.waiting = waiting; }
      void await_resume() const {}
    };
    co_await Awaiter{*wait};
  }

 private:
  struct Wait {
    std::coroutine_handle<> waiting;
  };
  static void wake(Wait& wait) {
    if (const auto waiting = std::exchange(wait.waiting, {})) waiting.resume();
  }

  EventQueue& queue_;
  std::map<host::SignalId, std::vector<std::shared_ptr<Wait>>> waits_;
  host::SignalId last_ = 0;
};

class GoogleFetcher : public host::Fetcher {
 public:
  explicit GoogleFetcher(Google& google) : google_(google) {}
  Task<Result<host::Fetched>> fetch(http::Request request) override {
    return google_.answer(std::move(request));
  }

 private:
  Google& google_;
};

// What is sealed stays readable: nobody looks here.
class OpenCrypto : public host::Crypto {
 public:
  Task<Result<std::string>> signRs256(Secret, std::string) override { co_return "signature"; }
  Task<Result<std::string>> seal(Secret, std::string, std::string plain) override {
    co_return plain;
  }
  Task<Result<std::string>> open(Secret, std::string, std::string sealed) override {
    co_return sealed;
  }
};

// Memory is no matter here.
class EndlessHoldings : public host::Holdings {
 public:
  bool hold(std::size_t) override { return true; }
};

class StatusReply : public host::Reply {
 public:
  explicit StatusReply(std::function<void(int)> done) : done_(std::move(done)) {}
  void send(http::Response response) override { done_(response.head.status); }
  void begin(http::ResponseHead head) override { done_(head.status); }
  Task<Result<void>> write(std::string) override { co_return Result<void>(); }
  Task<Result<void>> ready() override { co_return Result<void>(); }
  // Nobody asks for a stream.
  Task<Result<host::Piped>> pipe(host::Body&, host::Transform&) override {
    co_return host::Piped::ToItsEnd;
  }
  Task<Result<void>> pass(host::Body&) override { co_return Result<void>(); }
  void end() override {}

 private:
  std::function<void(int)> done_;
};

}  // namespace

struct Isolate::Parts {
  struct Served {
    StatusReply reply;
    std::optional<Task<void>> task;
  };

  Parts(const World& world, int location, const credentials::Environment& environment)
      : entropy(world.random),
        signals(world.queue),
        fetcher(world.google),
        kv(world.kv, world.queue, location),
        kvStore(kv, world.queue, logger),
        gateway({environment, gateway::KvBinding::Present},
                {world.queue, entropy, logger, signals}) {
    if (world.object) store = &objectStore.emplace(*world.object, kvStore);
    if (!world.caches) return;
    auto& near = cache.emplace(*world.caches, location);
    store = &cacheStore.emplace(near, locationFacts, *store, world.queue, logger);
  }

  host::Io io() { return {fetcher, kv, crypto, signals, *store, holdings}; }

  SeededEntropy entropy;
  SilentLogger logger;
  Signals signals;
  GoogleFetcher fetcher;
  OpenCrypto crypto;
  EndlessHoldings holdings;
  IsolateKv kv;
  credentials::KvCredentialStore kvStore;
  std::optional<IsolateObject> objectStore;
  std::optional<IsolateCache> cache;
  credentials::LocationFacts locationFacts;
  std::optional<credentials::LocationCache> cacheStore;
  host::CredentialStore* store = &kvStore;
  gateway::Gateway gateway;
  std::list<Served> served;
};

Isolate::Isolate(const World& world, int location, const credentials::Environment& environment)
    : parts_(std::make_unique<Parts>(world, location, environment)) {}

Isolate::~Isolate() = default;

void Isolate::chat(std::function<void(int)> done) {
  auto& parts = *parts_;
  std::erase_if(parts.served, [](const auto& each) { return each.task->done(); });
  auto& served = parts.served.emplace_back(StatusReply(std::move(done)), std::nullopt);
  gateway::ClientRequest request;
  request.operation = "chat_completions";
  request.body = OwnedBytes::copyOf(kChat);
  served.task.emplace(parts.gateway.serve(std::move(request), parts.io(), served.reply));
  served.task->start();
}

}  // namespace rondo::poolmodel
