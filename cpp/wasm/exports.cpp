#include <cstdlib>
#include <optional>
#include <string>

#include "base/owned_bytes.h"
#include "wasm/abi.h"
#include "wasm/frame.h"
#include "wasm/requests.h"

// The exports adopt bytes, look up and call; nothing is decided here.
namespace rondo::wasm {
namespace {

// Whether there is a database for points.
enum class PointsBinding { Present, Missing };

// The instance. Built by `rondo_configure`, since random and clock don't work in global scope.
struct Instance {
  OpTable ops;
  WorkerClock clock;
  WorkerEntropy entropy;
  WorkerLogger logger{clock};
  WorkerSignals signals;
  WorkerPoints points;
  gateway::Gateway gateway;
  RequestTable requests;

  Instance(gateway::Configuration configuration, PoolBinding pool, PointsBinding bound)
      : gateway(withPoints(std::move(configuration), bound), {clock, entropy, logger, signals}),
        requests({gateway, ops, signals, clock, logger, pool}) {}

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

gateway::Configuration readConfiguration(const json::Value& head) {
  gateway::Configuration configuration;
  if (const json::Value* vars = json::findObject(head, "vars")) {
    for (const auto& [name, value] : vars->items()) {
      if (const auto text = json::asString(value)) {
        configuration.environment.emplace_back(name, std::string(*text));
      }
    }
  }
  configuration.kv = json::findBool(head, "kv").value_or(false) ? gateway::KvBinding::Present
                                                                : gateway::KvBinding::Missing;
  return configuration;
}

PoolBinding readPool(const json::Value& head) {
  return json::findBool(head, "pool").value_or(false) ? PoolBinding::Present : PoolBinding::Missing;
}

PointsBinding readPoints(const json::Value& head) {
  return json::findBool(head, "points").value_or(false) ? PointsBinding::Present
                                                        : PointsBinding::Missing;
}

std::string textOf(const json::Value& object, std::string_view key) {
  return std::string(json::findString(object, key).value_or(""));
}

gateway::ClientRequest readRequest(OwnedBytes bytes) {
  gateway::ClientRequest request;
  const auto frame = readFrame(bytes.view());
  if (!frame) return request;
  request.operation = textOf(frame->head, "operation");
  request.id = textOf(frame->head, "id");
  if (const json::Value* params = json::findObject(frame->head, "params")) {
    request.modelId = textOf(*params, "id");
    request.credential = textOf(*params, "credential");
    request.page = {textOf(*params, "limit"), textOf(*params, "after_id"),
                    textOf(*params, "before_id")};
    request.query = {textOf(*params, "model"), textOf(*params, "client"), textOf(*params, "status"),
                     textOf(*params, "span"), textOf(*params, "worker")};
  }
  if (textOf(frame->head, "fallback") == "off") request.fallback = gateway::Fallback::Off;
  if (const json::Value* client = json::findObject(frame->head, "client")) {
    request.client.name = textOf(*client, "name");
    if (!json::findBool(*client, "stored").value_or(true)) {
      request.client.stored = gateway::Client::Stored::Denied;
    }
    if (const json::Value* models = json::findArray(*client, "models")) {
      for (const auto& pattern : *models) {
        if (const auto text = json::asString(pattern)) request.client.models.emplace_back(*text);
      }
    }
  }
  const std::size_t headSize = bytes.view().size() - frame->body.size();
  request.body = std::move(bytes).withoutPrefix(headSize);
  return request;
}

}  // namespace

extern "C" {

void rondo_abi_v2() {}

void* rondo_alloc(std::uint32_t size) { return std::malloc(size); }

void rondo_free(void* buffer) { std::free(buffer); }

void rondo_configure(std::uint8_t* frame, std::uint32_t size) {
  const auto bytes = OwnedBytes::adopt(frame, size);
  const auto read = readFrame(bytes.view());
  const json::Value head = read ? read->head : json::Value::object();
  instance().emplace(readConfiguration(head), readPool(head), readPoints(head));
}

void rondo_request(std::uint32_t req, std::uint8_t* frame, std::uint32_t size) {
  instance()->requests.start(req, readRequest(OwnedBytes::adopt(frame, size)));
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

void rondo_cancel(std::uint32_t req) { instance()->requests.cancel(req); }

std::uint32_t rondo_open_ops() { return instance()->ops.size(); }

}  // extern "C"

}  // namespace rondo::wasm
