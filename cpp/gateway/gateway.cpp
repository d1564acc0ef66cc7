#include "gateway/gateway.h"

#include "gateway/answers.h"
#include "gateway/observed_reply.h"
#include "gateway/operations.h"

namespace rondo::gateway {
namespace {

using host::LogLevel;

// A model's name comes from the client and may be of any length.
constexpr std::size_t kMostModelBytes = 128;

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

}  // namespace

Gateway::Gateway(Configuration configuration, host::Host host)
    : Gateway(configuration, load(configuration), readSettings(configuration.environment), host) {}

Gateway::Gateway(const Configuration& configuration, credentials::LoadedCredentials loaded,
                 ReadSettings read, host::Host host)
    : kv_(configuration.kv),
      settings_(std::move(read.settings)),
      logger_(host.logger, settings_.logLevel),
      host_{host.clock, host.entropy, logger_, host.signals},
      pool_(std::move(loaded.credentials)),
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
  return {kv_, settings_, host_, pool_, auth_, catalog_, signatures_, limits_};
}

Task<void> Gateway::serve(Request request, host::Io io, host::Reply& reply) {
  const Instant start = host_.clock.now();
  ObservedReply observed(reply);
  Exchange exchange{services(), std::move(request), io, observed};
  co_await operate(exchange);
  logRequest(exchange.request, observed.head(), host_.clock.now() - start);
}

Task<void> Gateway::operate(Exchange& exchange) {
  const std::string& operation = exchange.request.operation;
  if (operation == "health") {
    reportHealth(exchange);
  } else if (kv_ == KvBinding::Missing) {
    sendError(exchange.reply, kvBindingMissing());
  } else if (operation == "chat_completions") {
    co_await chatCompletions(exchange);
  } else if (operation == "list_models") {
    co_await listModels(exchange);
  } else if (operation == "get_model") {
    co_await getModel(exchange);
  } else {
    sendError(exchange.reply, unknownOperation(operation));
  }
}

void Gateway::logRequest(const Request& request, const http::ResponseHead& head, Millis took) {
  const auto told = [&head](std::string_view name) {
    return std::string(head.headers.get(name).value_or(""));
  };
  logger_.log(LogLevel::Info, "request",
              {{"request", request.id},
               {"operation", request.operation},
               {"client", request.client.name},
               {"model", request.modelId.substr(0, kMostModelBytes)},
               {"credential", told("x-rondo-credential")},
               {"attempts", told("x-rondo-attempts")},
               {"status", std::int64_t{head.status}},
               {"ms", took.count()}});
}

}  // namespace rondo::gateway
