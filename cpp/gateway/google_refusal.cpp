#include "gateway/google_refusal.h"

#include <utility>

#include "base/bounds.h"
#include "base/redact.h"
#include "json/document.h"

namespace rondo::gateway {

std::optional<GoogleRefusal> readRefusal(int status, std::string_view body) {
  auto told = redact(body, bounds::kErrorBytes);
  json::Document document;
  if (!document.tryRead(told)) return std::nullopt;
  return GoogleRefusal{status, std::move(told)};
}

bool isOfMethod(const google::Refusal& refusal, const Attempt& attempt) {
  const bool isToken = refusal.refusal == google::RefusalClass::FixToken;
  const bool canRenew = attempt.credential->kind != credentials::CredentialKind::ApiKey &&
                        attempt.token == Attempt::Token::AsKept;
  return google::mayBeOfMethod(refusal) && !(isToken && canRenew);
}

google::Refusal ofMethod(google::Refusal refusal) {
  refusal.refusal = google::RefusalClass::DeadCredential;
  refusal.isNarrow = true;
  return refusal;
}

void sendRefusal(Exchange& exchange, const GoogleRefusal& refusal, const Error& error,
                 http::Headers headers) {
  exchange.record.error = error.code;
  headers.set("content-type", "application/json; charset=UTF-8");
  exchange.reply.send({{refusal.status, std::move(headers)}, refusal.body});
}

}  // namespace rondo::gateway
