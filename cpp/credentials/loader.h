#pragma once

#include <string>
#include <utility>
#include <vector>

#include "credentials/credential.h"

namespace rondo::credentials {

// The names and values of the Worker's variables and secrets, in any order.
using Environment = std::vector<std::pair<std::string, std::string>>;

// A variable that gave no credential, and why. `fault` is for the operator: it names the field and
// what to do, and never holds any content of the value.
struct CredentialProblem {
  std::string variable;
  std::string fault;
};

struct LoadedCredentials {
  std::vector<Credential> credentials;
  std::vector<CredentialProblem> problems;
  // What doesn't hold of variables that skip no credential.
  std::vector<CredentialProblem> remarks = {};
};

// Reads the pool out of the environment: GCP_SERVICE_ACCOUNT (slot 0), GCP_SERVICE_ACCOUNT_<n> in
// numeric order, then the elements of the JSON array GCP_SERVICE_ACCOUNTS (objects, or strings that
// hold what a slot may hold). A slot holds a service account's key file, an authorized user's file,
// OAuth tokens or an API key; its shape tells which.
//
// GOOGLE_CLOUD_PROJECT, GOOGLE_CLOUD_LOCATION ("global" without it), OAUTH_CLIENT_ID and
// OAUTH_CLIENT_SECRET fill what a credential leaves out. With an OAUTH_TOKEN_URL, a `token_uri`
// outside googleapis.com is taken too, since the tokens then come from that address.
//
// What is broken is reported and skipped, and stops nothing else; so is the second of two with the
// same id. An alias that another credential has, or that is another one's id, is the credential's
// id in its stead, so that each is named by one name. A variable that is empty or blank is skipped
// without a word.
LoadedCredentials loadCredentials(const Environment& environment);

}  // namespace rondo::credentials
