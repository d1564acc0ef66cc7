#include <algorithm>
#include <charconv>

#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/send_reply.h"

namespace rondo::gateway {
namespace {

using telemetry::AttemptRecord;
using telemetry::RequestEntry;

bool isLike(std::string_view filter, std::string_view value) {
  return filter.empty() || filter == value;
}

// "429", "4xx".
bool hasStatus(std::string_view filter, int status) {
  const std::string text = std::to_string(status);
  const bool isClass = filter.size() == 3 && filter.ends_with("xx");
  return isClass ? filter.front() == text.front() : isLike(filter, text);
}

// Through whom it was answered, or tried.
bool usesCredential(std::string_view filter, const RequestEntry& entry) {
  return isLike(filter, entry.credential) ||
         std::ranges::any_of(entry.attempts, [filter](const AttemptRecord& attempt) {
           return attempt.credential == filter;
         });
}

bool isWanted(const ClientRequest& asked, const RequestEntry& entry) {
  return isLike(asked.query.model, entry.model) && isLike(asked.query.client, entry.client) &&
         hasStatus(asked.query.status, entry.status) && usesCredential(asked.credential, entry);
}

std::size_t limitOf(std::string_view text) {
  constexpr std::size_t kAll = telemetry::RequestList::kMostRequests;
  std::size_t limit = kAll;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), limit);
  return fault == std::errc{} ? std::min(limit, kAll) : kAll;
}

void write(json::Writer& writer, const AttemptRecord& attempt) {
  writer.beginObject();
  writer.key("credential").string(std::string_view(attempt.credential));
  writer.key("model").string(std::string_view(attempt.model));
  writer.key("outcome").string(std::string_view(attempt.outcome));
  writeText(writer, "reason", attempt.reason);
  writer.key("status").integer(attempt.status);
  writeInstant(writer, "until", attempt.reset);
  writer.key("ms").integer(std::int64_t{attempt.took.count()}).endObject();
}

void write(json::Writer& writer, const RequestEntry& entry) {
  writer.beginObject();
  writer.key("id").string(std::string_view(entry.id));
  writeInstant(writer, "at", entry.at);
  writer.key("operation").string(std::string_view(entry.operation));
  writer.key("client").string(std::string_view(entry.client));
  writeText(writer, "model", entry.model);
  writer.key("status").integer(entry.status);
  writer.key("ms").integer(std::int64_t{entry.took.count()});
  writeInteger(writer, "first_byte_ms",
               entry.firstByte ? std::optional(entry.firstByte->count()) : std::nullopt);
  writeText(writer, "credential", entry.credential);
  writeText(writer, "left", entry.left);
  writeInteger(writer, "prompt_tokens", entry.promptTokens);
  writeInteger(writer, "completion_tokens", entry.completionTokens);
  writeText(writer, "error", entry.error);
  writer.key("attempts").beginArray();
  for (const auto& attempt : entry.attempts) write(writer, attempt);
  writer.endArray().endObject();
}

}  // namespace

void recentRequests(Exchange& exchange) {
  const ClientRequest& asked = exchange.request;
  std::size_t left = limitOf(asked.page.limit);
  std::string out;
  json::Writer writer(out);
  writer.beginObject();
  writeInstant(writer, "now", exchange.services.host.clock.now());
  writer.key("requests").beginArray();
  exchange.services.requests.forEach([&](const RequestEntry& entry) {
    if (left == 0 || !isWanted(asked, entry)) return;
    --left;
    write(writer, entry);
  });
  writer.endArray().endObject();
  sendToOperator(exchange, std::move(out));
}

}  // namespace rondo::gateway
