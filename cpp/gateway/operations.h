#pragma once

#include "base/task.h"
#include "conversation/dialect.h"
#include "gateway/keeper.h"
#include "gateway/models_dialect.h"
#include "gateway/services.h"

// The operations, one for each line of the worker's route table. Each answers `exchange.reply`,
// whatever happens. `exchange` outlives the task.

namespace rondo::gateway {

// A conversation in any dialect, whole or as a stream. `dialect` outlives the task, and so does
// `keeper`, where there is one.
Task<void> chat(Exchange& exchange, const conversation::Dialect& dialect, Keeper* keeper = nullptr);

// A call in Google's own dialect to a model, passed on as it is.
Task<void> native(Exchange& exchange);

// The same for what belongs to a credential: files, caches, Google's OpenAI-compatible endpoint.
Task<void> nativeResource(Exchange& exchange);

// Vectors of texts, as OpenAI's clients ask for them. Never by a model that may stand in: vectors
// of two models can't be compared.
Task<void> embeddings(Exchange& exchange);

// The models that this client may use, in the words of `models`, which outlives the task.
Task<void> listModels(Exchange& exchange, const ModelsDialect& models);
Task<void> getModel(Exchange& exchange, const ModelsDialect& models);

// The operator's word that a credential is fine again: see CredentialManager::reset.
void resetCredential(Exchange& exchange);

// What the operator is told: see docs/admin-api.md.
Task<void> poolStatus(Exchange& exchange);
Task<void> explainModel(Exchange& exchange);
Task<void> testCredential(Exchange& exchange);
void recentRequests(Exchange& exchange);
Task<void> countersSeries(Exchange& exchange);
void settingsReport(Exchange& exchange);

// What was counted, for Prometheus.
Task<void> metrics(Exchange& exchange);

// The state of the pool for whoever watches the service. Needs no client key and tells no names.
void reportHealth(Exchange& exchange);

}  // namespace rondo::gateway
