#include <algorithm>
#include <optional>
#include <vector>

#include "gateway/ask.h"
#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/send_reply.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using credentials::CredentialState;
using credentials::CredentialStatus;
using credentials::PoolState;

std::string_view poolStateName(PoolState state) {
  switch (state) {
    case PoolState::Ready: return "ready";
    case PoolState::Cooling: return "cooling";
    case PoolState::Quarantined: return "quarantined";
    case PoolState::Unserved: break;
  }
  return "unserved";
}

struct Line {
  std::optional<std::int64_t> place;
  const CredentialStatus* status = nullptr;
  std::string_view verdict;
  std::string reason;
  std::optional<Instant> since;
  std::optional<Instant> until;
};

std::string patternsOf(const Credential& credential) {
  std::string words = "models: ";
  for (const auto& pattern : credential.models) {
    words.append(&pattern == &credential.models.front() ? "" : ", ").append(pattern);
  }
  return words;
}

Line lineOf(const CredentialStatus& status, std::string_view model, std::int64_t place) {
  if (place > 0) return {place, &status, place == 1 ? "next" : "then", {}, {}, {}};
  if (!credentials::serves(*status.credential, model)) {
    return {{}, &status, "not_its_model", patternsOf(*status.credential), {}, {}};
  }
  return {{},           &status,     credentials::stateName(status.state), status.reason,
          status.since, status.until};
}

std::vector<Line> linesOf(const std::vector<CredentialStatus>& statuses,
                          const std::vector<const Credential*>& order, std::string_view model) {
  std::vector<Line> lines;
  for (const auto& status : statuses) {
    const auto at = std::ranges::find(order, status.credential);
    lines.push_back(lineOf(status, model, at == order.end() ? 0 : at - order.begin() + 1));
  }
  const auto last = static_cast<std::int64_t>(order.size()) + 1;
  std::ranges::stable_sort(lines, {},
                           [last](const Line& line) { return line.place.value_or(last); });
  return lines;
}

void write(json::Writer& writer, const Line& line) {
  writer.beginObject();
  writeInteger(writer, "place", line.place);
  writer.key("credential").string(std::string_view(line.status->credential->alias));
  writer.key("verdict").string(line.verdict);
  writeText(writer, "reason", line.reason);
  writeInstant(writer, "since", line.since);
  writeInstant(writer, "until", line.until);
  writer.endObject();
}

std::string explanation(const Services& services, const Targets& targets) {
  const Instant now = services.host.clock.now();
  const std::string& model = targets.model.google;
  const auto statuses = services.pool.statusOfAll(model, now);
  std::string out;
  json::Writer writer(out);
  writer.beginObject();
  writeInstant(writer, "now", now);
  writer.key("asked").string(std::string_view(targets.model.asked));
  writer.key("model").string(std::string_view(model));
  writer.key("fallbacks").beginArray();
  for (const auto& each : targets.fallbacks) writer.string(std::string_view(each.google));
  writer.endArray();
  writer.key("state").string(poolStateName(services.pool.stateOf(model, now)));
  writer.key("strategy").string(credentials::strategyName(services.settings.strategy));
  writeInstant(writer, "earliest", services.pool.earliestReset(model, now));
  writer.key("order").beginArray();
  for (const auto& line : linesOf(statuses, services.pool.orderFor(model, now), model)) {
    write(writer, line);
  }
  writer.endArray().endObject();
  return out;
}

}  // namespace

Task<void> explainModel(Exchange& exchange) {
  co_await exchange.services.sync.before(exchange.io);
  const auto targets =
      targetsOf(exchange.services.settings, exchange.request, exchange.request.query.model);
  if (targets) {
    sendToOperator(exchange, explanation(exchange.services, *targets));
  } else {
    sendError(exchange, targets.error());
  }
}

}  // namespace rondo::gateway
