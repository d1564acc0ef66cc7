#pragma once

#include <string>

#include "auth/token_record.h"
#include "base/base64.h"
#include "credentials/credential.h"
#include "support/fake_host.h"

// Credentials and token answers, with invented values.
namespace rondo::samples {

inline credentials::Credential serviceAccountCredential(std::string id = "sa-1") {
  credentials::Credential credential;
  credential.id = std::move(id);
  credential.alias = "alias of " + credential.id;
  credential.kind = credentials::CredentialKind::ServiceAccount;
  credential.backend = credentials::Backend::Vertex;
  credential.projectId = "p-1";
  credential.location = "global";
  credential.grant =
      credentials::ServiceAccountKey{"bot@example.iam.gserviceaccount.com", "key-1",
                                     Secret("the-der"), "https://oauth2.googleapis.com/token"};
  return credential;
}

inline credentials::Credential userCredential(std::string id = "user-1") {
  credentials::Credential credential;
  credential.id = std::move(id);
  credential.alias = "alias of " + credential.id;
  credential.kind = credentials::CredentialKind::OAuthTokens;
  credential.backend = credentials::Backend::Vertex;
  credential.projectId = "p-1";
  credential.location = "global";
  credential.grant = credentials::RefreshGrant{"client-1", Secret("pair-secret"),
                                               Secret("1//configured"), std::nullopt};
  return credential;
}

inline fake::Answer tokenAnswer(const std::string& token, int lifetimeSeconds = 3599) {
  return fake::answer(200, R"({"access_token":")" + token + R"(","expires_in":)" +
                               std::to_string(lifetimeSeconds) + R"(,"token_type":"Bearer"})");
}

inline fake::Answer invalidGrant() {
  return fake::answer(
      400, R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})");
}

// What lies in the store under `key` when `record` was sealed with `secret`.
inline std::string sealed(fake::FakeHost& fake, std::string secret, const std::string& key,
                          std::string record) {
  return encodeBase64(
      *fake.run(fake.crypto.seal(Secret(std::move(secret)), "rondo " + key, std::move(record))));
}

inline void storeToken(fake::FakeHost& fake, const std::string& id, const std::string& token,
                       Millis lifetime, const std::string& secret) {
  const auto key = auth::tokenKey(id);
  const auto record = auth::encodeTokenRecord({Secret(token), fake.clock.now() + lifetime});
  fake.kv.entries[key] = {sealed(fake, secret, key, record), Millis(1)};
}

inline void storeRefresh(fake::FakeHost& fake, const std::string& id, const std::string& token) {
  const auto key = auth::refreshKey(id);
  fake.kv.entries[key] = {
      sealed(fake, "1//configured", key, auth::encodeRefreshRecord(Secret(token))), Millis(1)};
}

// What the entry holds for one who has the secret. Empty when it can't be opened.
inline std::string opened(fake::FakeHost& fake, std::string secret, const std::string& key) {
  const auto bytes = decodeBase64(fake.kv.entries.at(key).value);
  if (!bytes) return {};
  return fake.run(fake.crypto.open(Secret(std::move(secret)), "rondo " + key, *bytes)).value_or("");
}

}  // namespace rondo::samples
