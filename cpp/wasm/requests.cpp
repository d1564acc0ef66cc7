#include "wasm/requests.h"

namespace rondo::wasm {

void RequestTable::start(std::uint32_t req, gateway::Request request) {
  auto active = std::make_unique<Active>(gateway_, ops_, signals_, req, std::move(request));
  Task<void>& task = active->task;
  active_.insert_or_assign(req, std::move(active));
  task.start();
  reap(req);
}

void RequestTable::reap(std::uint32_t req) {
  const auto found = active_.find(req);
  if (found == active_.end() || !found->second->task.done()) return;
  active_.erase(found);
  host_done(req);
}

void RequestTable::cancel(std::uint32_t req) {
  // Taken out first: what the frames do when they are destroyed must not find a dying request.
  const auto dying = active_.extract(req);
}

}  // namespace rondo::wasm
