#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "google/features.h"
#include "http/headers.h"

namespace rondo::google {

// What Google's refusal means to the pool.
enum class RefusalClass {
  FixToken,        // The access token was not accepted: drop it, mint another, try once more.
  Minute,          // This credential has spent a short quota on this model. Free at resetAt.
  Day,             // As Minute, for a day or another long time.
  Capacity,        // Google's servers are full for this model: no credential is to blame.
  NoAccess,        // This credential can't use this model. Looked at again at resetAt.
  Location,        // Refused for where the call came from or went to: no credential is to blame.
  DeadCredential,  // No model works through this credential until an operator acts.
  Transient,       // The attempt failed. Another may work; nothing cools.
  Unusable,        // An answer came, and nothing can be made of it. No credential is to blame.
  NamedContent,    // What the request names (stored content, a cache, a file, an endpoint) can't be
                   // had through this credential. Passed on; no credential is to blame.
  OtherForm,       // As RequestFault, by a back-end whose form the request isn't written in.
  RequestFault,    // The request itself is at fault: passed on, never retried, never rotated.
  MendRequest,     // As RequestFault, but of what can be changed or left out: see feature.
};

// A stable word for logs: "fix_token", "minute" ….
std::string_view refusalName(RefusalClass refusal);

// The reason of a Capacity refusal that says nothing but that Vertex's shared pool is busy.
inline constexpr std::string_view kSharedPoolBusy = "shared_pool_busy";

// The reason of a Transient refusal that says that the model has too much to do.
inline constexpr std::string_view kModelOverloaded = "model_overloaded";

// What ran out, as far as Google says. Each may be empty.
struct Quota {
  std::string id;      // "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"
  std::string metric;  // "generativelanguage.googleapis.com/generate_content_requests"
  std::string model;   // Empty although `id` is not: models may share this quota.
  // How many tokens of requests it is, where it is one of those. Else 0.
  std::int64_t inputTokens = 0;
};

// Whether it is of tools that Google runs: searches and their like.
bool isOfTools(const Quota& quota);

// Whether several models draw on the quota: it has a name, and neither the name nor the refusal
// speaks of a model, or of something that isn't generating.
bool isShared(const Quota& quota);

struct Refusal {
  RefusalClass refusal = RefusalClass::Transient;
  // The status that the classes were told by: the answer's own, or the one in the error object when
  // that came inside another or in a 2xx stream.
  int status = 0;
  // When to try again. Always there for Minute, Day, Capacity and NoAccess; for Transient only when
  // Google named a time; else never.
  std::optional<Instant> resetAt;
  // A stable lower-case word: Google's own reason where it gave one ("rate_limit_exceeded",
  // "api_key_invalid"), else Rondo's ("shared_pool_busy", "thought_signature").
  std::string reason;
  // Google's words in one line, at most 500 bytes of UTF-8, with keys and tokens blotted out. Never
  // empty.
  std::string message;
  // Of RequestFault and MendRequest: the field as Google spells it ("generation_config.seed"), or
  // "thought_signature". May be empty.
  std::string field;
  std::optional<RefusedFeature> feature;  // Of MendRequest, and of it alone.
  Quota quota;                            // of Minute, Day and NoAccess
  // Of NoAccess: Google's own words are about the model, not about what the request names.
  bool namesModel = false;
  // It may be meant for what this request alone brings along: a method, another service that it
  // makes use of, its size. So it says nothing of other requests.
  bool isNarrow = false;
  std::string link;        // Where a person can mend it: activation, validation, appeal. Or empty.
  std::string permission;  // The permission that is missing, "aiplatform.endpoints.predict".
  std::string resource;    // What it is missing on, or the project that is at fault.
};

// Whether a refusal of what the credential may do can't be meant for what a request names: it
// speaks of the credential itself, its project or a model.
bool isSurelyOfCredential(const Refusal& refusal);

// Whether a minute's quota of tokens is spent that so many bytes of text would spend by themselves,
// at four bytes a token (https://ai.google.dev/gemini-api/docs/tokens).
bool isSpentByText(const Refusal& refusal, std::size_t bytes);

// Whether something is used up and Google doesn't say what.
bool saysNoQuota(const Refusal& refusal);

// Whether it doesn't say what it is about: something is used up or denied, be it the credential's
// or what a request brings along.
bool isVague(const Refusal& refusal);

// Whether a refusal of the credential may be meant for the method that was called, and for no
// other: some methods take no keys, or want a scope that no model does, and a key may be kept from
// some.
bool mayBeOfMethod(const Refusal& refusal);

// Reads a refusal. `status`, `headers` and `body` are a back-end's answer; for an error event in a
// stream pass 200, no headers and the event's data. `body` may be anything: an error object, one in
// an array, in a string or behind other text, HTML, nothing. Total: every input has a class.
//
// Sources: google/rpc/error_details.proto, google/api/error_reason.proto, Gemini API
// "Troubleshooting" and "Rate limits", Vertex AI "Error code 429", RFC 9110 (Retry-After).
Refusal classify(int status, const http::Headers& headers, std::string_view body, Instant now);

}  // namespace rondo::google
