#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "base/task.h"
#include "gateway/services.h"
#include "json/writer.h"
#include "telemetry/counts.h"

// What the answers to an operator have in common.

namespace rondo::gateway {

// By alias or id. Null when the pool has none of that name.
const credentials::Credential* credentialNamed(const credentials::CredentialManager& pool,
                                               std::string_view name);
Error credentialNotFound();

// A chat that names the credential which it is to go through goes to no other model either.
// NotFound when the pool has none of that name.
Result<void> holdToCredential(Exchange& exchange);

// null where there is nothing to tell.
void writeInstant(json::Writer& writer, std::string_view key, std::optional<Instant> instant);
void writeText(json::Writer& writer, std::string_view key, std::string_view text);
void writeInteger(json::Writer& writer, std::string_view key, std::optional<std::int64_t> number);

// What was counted, and by whom.
struct Counted {
  enum class Scope { Isolate, Deployment };

  telemetry::Counts counts;
  Scope scope = Scope::Isolate;
};

// All isolates' sums as far as they were told to the board, which there is. Nothing when it fails.
Task<std::optional<Counted>> countsTold(Exchange& exchange, host::Board::Span span);

// All isolates' sums where there is a board that tells them, with what this one has not told yet;
// else this isolate's.
Task<Counted> countedOf(Exchange& exchange, host::Board::Span span);

// "scope" and "scope_since".
void writeScope(json::Writer& writer, const Counted& counted);

}  // namespace rondo::gateway
