#include "gateway/operator_answers.h"

#include <algorithm>
#include <utility>

namespace rondo::gateway {

const credentials::Credential* credentialNamed(const credentials::CredentialManager& pool,
                                               std::string_view name) {
  const auto& all = pool.credentials();
  auto found = std::ranges::find(all, name, &credentials::Credential::id);
  if (found == all.end()) found = std::ranges::find(all, name, &credentials::Credential::alias);
  return found == all.end() ? nullptr : &*found;
}

Error credentialNotFound() {
  Error error = makeError(ErrorKind::NotFound, "The pool has no credential of this alias or id.",
                          "credential_not_found");
  error.param = "credential";
  return error;
}

Result<void> holdToCredential(Exchange& exchange) {
  const std::string& name = exchange.request.credential;
  if (name.empty()) return {};
  exchange.request.fallback = Fallback::Off;
  if (!credentialNamed(exchange.services.pool, name)) return fail(credentialNotFound());
  return {};
}

void writeInstant(json::Writer& writer, std::string_view key, std::optional<Instant> instant) {
  writer.key(key);
  if (instant) {
    writer.string(std::string_view(formatRfc3339(*instant)));
  } else {
    writer.null();
  }
}

void writeText(json::Writer& writer, std::string_view key, std::string_view text) {
  writer.key(key);
  if (text.empty()) {
    writer.null();
  } else {
    writer.string(text);
  }
}

void writeInteger(json::Writer& writer, std::string_view key, std::optional<std::int64_t> number) {
  writer.key(key);
  if (number) {
    writer.integer(*number);
  } else {
    writer.null();
  }
}

Task<std::optional<Counted>> countsTold(Exchange& exchange, host::Board::Span span) {
  const auto sums = co_await exchange.io.board->sums(span);
  if (!sums) {
    exchange.services.host.logger.log(host::LogLevel::Warn, "counts_read_failed",
                                      {{"message", sums.error().message}});
    co_return std::nullopt;
  }
  co_return Counted{telemetry::decodeCounts(*sums, exchange.services.host.clock.now()),
                    Counted::Scope::Deployment};
}

Task<Counted> countedOf(Exchange& exchange, host::Board::Span span) {
  auto& recorder = exchange.services.recorder;
  std::optional<Counted> counted;
  if (exchange.io.board) counted = co_await countsTold(exchange, span);
  if (!counted) co_return Counted{recorder.own(), Counted::Scope::Isolate};
  for (const auto& row : recorder.untold()) counted->counts.add(row);
  co_return std::move(*counted);
}

void writeScope(json::Writer& writer, const Counted& counted) {
  const bool isAll = counted.scope == Counted::Scope::Deployment;
  writer.key("scope").string(isAll ? "deployment" : "isolate");
  writeInstant(writer, "scope_since", counted.counts.since());
}

}  // namespace rondo::gateway
