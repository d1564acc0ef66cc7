#pragma once

#include <optional>
#include <string>
#include <variant>

#include "credentials/cool_downs.h"
#include "host/credential_store.h"

namespace rondo::credentials {

// Why a credential is out for every model.
struct Quarantine {
  std::string reason;  // A stable word: "invalid_grant", "service_disabled".
  std::string remedy;  // What an operator can do about it, for people. Holds no secret.
  Instant since;
  // When one request may try it again, since what is wrong can be mended without a new secret.
  // Nothing: an operator must release it.
  std::optional<Instant> probe;
  int probes = 0;  // How often it has been tried again.
};

// What isolates tell each other. Every `what` names a credential by its id.
struct CredentialCools {
  std::string credential;
  enum class Scope { Model, Quota } scope = Scope::Model;
  std::string name;  // of the model or the quota
  CoolDown coolDown;
};
struct ModelRests {
  std::string model;
  CoolDown coolDown;
};
struct CredentialOut {
  std::string credential;
  Quarantine quarantine;
  Instant at;
};
// It works again, or is to be taken for new: with `Everything` its cool-downs are void too.
struct CredentialFreed {
  std::string credential;
  enum class Extent { Quarantine, Everything } extent = Extent::Quarantine;
  Instant at;
};

using PoolEvent = std::variant<CredentialCools, ModelRests, CredentialOut, CredentialFreed>;

host::Fact toFact(const PoolEvent& event);

// Nothing when the fact is damaged or of a kind that is not known here.
std::optional<PoolEvent> toEvent(const host::Fact& fact);

// Whether `news` only says once more that a credential is out, for the reason that is known.
bool repeats(const host::Fact& news, const host::Fact& known);

}  // namespace rondo::credentials
