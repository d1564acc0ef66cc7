#include "gateway/settings.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>

#include "base/ascii.h"
#include "credentials/fields.h"
#include "google/model_name.h"
#include "http/url.h"
#include "json/value.h"

namespace rondo::gateway {
namespace {

using credentials::Environment;

constexpr std::size_t kMostFallbacks = 4;

std::string_view valueOf(const Environment& environment, std::string_view name) {
  for (const auto& [key, value] : environment) {
    if (key == name) return trim(value);
  }
  return {};
}

std::optional<ChatMode> modeNamed(std::string_view word) {
  if (word == "translate") return ChatMode::Translate;
  if (word == "passthrough") return ChatMode::Passthrough;
  return std::nullopt;
}

// Reads the variables one by one, and keeps what they say and what is wrong with them.
class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_(environment) {}

  // A variable that is read elsewhere.
  void note(std::string_view name, SettingLine::Kind kind) {
    const std::string_view value = valueOf(environment_, name);
    SettingLine line{std::string(name), {}, {}, !value.empty(), kind};
    if (kind == SettingLine::Kind::Plain) line.value = value;
    lines_.push_back(std::move(line));
  }

  // A name that is read elsewhere. One that is broken doesn't hold, so it isn't shown: it may be
  // anything that was pasted there by mistake.
  void noteName(std::string_view name, bool (*isName)(std::string_view),
                std::string_view fallback = {}) {
    const std::string_view value = valueOf(environment_, name);
    const bool holds = !value.empty() && isName(value);
    line(name, std::string(holds ? value : fallback), fallback);
  }

  // Each that is a credential, or an array of them.
  void noteCredentials() {
    for (const auto& [name, value] : environment_) {
      if (name.starts_with("GCP_SERVICE_ACCOUNT")) note(name, SettingLine::Kind::Secret);
    }
  }

  // One behind which paths are put.
  std::string baseUrl(std::string_view name) {
    std::string_view value = valueOf(environment_, name);
    const bool isBase = value.find_first_of("?# \t") == std::string_view::npos;
    if (!value.empty() && (!isBase || !http::parseOrigin(value))) {
      complain(name,
               isBase ? "is not an http or https URL" : "must be a URL without ?, # and blanks");
      value = {};
    }
    while (value.ends_with('/')) value.remove_suffix(1);
    return line(name, std::string(value), {});
  }

  // One that is called as it is. Whether it holds, credentials/loader.h asks alike.
  std::string url(std::string_view name) {
    std::string_view value = valueOf(environment_, name);
    if (!value.empty() && !http::parseOrigin(value)) {
      complain(name, "is not an http or https URL");
      value = {};
    }
    return line(name, std::string(value), {});
  }

  // Where a message may go that is nobody else's business.
  Secret webhook(std::string_view name) {
    note(name, SettingLine::Kind::Secret);
    const std::string_view value = valueOf(environment_, name);
    if (value.empty()) return {};
    const auto origin = http::parseOrigin(value);
    const bool isHere = origin && (origin->host == "localhost" || origin->host == "127.0.0.1");
    if (origin && (origin->scheme == "https" || isHere)) return Secret(std::string(value));
    complain(name, "is not an https URL");
    return {};
  }

  std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high,
                       std::int64_t fallback) {
    const auto number = wholeNumber(name, low, high).value_or(fallback);
    line(name, std::to_string(number), std::to_string(fallback));
    return number;
  }

  host::LogLevel logLevel(std::string_view name) {
    using enum host::LogLevel;
    const auto value =
        oneOf(name, {"info", "debug", "warn", "error"}, "is none of debug, info, warn, error");
    if (value == "debug") return Debug;
    if (value == "warn") return Warn;
    return value == "error" ? Error : Info;
  }

  credentials::Strategy strategy(std::string_view name) {
    using enum credentials::Strategy;
    const auto value = oneOf(name, {"round_robin", "sticky", "fill_first"},
                             "is none of round_robin, sticky, fill_first");
    if (value == "sticky") return Sticky;
    return value == "fill_first" ? FillFirst : RoundRobin;
  }

  ChatMode chatMode(std::string_view name) {
    const auto value =
        oneOf(name, {"translate", "passthrough"}, "is neither translate nor passthrough");
    return modeNamed(value).value_or(ChatMode::Translate);
  }

  translation::SignaturePlace signatures(std::string_view name) {
    using enum translation::SignaturePlace;
    const auto value = oneOf(name, {"false", "true"}, "is neither true nor false");
    return value == "true" ? CallId : Field;
  }

