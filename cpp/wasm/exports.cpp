#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "base/owned_bytes.h"
#include "frames/frame.h"
#include "frames/heads.h"
#include "frames/texts.h"
#include "gateway/new_items.h"
#include "wasm/abi.h"
#include "wasm/requests.h"

// The exports adopt bytes, look up and call; nothing is decided here.
namespace rondo::wasm {
namespace {

// Whether there is a database for points.
enum class PointsBinding { Present, Missing };

// What the worker has that the module may share and count through.
struct Bindings {
  PoolBinding pool;
  CacheBinding cache;
  PointsBinding points;
};

// The instance. Built by `rondo_configure`, since random and clock don't work in global scope.
struct Instance {
  OpTable ops;
  WorkerClock clock;
  WorkerEntropy entropy;
  WorkerLogger logger{clock};
  WorkerSignals signals;
  WorkerPoints points;
  gateway::Gateway gateway;
  credentials::LocationFacts location;
  RequestTable requests;

  Instance(gateway::Configuration configuration, const Bindings& bound)
      : gateway(withPoints(std::move(configuration), bound.points),
                {clock, entropy, logger, signals}),
        requests({gateway, ops, signals, clock, logger, bound.pool, bound.cache, location}) {}

 private:
  gateway::Configuration withPoints(gateway::Configuration configuration, PointsBinding bound) {
    if (bound == PointsBinding::Present) configuration.points = &points;
    return configuration;
  }
};

std::optional<Instance>& instance() {
  static std::optional<Instance> only;
  return only;
}

template <typename Binding>
Binding readBinding(const json::Value& head, std::string_view name) {
  return json::findBool(head, name).value_or(false) ? Binding::Present : Binding::Missing;
}

gateway::Configuration readConfiguration(const json::Value& head) {
  gateway::Configuration configuration;
  if (const json::Value* vars = json::findObject(head, "vars")) {
    for (const auto& [name, value] : vars->items()) {
      if (const auto text = json::asString(value)) {
        configuration.environment.emplace_back(name, std::string(*text));
      }
    }
  }
  configuration.kv = readBinding<gateway::KvBinding>(head, "kv");
  configuration.store = readBinding<gateway::StoreBinding>(head, "store");
  return configuration;
}

Bindings readBindings(const json::Value& head) {
  return {readBinding<PoolBinding>(head, "pool"), readBinding<CacheBinding>(head, "cache"),
          readBinding<PointsBinding>(head, "points")};
}

}  // namespace

extern "C" {

void rondo_abi_v5() {}

void* rondo_alloc(std::uint32_t size) { return std::malloc(size); }

void rondo_free(void* buffer) { std::free(buffer); }

void rondo_configure(std::uint8_t* frame, std::uint32_t size) {
  const auto bytes = OwnedBytes::adopt(frame, size);
  const auto read = frames::readFrame(bytes.view());
  const json::Value head = read ? read->head : json::Value::object();
  instance().emplace(readConfiguration(head), readBindings(head));
}

void rondo_request(std::uint32_t req, std::uint8_t* frame, std::uint32_t size) {
  // One that can't be read names no operation, and is told so.
  auto request =
      frames::readRequest(OwnedBytes::adopt(frame, size)).value_or(gateway::ClientRequest());
  instance()->requests.start(req, std::move(request));
}

void rondo_complete(std::uint32_t op, OpStatus status, std::uint8_t* bytes, std::uint32_t size) {
  const auto req = instance()->ops.complete(op, status, OwnedBytes::adopt(bytes, size));
  if (req != 0) instance()->requests.reap(req);
}

const Output* rondo_feed(std::uint32_t op, const std::uint8_t* bytes, std::uint32_t size) {
  static Output output;
  const auto fed = instance()->ops.feed(op, {reinterpret_cast<const char*>(bytes), size});
  if (!fed) return nullptr;
  output = {fed->data(), static_cast<std::uint32_t>(fed->size())};
  return &output;
}

const Output* rondo_judge_items(std::uint8_t* list, std::uint32_t size) {
  static std::string texts;
  static Output output;
  const auto bytes = OwnedBytes::adopt(list, size);
  const auto fault = gateway::newItemsFault(bytes.view());
  if (!fault) return nullptr;
  texts = frames::writeTexts(
      std::array<std::string_view, 3>{fault->message, fault->param, fault->code});
  output = {texts.data(), static_cast<std::uint32_t>(texts.size())};
  return &output;
}

void rondo_cancel(std::uint32_t req) { instance()->requests.cancel(req); }

std::uint32_t rondo_open_ops() { return instance()->ops.size(); }

}  // extern "C"

}  // namespace rondo::wasm
