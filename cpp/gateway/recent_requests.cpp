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

bool isDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

Result<void> checkStatus(std::string_view text) {
  const bool isClass = text.size() == 3 && text.ends_with("xx");
  const bool isNumber = text.size() == 3 && isDigits(text);
  const bool isStatus = (isClass || isNumber) && text.front() >= '1' && text.front() <= '5';
  if (text.empty() || isStatus) return {};
  return fail(badRequest("`status` is neither a status nor a class of them, as `4xx`.", "status"));
}

Result<std::size_t> limitOf(std::string_view text) {
  constexpr std::size_t kAll = telemetry::RequestList::kMostRequests;
  if (text.empty()) return kAll;
  std::size_t limit = 0;
  const auto fault = std::from_chars(text.data(), text.data() + text.size(), limit).ec;
  if (isDigits(text) && fault == std::errc::result_out_of_range) return kAll;
  if (!isDigits(text) || limit == 0) {
    return fail(badRequest("`limit` is no whole number from 1 on.", "limit"));
  }
  return std::min(limit, kAll);
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
  const auto limit = limitOf(asked.page.limit);
  if (!limit) return sendError(exchange, limit.error());
  if (const auto status = checkStatus(asked.query.status); !status) {
    return sendError(exchange, status.error());
  }
  std::size_t left = *limit;
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