  ContextCaching contextCaching(std::string_view name) {
    const auto value = oneOf(name, {"off", "auto"}, "is neither off nor auto");
    return value == "auto" ? ContextCaching::Auto : ContextCaching::Off;
  }

  // `off`, or prefixes separated by commas. A broken one lets nothing be named.
  StoredContent storedContent(std::string_view name) {
    auto content = readStoredContent(name);
    std::string words = content.all ? "" : "off";
    for (const auto& prefix : content.prefixes) {
      words = &prefix == &content.prefixes.front() ? prefix : words + "," + prefix;
    }
    line(name, std::move(words), {});
    return content;
  }

  StoredContent readStoredContent(std::string_view name) {
    std::string_view value = valueOf(environment_, name);
    if (value.empty()) return {};
    StoredContent content{false, {}};
    if (toLower(value) == "off") return content;
    while (!value.empty()) {
      const auto prefix = trim(value.substr(0, value.find(',')));
      value.remove_prefix(std::min(value.size(), value.find(',')));
      if (value.starts_with(',')) value.remove_prefix(1);
      const bool isPrefix = prefix.find_first_of("/:") != std::string_view::npos &&
                            prefix.find_first_of(" \t\"'[]") == std::string_view::npos;
      if (!isPrefix) {
        complain(name, "is neither `off` nor a list of prefixes such as gs://my-bucket/");
        return {false, {}};
      }
      content.prefixes.emplace_back(prefix);
    }
    return content;
  }

  // The members that `read` gives a value for, by what `nameOf` makes of their keys; of no key is
  // nothing left that is none. The others are complained of as not `expected`.
  template <class T>
  std::map<std::string, T, std::less<>> map(std::string_view name, std::string_view expected,
                                            std::string (*nameOf)(std::string_view),
                                            std::optional<T> (*read)(const json::Value&)) {
    std::map<std::string, T, std::less<>> map;
    json::Value inForce = json::Value::object();
    const auto document = object(name);
    for (const auto& [written, member] : document.items()) {
      const std::string key = nameOf(written);
      auto held = key.empty() ? std::nullopt : read(member);
      if (held) {
        map.emplace(key, std::move(*held));
        inForce[key] = member;
      } else {
        complain(name, "\"" + written + "\" is not mapped to " + std::string(expected));
      }
    }
    line(name, map.empty() ? std::string() : json::dump(inForce), {});
    return map;
  }

  // Has an alias of an alias stand for its model, and takes out those that lead to none.
  void followAliases(std::string_view name, ModelAliases& aliases) {
    ModelAliases followed;
    for (const auto& [key, alias] : aliases) {
      if (auto end = endOf(alias, aliases)) {
        followed.emplace(key, std::move(*end));
      } else {
        complain(name, "\"" + key + "\" leads to no model: it goes round in a circle");
      }
    }
    aliases = std::move(followed);
  }

  std::vector<SettingLine> takeLines() { return std::move(lines_); }

  std::vector<SettingsProblem> takeProblems() { return std::move(problems_); }

 private:
  // What is mapped to itself is a model's own name.
  static std::optional<ModelAlias> endOf(ModelAlias alias, const ModelAliases& aliases) {
    for (std::size_t step = 0; step <= aliases.size(); ++step) {
      const auto next = aliases.find(alias.model);
      if (next == aliases.end() || next->second.model == alias.model) return alias;
      alias.model = next->second.model;
      if (!alias.mode) alias.mode = next->second.mode;
    }
    return std::nullopt;
  }

  // An object; an empty one where there is none.
  json::Value object(std::string_view name) {
    const std::string_view value = valueOf(environment_, name);
    if (value.empty()) return json::Value::object();
    auto document = json::parse(value);
    if (document && document->is_object()) return std::move(*document);
    complain(name, "is not a JSON object");
    return json::Value::object();
  }

  std::optional<std::int64_t> wholeNumber(std::string_view name, std::int64_t low,
                                          std::int64_t high) {
    const std::string_view value = valueOf(environment_, name);
    if (value.empty()) return std::nullopt;
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error == std::errc{} && stop == end && number >= low && number <= high) return number;
    complain(name,
             "is not a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return std::nullopt;
  }

  // One of the words, of which the first is the default.
  std::string oneOf(std::string_view name, std::initializer_list<std::string_view> words,
                    std::string_view fault) {
    std::string value = toLower(valueOf(environment_, name));
    const bool isKnown = std::ranges::find(words, value) != words.end();
    if (!isKnown && !value.empty()) complain(name, std::string(fault));
    if (!isKnown) value = *words.begin();
    return line(name, std::move(value), *words.begin());
  }

