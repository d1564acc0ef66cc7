#include "gateway/request_end.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bounds.h"
#include "base/utf8.h"
#include "gateway/operator_operations.h"

namespace rondo::gateway {
namespace {

std::string credentialOf(const http::ResponseHead& head) {
  return std::string(head.headers.get("x-rondo-credential").value_or(""));
}

// Until Google's answer began, if one did.
std::optional<Millis> firstByteOf(const Exchange& exchange) {
  const auto& attempts = exchange.record.attempts;
  const auto& answering = exchange.record.answering;
  if (attempts.empty() || !answering || attempts.back().outcome != "ok") return std::nullopt;
  return *answering + attempts.back().took - exchange.began;
}

// Clients may name what they like; those count by name that a back-end has served, or that the
// operator named.
std::string_view modelLabel(const Services& services, std::string_view model) {
  const bool isReal = services.pool.isProven(model) || services.namedModels.contains(model);
  return isReal ? model : telemetry::kUnknown;
}

// In the order that docs/admin-api.md has. -1: not known.
// Bytes of an index (https://developers.cloudflare.com/analytics/analytics-engine/limits/).
constexpr std::size_t kMostOfIndex = 96;

void addPoint(host::Points& points, const telemetry::RequestEntry& entry) {
  const std::string_view outcome =
      entry.attempts.empty() ? std::string_view() : entry.attempts.back().outcome;
  const std::array<std::string_view, 7> texts = {entry.operation,  entry.client, entry.model,
                                                 entry.credential, outcome,      entry.error,
                                                 entry.left};
  const std::array<std::int64_t, 6> numbers = {entry.status,
                                               entry.took.count(),
                                               entry.firstByte ? entry.firstByte->count() : -1,
                                               static_cast<std::int64_t>(entry.attempts.size()),
                                               entry.promptTokens.value_or(-1),
                                               entry.completionTokens.value_or(-1)};
  points.add(beginningOf(entry.client, kMostOfIndex), texts, numbers);
}

}  // namespace

RequestEnd::~RequestEnd() {
  const Instant now = exchange_.services.host.clock.now();
  if (const auto& usage = exchange_.record.usage) {
    reply_.spent(std::max(usage->total, usage->prompt + usage->completion));
  }
  exchange_.services.host.logger.log(host::LogLevel::Info, "request", fields(now));
  const bool isRequest = !operatorOperation(exchange_.request.operation);
  if (!isRequest && exchange_.record.attempts.empty()) return;
  auto done = entry(now);
  count(done);
  if (isRequest && exchange_.services.points) addPoint(*exchange_.services.points, done);
  if (isRequest) exchange_.services.requests.add(std::move(done));
}

bool RequestEnd::hasClientLeft() const {
  return reply_.progress() != ObservedReply::Progress::Ended && !exchange_.record.isBrokenOff;
}

host::LogRecord RequestEnd::fields(Instant now) const {
  const ClientRequest& request = exchange_.request;
  const RequestRecord& record = exchange_.record;
  host::LogRecord line{{"request", request.id},
                       {"operation", request.operation},
                       {"client", request.client.name},
                       {"model", request.modelId.substr(0, bounds::kModelNameBytes)},
                       {"status", std::int64_t{reply_.head().status}},
                       {"ms", (now - exchange_.began).count()}};
  if (hasClientLeft()) {
    line.push_back({"client_left", std::string(reply_.progressName())});
    line.push_back({"sent_bytes", static_cast<std::int64_t>(record.sentBytes)});
  }
  const auto credential = reply_.head().headers.get("x-rondo-credential");
  if (credential) line.push_back({"credential", std::string(*credential)});
  if (!record.attempts.empty()) line.push_back({"attempts", logRecords(record.attempts)});
  if (record.answering) line.push_back({"upstream_ms", (now - *record.answering).count()});
  if (record.usage) {
    line.push_back({"prompt_tokens", record.usage->prompt});
    line.push_back({"completion_tokens", record.usage->completion});
  }
  return line;
}

// Takes what it can: nobody else needs it any more.
telemetry::RequestEntry RequestEnd::entry(Instant now) {
  ClientRequest& request = exchange_.request;
  RequestRecord& record = exchange_.record;
  telemetry::RequestEntry entry;
  entry.firstByte = firstByteOf(exchange_);
  entry.id = std::move(request.id);
  entry.at = exchange_.began;
  entry.operation = std::move(request.operation);
  entry.client = std::move(request.client.name);
  entry.model = record.model.empty() ? std::move(request.modelId) : std::move(record.model);
  entry.status = reply_.head().status;
  entry.took = now - exchange_.began;
  entry.credential = credentialOf(reply_.head());
  if (hasClientLeft()) entry.left = reply_.progressName();
  if (record.usage) {
    entry.promptTokens = record.usage->prompt;
    entry.completionTokens = record.usage->completion;
  }
  entry.error = std::move(record.error);
  entry.attempts = std::move(record.attempts);
  return entry;
}

void RequestEnd::count(const telemetry::RequestEntry& entry) {
  const Services& services = exchange_.services;
  telemetry::Recorder& recorder = services.recorder;
  const telemetry::Labels labels{modelLabel(services, entry.model), entry.client};
  if (!operatorOperation(entry.operation)) recorder.countRequest(entry, labels);
  for (const auto& attempt : entry.attempts) {
    const bool isLast = &attempt == &entry.attempts.back();
    const auto tokens = [&](const std::optional<std::int64_t>& number) {
      return isLast ? static_cast<std::uint64_t>(std::max<std::int64_t>(number.value_or(0), 0)) : 0;
    };
    recorder.countAttempt(attempt, {modelLabel(services, attempt.model), labels.client},
                          tokens(entry.promptTokens), tokens(entry.completionTokens));
  }
}

}  // namespace rondo::gateway
