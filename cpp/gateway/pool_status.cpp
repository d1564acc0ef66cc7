#include <algorithm>
#include <set>

#include "gateway/model_name.h"
#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/remedies.h"
#include "gateway/send_reply.h"
#include "telemetry/labels.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using credentials::CredentialState;
using credentials::CredentialStatus;

constexpr std::size_t kMostModels = 200;

std::string_view tokenStateName(auth::TokenState state) {
  switch (state) {
    case auth::TokenState::None: return "none";
    case auth::TokenState::Valid: return "valid";
    case auth::TokenState::Expiring: return "expiring";
    case auth::TokenState::Expired: return "expired";
    case auth::TokenState::NotNeeded: break;
  }
  return "not_needed";
}

// One answer on its way.
class PoolReport {
 public:
  PoolReport(Exchange& exchange, const Counted& counted)
      : services_(exchange.services),
        counted_(counted),
        hasBoard_(exchange.io.board != nullptr),
        now_(services_.host.clock.now()) {}

  std::string write() {
    writer_.beginObject();
    writeInstant(writer_, "now", now_);
    writeScope(writer_, counted_);
    writer_.key("strategy").string(credentials::strategyName(services_.settings.strategy));
    writeBindings();
    writer_.key("credentials").beginArray();
    for (const auto& status : services_.pool.statusOfAll({}, now_)) writeCredential(status);
    writer_.endArray();
    writeModels();
    writeCooling();
    writer_.key("problems").beginArray();
    for (const auto& [variable, fault] : services_.startup.problems) {
      writer_.beginObject();
      writer_.key("variable").string(std::string_view(variable));
      writer_.key("fault").string(std::string_view(fault)).endObject();
    }
    writer_.endArray().endObject();
    return std::move(out_);
  }

 private:
  void writeBindings() {
    writer_.key("bindings").beginObject();
    writer_.key("kv").boolean(services_.kv == KvBinding::Present);
    writer_.key("pool").boolean(hasBoard_);
    writer_.key("store").boolean(services_.store == StoreBinding::Present).endObject();
  }

  void writeCredential(const CredentialStatus& status) {
    const Credential& credential = *status.credential;
    writer_.beginObject();
    writer_.key("alias").string(std::string_view(credential.alias));
    writer_.key("id").string(std::string_view(credential.id));
    writer_.key("variable").string(std::string_view(credential.variable));
    writer_.key("kind").string(credentials::kindName(credential.kind));
    writeText(writer_, "project", credential.projectId);
    writer_.key("backend").string(credentials::backendName(credential.backend));
    writeText(writer_, "location", credential.location);
    writer_.key("models").beginArray();
    for (const auto& pattern : credential.models) writer_.string(std::string_view(pattern));
    writer_.endArray();
    writer_.key("weight").integer(credential.weight);
    writeState(status);
    writeToken(credential);
    writeCounts(credential);
    writeLastError(credential);
    writer_.endObject();
  }

  void writeState(const CredentialStatus& status) {
    const auto remedy = splitRemedy(status.remedy);
    writer_.key("state").string(credentials::stateName(status.state));
    writeText(writer_, "reason", status.reason);
    writeText(writer_, "remedy", remedy.words);
    writeText(writer_, "link", remedy.link);
    writeInstant(writer_, "since", status.since);
    writeInstant(writer_, "until", status.until);
  }

  void writeToken(const Credential& credential) {
    const auto token = services_.auth.statusOf(credential);
    writer_.key("token").beginObject();
    writer_.key("state").string(tokenStateName(token.state));
    writeInstant(writer_, "minted", token.minted);
    writeInstant(writer_, "expires", token.expires);
    writer_.endObject();
  }

  void writeCounts(const Credential& credential) {
    const auto& totals = counted_.counts.totals();
    const auto row =
        totals.find(telemetry::joinKey({telemetry::kind::kCredential, credential.alias}));
    const auto number = [&](std::size_t place) {
      return row == totals.end() ? 0 : telemetry::at(row->second, place);
    };
    writer_.key("attempts").integer(number(telemetry::Place::kAttempts));
    writer_.key("failures").integer(number(telemetry::Place::kErrors));
  }

  void writeLastError(const Credential& credential) {
    writer_.key("last_error");
    const LastError* error = services_.lastErrors.of(credential);
    if (!error) {
      writer_.null();
      return;
    }
    writer_.beginObject();
    writeInstant(writer_, "at", error->at);
    writeText(writer_, "model", error->model);
    writer_.key("status").integer(error->status);
    writer_.key("class").string(std::string_view(error->refusal));
    writer_.key("message").string(std::string_view(error->message));
    writeText(writer_, "remedy", error->remedy);
    writeText(writer_, "link", error->link);
    writer_.endObject();
  }

  void writeModels() {
    const auto known = services_.pool.knownModels(now_);
    std::set<std::string_view> models(known.begin(), known.end());
    for (const auto& [alias, target] : services_.settings.modelAliases) {
      const auto named =
          services_.namedModels.find(nameModel(services_.settings, target.model).google);
      if (named != services_.namedModels.end()) models.insert(*named);
    }
    writer_.key("models").beginArray();
    std::size_t written = 0;
    for (const auto model : models) {
      if (++written <= kMostModels) writer_.string(model);
    }
    writer_.endArray();
  }

  void writeCooling() {
    writer_.key("cooling").beginArray();
    for (const auto& [credential, model, coolDown] : services_.pool.resting(now_)) {
      writer_.beginObject();
      writeText(writer_, "credential", credential ? credential->alias : std::string());
      writer_.key("model").string(std::string_view(model));
      writer_.key("reason").string(std::string_view(coolDown.reason));
      writeInstant(writer_, "since", coolDown.since);
      writeInstant(writer_, "until", coolDown.until);
      writer_.key("left_ms").integer(std::int64_t{(coolDown.until - now_).count()}).endObject();
    }
    writer_.endArray();
  }

  const Services& services_;
  const Counted& counted_;
  bool hasBoard_;
  Instant now_;
  std::string out_;
  json::Writer writer_{out_};
};

}  // namespace

Task<void> poolStatus(Exchange& exchange) {
  co_await exchange.services.sync.before(exchange.io);
  const auto counted = co_await countedOf(exchange, host::Board::Span::Totals);
  sendToOperator(exchange, PoolReport(exchange, counted).write());
}

}  // namespace rondo::gateway
