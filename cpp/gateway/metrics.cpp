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

}  // namespace

Task<void> metrics(Exchange& exchange) {
  const auto counted = co_await countedOf(exchange, host::Board::Span::Totals);
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
