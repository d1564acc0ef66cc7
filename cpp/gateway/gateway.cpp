#include "gateway/gateway.h"

#include "anthropic/messages_dialect.h"
#include "gateway/chat_completion.h"
#include "gateway/client_operations.h"
#include "gateway/context_cache.h"
#include "gateway/model_name.h"
#include "gateway/observed_reply.h"
#include "gateway/operations.h"
#include "gateway/operator_operations.h"
#include "gateway/request_end.h"
#include "gateway/send_reply.h"
#include "gateway/stateful_responses.h"
#include "openai/chat_dialect.h"
#include "openai/images_dialect.h"
#include "openai/responses_dialect.h"
#include "openai/speech_dialect.h"
#include "openai/transcript_dialect.h"

namespace rondo::gateway {
namespace {

using host::LogLevel;

// An isolate calls the object that counts for all no sooner again.
constexpr Millis kBetweenSharing = std::chrono::seconds(10);

credentials::LoadedCredentials load(const Configuration& configuration) {
  return credentials::loadCredentials(configuration.environment);
}

constexpr std::string_view kKvBinding = "GEMINI_CLI_KV";
constexpr std::string_view kHowToBindKv =
    "Make a namespace with `npx wrangler kv namespace create GEMINI_CLI_KV` and put the binding it "
    "prints into wrangler.toml.";

Error kvBindingMissing() {
  return makeError(ErrorKind::Internal,
                   "The KV binding GEMINI_CLI_KV is missing. " + std::string(kHowToBindKv),
                   "kv_binding_missing");
}

Error unknownOperation(const std::string& operation) {
  return makeError(ErrorKind::Internal, "The gateway has no operation `" + operation + "`.",
                   "unknown_operation");
}

// Google's names of the models that the operator named.
std::set<std::string, std::less<>> namedModels(const Settings& settings) {
  std::set<std::string, std::less<>> models;
  for (const auto& [alias, target] : settings.modelAliases) {
    models.insert(nameModel(settings, target.model).google);
  }
  for (const auto& [model, fallbacks] : settings.modelFallbacks) {
    for (const auto& each : fallbacks) models.insert(nameModel(settings, each).google);
  }
  return models;
}

// What is asked in the dialect of Responses, where anything is kept, or would be but for the
// client's want of a key.
std::optional<openai::ResponsesCall> statefulCall(const Exchange& exchange) {
  const std::string& operation = exchange.request.operation;
  if (exchange.request.memory == Memory::Missing) return std::nullopt;
  if (operation == "responses") return openai::ResponsesCall::Create;
  if (operation == "count_response_tokens") return openai::ResponsesCall::CountTokens;
  if (operation == "compact_response") return openai::ResponsesCall::Compact;
  return std::nullopt;
}

Startup startupOf(KvBinding kv, const credentials::LoadedCredentials& loaded, ReadSettings& read) {
  Startup startup{std::move(read.lines), std::move(read.problems)};
  if (kv == KvBinding::Missing) {
    startup.problems.push_back({std::string(kKvBinding), "is not bound, so no request is served. " +
                                                             std::string(kHowToBindKv)});
  }
  for (const auto* all : {&loaded.problems, &loaded.remarks}) {
    for (const auto& [variable, fault] : *all) startup.problems.push_back({variable, fault});
  }
  return startup;
}

}  // namespace

Dialects allDialects() {
  return {{"chat_completions", &openai::chatDialect()},
          {"messages", &anthropic::messagesDialect()},
          {"count_message_tokens", &anthropic::tokenCountDialect()},
          {"responses", &openai::responsesDialect()},
          {"count_response_tokens", &openai::responsesCountDialect()},
          {"compact_response", &openai::responsesCompactDialect()},
          {"make_images", &openai::imagesDialect()},
          {"edit_images", &openai::imageEditsDialect()},
          {"speak", &openai::speechDialect()},
          {"transcribe", &openai::transcriptionsDialect()},
          {"translate_speech", &openai::translationsDialect()}};
}

Gateway::Gateway(Configuration configuration, host::Host host)
    : Gateway(configuration, load(configuration), readSettings(configuration.environment), host) {}

Gateway::Gateway(const Configuration& configuration, credentials::LoadedCredentials loaded,
                 ReadSettings read, host::Host host)
    : kv_(configuration.kv),
      dialects_(configuration.dialects),
      settings_(std::move(read.settings)),
      logger_(host.logger, settings_.logLevel),
      host_{host.clock, host.entropy, logger_, host.signals},
      pool_(std::move(loaded.credentials), settings_.strategy),
      sync_(pool_, host_),
      auth_(host_, {settings_.oauthTokenUrl}),
      catalog_(settings_, host_, pool_, auth_),
      recorder_(host_.clock),
      alerts_(settings_, host_),
      namedModels_(namedModels(settings_)),
      points_(configuration.points),
      store_(configuration.store) {
  for (const auto& [variable, fault] : read.problems) {
    logger_.log(LogLevel::Warn, "setting_ignored", {{"variable", variable}, {"fault", fault}});
  }
  for (const auto& [variable, fault] : loaded.remarks) {
    logger_.log(LogLevel::Warn, "setting_ignored", {{"variable", variable}, {"fault", fault}});
  }
  for (const auto& [variable, fault] : loaded.problems) {
    logger_.log(LogLevel::Warn, "credential_skipped", {{"variable", variable}, {"fault", fault}});
  }
  startup_ = startupOf(kv_, loaded, read);
  reportPool();
}

void Gateway::reportPool() {
  if (kv_ == KvBinding::Missing) {
    logger_.log(LogLevel::Error, "kv_binding_missing", {{"binding", std::string(kKvBinding)}});
  }
  if (pool_.credentials().empty()) {
    logger_.log(LogLevel::Warn, "no_credentials",
                {{"hint", "Set GCP_SERVICE_ACCOUNT_1, GCP_SERVICE_ACCOUNT_2 …"}});
    return;
  }
  for (const auto& credential : pool_.credentials()) {
    logger_.log(LogLevel::Info, "credential_loaded",
                {{"variable", credential.variable},
                 {"credential", credential.alias},
                 {"kind", std::string(credentials::kindName(credential.kind))},
                 {"backend", std::string(credentials::backendName(credential.backend))}});
  }
}

Services Gateway::services() {
  return {kv_,         settings_,     host_,    pool_,          sync_,     auth_,     catalog_,
          signatures_, nativeMakers_, limits_,  contextCaches_, recorder_, requests_, lastErrors_,
          alerts_,     namedModels_,  startup_, points_,        store_};
}

Task<void> Gateway::serve(ClientRequest request, host::Io io, host::Reply& reply) {
  ObservedReply observed(reply);
  Exchange exchange{services(), std::move(request), io, observed, host_.clock.now()};
  {
    const RequestEnd end(exchange, observed);
    co_await operate(exchange);
  }
  co_await tendCache(exchange);
  if (exchange.pool == Exchange::PoolUse::Used) co_await tidyUp(io);
}

// What is done behind an answer.
Task<void> Gateway::tidyUp(host::Io io) {
  co_await auth_.renewAhead(io, pool_);
  co_await sync_.after(io);
  noteMints();
  shareCounts(io);
  co_await alerts_.send(io);
}

void Gateway::noteMints() {
  const auto& [succeeded, failed] = auth_.mints();
  recorder_.count(telemetry::Event::Mint, "ok", succeeded - counted_.succeeded);
  recorder_.count(telemetry::Event::Mint, "failed", failed - counted_.failed);
  counted_ = auth_.mints();
}

// What is lost on its way is not counted: that is worth no second call.
void Gateway::shareCounts(host::Io io) {
  if (!io.board) return;
  recorder_.keepUntold();
  const Instant now = host_.clock.now();
  if (!recorder_.hasUntold() || (sharedAt_ && now - *sharedAt_ < kBetweenSharing)) return;
  sharedAt_ = now;
  io.board->addLater(telemetry::encodeRows(recorder_.takeUntold()));
}

Task<void> Gateway::operate(Exchange& exchange) {
  const std::string& operation = exchange.request.operation;
  const auto dialect = dialects_.find(operation);
  const bool isChat = dialect != dialects_.end();
  const ClientOperation* ofClient = isChat ? nullptr : clientOperation(operation);
  if (const OperatorOperation* ofOperator = operatorOperation(operation)) {
    noteMints();
    co_await ofOperator->answer(exchange);
  } else if (!isChat && !ofClient) {
    sendError(exchange, unknownOperation(operation));
  } else if (kv_ == KvBinding::Missing) {
    sendError(exchange, isChat ? *dialect->second : ofClient->words(), kvBindingMissing());
  } else if (ofClient) {
    co_await ofClient->answer(exchange);
  } else if (const auto call = statefulCall(exchange)) {
    co_await statefulResponses(exchange, *call);
  } else if (operation == "chat_completions") {
    co_await chatCompletion(exchange, *dialect->second);
  } else {
    co_await chat(exchange, *dialect->second);
  }
}

}  // namespace rondo::gateway