  // Keeps what holds, and gives it.
  std::string line(std::string_view name, std::string value, std::string_view fallback) {
    const bool isSet = !valueOf(environment_, name).empty();
    lines_.push_back(
        {std::string(name), value, std::string(fallback), isSet, SettingLine::Kind::Plain});
    return value;
  }

  void complain(std::string_view variable, std::string fault) {
    problems_.push_back({std::string(variable), std::move(fault)});
  }

  const Environment& environment_;
  std::vector<SettingsProblem> problems_;
  std::vector<SettingLine> lines_;
};

std::string aliasNamed(std::string_view key) { return std::string(trim(key)); }

// Patterns are for aliases alone.
std::string modelNamed(std::string_view key) {
  std::string model = google::plainModelName(trim(key));
  if (model.contains('*')) model.clear();
  return model;
}

std::optional<std::string> readText(const json::Value& member) {
  const auto text = json::asString(member);
  if (!text || text->empty()) return std::nullopt;
  return std::string(*text);
}

// A model's name, or an object of it and its mode.
std::optional<ModelAlias> readAlias(const json::Value& member) {
  if (auto name = readText(member)) return ModelAlias{std::move(*name)};
  if (!member.is_object()) return std::nullopt;
  ModelAlias alias;
  for (const auto& [key, value] : member.items()) {
    auto text = readText(value);
    if (!text) return std::nullopt;
    if (key == "model") {
      alias.model = std::move(*text);
    } else {
      alias.mode = key == "mode" ? modeNamed(*text) : std::nullopt;
      if (!alias.mode) return std::nullopt;
    }
  }
  return alias.model.empty() ? std::nullopt : std::optional(std::move(alias));
}

// One name, or an array of names.
std::optional<std::vector<std::string>> readNames(const json::Value& member) {
  if (const auto one = readText(member)) return std::vector{*one};
  if (!member.is_array() || member.empty() || member.size() > kMostFallbacks) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& element : member) {
    auto name = readText(element);
    if (!name) return std::nullopt;
    names.push_back(std::move(*name));
  }
  return names;
}

}  // namespace

ReadSettings readSettings(const Environment& environment) {
  Reader reader(environment);
  Settings settings;
  settings.modelAliases = reader.map(
      "MODEL_ALIASES", R"(a model, or to {"model":…,"mode":"translate" or "passthrough"})",
      aliasNamed, readAlias);
  reader.followAliases("MODEL_ALIASES", settings.modelAliases);
  settings.modelFallbacks = reader.map(
      "MODEL_FALLBACKS", "one to four models, or is no model itself", modelNamed, readNames);
  settings.strategy = reader.strategy("CREDENTIAL_STRATEGY");
  settings.chatMode = reader.chatMode("CHAT_MODE");
  settings.vertexBaseUrl = reader.baseUrl("VERTEX_BASE_URL");
  settings.geminiBaseUrl = reader.baseUrl("GEMINI_BASE_URL");
  settings.oauthTokenUrl = reader.url("OAUTH_TOKEN_URL");
  settings.logLevel = reader.logLevel("LOG_LEVEL");
  settings.maxAttempts = static_cast<int>(reader.integer("MAX_ATTEMPTS", 1, 8, 4));
  settings.maxSubrequests =
      static_cast<std::size_t>(reader.integer("MAX_SUBREQUESTS", 10, 10'000, 45));
  settings.attemptDeadline = Millis{reader.integer("ATTEMPT_DEADLINE_MS", 100, 600'000, 60'000)};
  settings.firstByteTimeout =
      Millis{reader.integer("FIRST_BYTE_TIMEOUT_MS", 100, 3'600'000, 300'000)};
  settings.idleTimeout = Millis{reader.integer("IDLE_TIMEOUT_MS", 100, 3'600'000, 120'000)};
  settings.keepAlive = Millis{reader.integer("KEEPALIVE_MS", 0, 600'000, 15'000)};
  settings.signatures = reader.signatures("SIGNATURES_IN_IDS");
  settings.storedContent = reader.storedContent("STORED_CONTENT");
  settings.contextCaching = reader.contextCaching("CONTEXT_CACHE");
  settings.alertUrl = reader.webhook("ALERT_WEBHOOK_URL");
  reader.noteName("GOOGLE_CLOUD_PROJECT", credentials::isProject);
  reader.noteName("GOOGLE_CLOUD_LOCATION", credentials::isLocation, "global");
  reader.note("OAUTH_CLIENT_ID", SettingLine::Kind::Plain);
  reader.note("OAUTH_CLIENT_SECRET", SettingLine::Kind::Secret);
  reader.noteCredentials();
  return {std::move(settings), reader.takeProblems(), reader.takeLines()};
}

}  // namespace rondo::gateway
