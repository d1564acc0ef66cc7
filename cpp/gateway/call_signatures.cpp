#include "gateway/call_signatures.h"

#include <algorithm>
#include <utility>

#include "base/bounds.h"
#include "translation/unsigned_calls.h"

namespace rondo::gateway {
namespace {

bool checksSignatures(const ModelName& model) {
  return google::ModelFamily::parse(model.google).checksSignatures();
}

}  // namespace

std::vector<std::string> callsToRecall(const Exchange& exchange,
                                       const conversation::Request& request,
                                       const Targets& targets) {
  if (!exchange.request.store || request.purpose == conversation::Purpose::Count) return {};
  if (!checksSignatures(targets.model) &&
      std::ranges::none_of(targets.fallbacks, checksSignatures)) {
    return {};
  }
  return translation::unsignedCalls(request, exchange.signatures, bounds::kSignedCalls);
}

Task<void> recallSignatures(Exchange& exchange, std::vector<std::string> calls) {
  const auto kept = co_await exchange.request.store->signatures(calls);
  if (!kept) {
    exchange.services.host.logger.log(
        host::LogLevel::Warn, "signatures_unreadable",
        {{"request", exchange.request.id}, {"message", kept.error().message}});
    co_return;
  }
  for (std::size_t i = 0; i < calls.size() && i < kept->size(); ++i) {
    auto envelope = conversation::unseal((*kept)[i]);
    const bool isOfCall = envelope && envelope->what == conversation::Carried::CallSignature &&
                          envelope->callId == calls[i];
    if (!isOfCall) continue;
    exchange.signatures.remember(calls[i],
                                 {std::move(envelope->value), std::move(envelope->origin)});
  }
}

// Where signatures travel in the calls' ids, clients carry them.
bool keepsSignatures(const Exchange& exchange, const google::ModelFamily& family) {
  return exchange.request.store && family.checksSignatures() &&
         exchange.services.settings.signatures == translation::SignaturePlace::Field;
}

void keepSignatures(Exchange& exchange, const std::vector<conversation::Envelope>& told) {
  if (told.empty()) return;
  std::vector<host::CallSignature> signatures;
  for (const auto& envelope : told) {
    signatures.push_back({envelope.callId, conversation::seal(envelope)});
  }
  exchange.request.store->keepLater(std::move(signatures));
}

}  // namespace rondo::gateway
