#pragma once

#include <string>

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

}  // namespace rondo::samples
