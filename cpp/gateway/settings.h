#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/time.h"
#include "credentials/loader.h"
#include "credentials/strategy.h"
#include "host/logger.h"
#include "translation/answer_translator.h"

namespace rondo::gateway {

// What clients may name of content that is stored at Google's.
struct StoredContent {
  bool all = true;
  std::vector<std::string> prefixes;  // "gs://my-bucket/". None, without `all`: nothing.
};

// Whether explicit context caches are made for conversations that go on.
enum class ContextCaching { Off, Auto };

// How chat completions go to Google: put into the terms of its own dialect, or as they came, to its
// own endpoint for OpenAI's clients.
enum class ChatMode { Translate, Passthrough };

// What stands behind a name of MODEL_ALIASES.
struct ModelAlias {
  std::string model;
  std::optional<ChatMode> mode = {};  // None: CHAT_MODE's.
};

using ModelAliases = std::map<std::string, ModelAlias, std::less<>>;

// What the operator set, apart from the credentials. Everything has a default.
struct Settings {
  // MODEL_ALIASES: name or glob → model
  ModelAliases modelAliases;
  // MODEL_FALLBACKS: name → the models that may stand in for it, best first.
  std::map<std::string, std::vector<std::string>, std::less<>> modelFallbacks;
  credentials::Strategy strategy = credentials::Strategy::RoundRobin;  // CREDENTIAL_STRATEGY
  ChatMode chatMode = ChatMode::Translate;                             // CHAT_MODE
  std::string vertexBaseUrl;  // VERTEX_BASE_URL. Empty: Google's. No slash at the end.
  std::string geminiBaseUrl;  // GEMINI_BASE_URL
  std::string oauthTokenUrl;  // OAUTH_TOKEN_URL
  host::LogLevel logLevel = host::LogLevel::Info;  // LOG_LEVEL
  // How often one request may call a back-end for one model (MAX_ATTEMPTS, 1 to 8): a free Worker
  // has 50 subrequests for each request.
  int maxAttempts = 4;
  // How many calls the runtime lets one request make, tokens included (MAX_SUBREQUESTS): what is
  // cut into many calls stays within.
  std::size_t maxSubrequests = 45;
  // No new attempt starts after this long (ATTEMPT_DEADLINE_MS).
  Millis attemptDeadline = std::chrono::seconds(60);
  // How long a back-end may say nothing before its answer begins, and within it
  // (FIRST_BYTE_TIMEOUT_MS, IDLE_TIMEOUT_MS).
  Millis firstByteTimeout = std::chrono::seconds(300);
  Millis idleTimeout = std::chrono::seconds(120);
  // After how long a silent stream gets a comment (KEEPALIVE_MS). Zero: never.
  Millis keepAlive = std::chrono::seconds(15);
  StoredContent storedContent;                          // STORED_CONTENT
  ContextCaching contextCaching = ContextCaching::Off;  // CONTEXT_CACHE
  // Where news of the pool are posted (ALERT_WEBHOOK_URL). Empty: nowhere. Its path is a secret.
  Secret alertUrl;
  // SIGNATURES_IN_IDS
  translation::SignaturePlace signatures = translation::SignaturePlace::Field;
};

// A variable that is not what it should be. Its default holds instead.
struct SettingsProblem {
  std::string variable;
  std::string fault;
};

// A variable as an operator is told of it.
struct SettingLine {
  enum class Kind { Plain, Secret };

  std::string name;
  std::string value;     // In force. Empty: nothing. Of a secret always empty.
  std::string fallback;  // What holds without it. Empty: nothing.
  bool isSet = false;
  Kind kind = Kind::Plain;
};

struct ReadSettings {
  Settings settings;
  std::vector<SettingsProblem> problems;
  std::vector<SettingLine> lines = {};  // What was read, in this order.
};

ReadSettings readSettings(const credentials::Environment& environment);

}  // namespace rondo::gateway
