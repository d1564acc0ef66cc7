#include "gateway/gateway.h"

#include <algorithm>

#include "anthropic/messages_dialect.h"
#include "base/bounds.h"
#include "gateway/answers.h"
#include "gateway/observed_reply.h"
#include "gateway/operations.h"
#include "openai/chat_dialect.h"
#include "openai/responses_dialect.h"

namespace rondo::gateway {
namespace {

using host::LogLevel;

credentials::LoadedCredentials load(const Configuration& configuration) {
  return credentials::loadCredentials(configuration.environment);
}

Error kvBindingMissing() {
  return makeError(
      ErrorKind::Internal,
      "The KV binding GEMINI_CLI_KV is missing. Make a namespace with `npx wrangler kv "
      "namespace create GEMINI_CLI_KV` and put the binding it prints into "
      "wrangler.toml.",
      "kv_binding_missing");
}

Error unknownOperation(const std::string& operation) {
  return makeError(ErrorKind::Internal, "The gateway has no operation `" + operation + "`.",
                   "unknown_operation");
}

// The one log line of a request, and what it has cost: when it has been answered, or when its
// client leaves, which destroys the frame that this lives in.
class RequestLine {
 public:
  RequestLine(const Exchange& exchange, ObservedReply& reply)
      : exchange_(exchange), reply_(reply) {}
  RequestLine(const RequestLine&) = delete;
  RequestLine& operator=(const RequestLine&) = delete;
  ~RequestLine() {
    if (const auto& usage = exchange_.record.usage) {
      reply_.spent(std::max(usage->total, usage->prompt + usage->completion));
    }
    exchange_.services.host.logger.log(LogLevel::Info, "request", fields());
  }

 private:
  host::LogRecord fields() const;

  const Exchange& exchange_;
  ObservedReply& reply_;
};

host::LogRecord RequestLine::fields() const {
  const ClientRequest& request = exchange_.request;
  const RequestRecord& record = exchange_.record;
  const Instant now = exchange_.services.host.clock.now();
  host::LogRecord line{{"request", request.id},
                       {"operation", request.operation},
                       {"client", request.client.name},
                       {"model", request.modelId.substr(0, bounds::kModelNameBytes)},
                       {"status", std::int64_t{reply_.head().status}},
                       {"ms", (now - exchange_.began).count()}};
  if (reply_.progress() != ObservedReply::Progress::Ended) {
    line.push_back({"client_left", std::string(reply_.progressName())});
    line.push_back({"sent_bytes", static_cast<std::int64_t>(record.sentBytes)});
  }
  const auto credential = reply_.head().headers.get("x-rondo-credential");
  if (credential) line.push_back({"credential", std::string(*credential)});
  if (!record.attempts.empty()) line.push_back({"attempts", logRecords(record.attempts)});
  if (record.answering) line.push_back({"upstream_ms", (now - *record.answering).count()});
  if (record.usage) {
    line.push_back({"prompt_tokens", record.usage->prompt});
    line.push_back({"completion_tokens", record.usage->completion});
  }
  return line;
}

}  // namespace

Dialects allDialects() {
  return {{"chat_completions", &openai::chatDialect()},
          {"messages", &anthropic::messagesDialect()},
          {"count_message_tokens", &anthropic::tokenCountDialect()},
          {"responses", &openai::responsesDialect()},
          {"count_response_tokens", &openai::responsesCountDialect()},
          {"compact_response", &openai::responsesCompactDialect()}};
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
      catalog_(settings_, host_, pool_, auth_) {
  for (const auto& [variable, fault] : read.problems) {
    logger_.log(LogLevel::Warn, "setting_ignored", {{"variable", variable}, {"fault", fault}});
  }
  for (const auto& [variable, fault] : loaded.problems) {
    logger_.log(LogLevel::Warn, "credential_skipped", {{"variable", variable}, {"fault", fault}});
  }
  reportPool();
}

void Gateway::reportPool() {
  if (kv_ == KvBinding::Missing) {
    logger_.log(LogLevel::Error, "kv_binding_missing", {{"binding", "GEMINI_CLI_KV"}});
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
  return {kv_, settings_, host_, pool_, sync_, auth_, catalog_, signatures_, limits_};
}

Task<void> Gateway::serve(ClientRequest request, host::Io io, host::Reply& reply) {
  ObservedReply observed(reply);
  Exchange exchange{services(), std::move(request), io, observed, host_.clock.now()};
  {
    const RequestLine line(exchange, observed);
    co_await operate(exchange);
  }
  if (exchange.pool == Exchange::PoolUse::Used) co_await tidyUp(io);
}

// What is done behind an answer.
Task<void> Gateway::tidyUp(host::Io io) {
  co_await auth_.renewAhead(io, pool_);
  co_await sync_.after(io);
}

// Whose errors an operation has.
const conversation::Dialect& Gateway::dialectOf(std::string_view operation) const {
  if (const auto dialect = dialects_.find(operation); dialect != dialects_.end()) {
    return *dialect->second;
  }
  return operation.contains("anthropic") ? anthropic::messagesDialect() : openai::chatDialect();
}

Task<void> Gateway::operate(Exchange& exchange) {
  const std::string& operation = exchange.request.operation;
  if (operation == "health") {
    reportHealth(exchange);
  } else if (kv_ == KvBinding::Missing) {
    sendError(exchange, dialectOf(operation), kvBindingMissing());
  } else if (const auto dialect = dialects_.find(operation); dialect != dialects_.end()) {
    co_await chat(exchange, *dialect->second);
  } else if (operation == "list_models") {
    co_await listModels(exchange, openaiModels());
  } else if (operation == "get_model") {
    co_await getModel(exchange, openaiModels());
  } else if (operation == "list_anthropic_models") {
    co_await listModels(exchange, anthropicModels());
  } else if (operation == "get_anthropic_model") {
    co_await getModel(exchange, anthropicModels());
  } else if (operation == "reset_credential") {
    resetCredential(exchange);
  } else {
    sendError(exchange, unknownOperation(operation));
  }
}

}  // namespace rondo::gateway
