#include <algorithm>
#include <array>
#include <ranges>

#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/send_reply.h"
#include "telemetry/names.h"
#include "telemetry/prometheus.h"

namespace rondo::gateway {
namespace {

using credentials::CredentialState;
using credentials::CredentialStatus;

constexpr std::array kStates = {CredentialState::Ready, CredentialState::Cooling,
                                CredentialState::Quarantined};

void writeCredentials(telemetry::PrometheusWriter& writer,
                      const std::vector<CredentialStatus>& statuses) {
  writer.begin("rondo_credentials", "gauge", "Credentials of the pool, by state.");
  for (const auto state : kStates) {
    const auto count = std::ranges::count(statuses, state, &CredentialStatus::state);
    writer.sample({{"state", credentials::stateName(state)}}, static_cast<std::uint64_t>(count));
  }
  writer.begin("rondo_credential_state", "gauge", "1 for the state that a credential is in.");
  for (const auto& status : statuses | std::views::take(telemetry::Names::kMostNames)) {
    for (const auto state : kStates) {
      writer.sample(
          {{"credential", status.credential->alias}, {"state", credentials::stateName(state)}},
          std::uint64_t{status.state == state});
    }
  }
}

void writeCooling(telemetry::PrometheusWriter& writer, const Services& services, Instant now) {
  writer.begin("rondo_resting_pairs", "gauge", "Pairs of a credential and a model that rest.");
  writer.sample({}, std::uint64_t{services.pool.resting(now).size()});
}

// A counter must never fall. So where isolates add up, only what they have told counts, and who is
// asked tells first; and without those sums there are no numbers.
Task<std::optional<Counted>> onlyRising(Exchange& exchange) {
  auto& recorder = exchange.services.recorder;
  if (!exchange.io.board) co_return Counted{recorder.own(), Counted::Scope::Isolate};
  recorder.keepUntold();
  const auto rows = recorder.takeUntold();
  if (!rows.empty()) exchange.io.board->addLater(telemetry::encodeRows(rows));
  co_return co_await countsTold(exchange, host::Board::Span::Totals);
}

Error countersUnavailable() {
  return makeError(ErrorKind::Unavailable, "The sums of all isolates can't be read just now.",
                   "counters_unavailable");
}

}  // namespace

Task<void> metrics(Exchange& exchange) {
  co_await exchange.services.sync.before(exchange.io);
  const auto rising = co_await onlyRising(exchange);
  if (!rising) {
    sendError(exchange, countersUnavailable());
    co_return;
  }
  const Counted& counted = *rising;
  const Services& services = exchange.services;
  const Instant now = services.host.clock.now();
  std::string out;
  telemetry::PrometheusWriter writer(out);
  const bool isAll = counted.scope == Counted::Scope::Deployment;
  writer.begin("rondo_scope_info", "gauge", "Whose numbers these are.");
  writer.sample({{"scope", isAll ? "deployment" : "isolate"}}, std::uint64_t{1});
  writer.begin("rondo_scope_start_time_seconds", "gauge", "Since when they count.");
  writer.seconds({}, static_cast<std::uint64_t>(toUnixMillis(counted.counts.since())));
  telemetry::writeCounts(writer, counted.counts);
  writeCredentials(writer, services.pool.statusOfAll({}, now));
  writeCooling(writer, services, now);
  sendToOperator(exchange, std::move(out), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace rondo::gateway
