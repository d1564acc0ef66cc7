#include "gateway/settings.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii.h"
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

// Reads the variables one by one and keeps what is wrong with them.
class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_(environment) {}

  std::string url(std::string_view name) {
    std::string_view value = valueOf(environment_, name);
    if (value.empty()) return {};
    if (!http::parseOrigin(value)) {
      complain(name, "is not an http or https URL");
      return {};
    }
    while (value.ends_with('/')) value.remove_suffix(1);
    return std::string(value);
  }

  std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high,
                       std::int64_t fallback) {
    const std::string_view value = valueOf(environment_, name);
    if (value.empty()) return fallback;
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error == std::errc{} && stop == end && number >= low && number <= high) return number;
    complain(name,
             "is not a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return fallback;
  }

  host::LogLevel logLevel(std::string_view name) {
    using enum host::LogLevel;
    const std::string value = toLower(valueOf(environment_, name));
    if (value == "debug") return Debug;
    if (value == "warn") return Warn;
    if (value == "error") return Error;
    if (!value.empty() && value != "info") complain(name, "is none of debug, info, warn, error");
    return Info;
  }

  credentials::Strategy strategy(std::string_view name) {
    using enum credentials::Strategy;
    const std::string value = toLower(valueOf(environment_, name));
    if (value == "sticky") return Sticky;
    if (value == "fill_first") return FillFirst;
    if (!value.empty() && value != "round_robin") {
      complain(name, "is none of round_robin, sticky, fill_first");
    }
    return RoundRobin;
  }

  translation::SignaturePlace signatures(std::string_view name) {
    using enum translation::SignaturePlace;
    const std::string value = toLower(valueOf(environment_, name));
    if (value == "true") return CallId;
    if (!value.empty() && value != "false") complain(name, "is neither true nor false");
    return Field;
  }

  // `off`, or prefixes separated by commas. A broken one lets nothing be named.
  StoredContent storedContent(std::string_view name) {
    std::string_view value = valueOf(environment_, name);
    if (value.empty()) return {};
    StoredContent content{false, {}};
    if (toLower(value) == "off") return content;
    while (!value.empty()) {
      const auto prefix = trim(value.substr(0, value.find(',')));
      value.remove_prefix(std::min(value.size(), value.find(',')));
      if (value.starts_with(',')) value.remove_prefix(1);
      if (prefix.find_first_of("/:") == std::string_view::npos) {
        complain(name, "is neither `off` nor a list of prefixes such as gs://my-bucket/");
        return {false, {}};
      }
      content.prefixes.emplace_back(prefix);
    }
    return content;
  }

  // The members that `read` gives a value for; the others are complained of as not `expected`.
  template <class T>
  std::map<std::string, T, std::less<>> map(std::string_view name, std::string_view expected,
                                            std::optional<T> (*read)(const json::Value&)) {
    std::map<std::string, T, std::less<>> map;
    const std::string_view value = valueOf(environment_, name);
    if (value.empty()) return map;
    const auto document = json::parse(value);
    if (!document || !document->is_object()) {
      complain(name, "is not a JSON object");
      return map;
    }
    for (const auto& [key, member] : document->items()) {
      auto held = key.empty() ? std::nullopt : read(member);
      if (held) {
        map.emplace(key, std::move(*held));
      } else {
        complain(name, "\"" + key + "\" is not mapped to " + std::string(expected));
      }
    }
    return map;
  }

  std::vector<SettingsProblem> takeProblems() { return std::move(problems_); }

 private:
  void complain(std::string_view variable, std::string fault) {
    problems_.push_back({std::string(variable), std::move(fault)});
  }

  const Environment& environment_;
  std::vector<SettingsProblem> problems_;
};

std::optional<std::string> readText(const json::Value& member) {
  const auto text = json::asString(member);
  if (!text || text->empty()) return std::nullopt;
  return std::string(*text);
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
  settings.modelAliases = reader.map("MODEL_ALIASES", "a text", readText);
  settings.modelFallbacks = reader.map("MODEL_FALLBACKS", "one to four models", readNames);
  settings.strategy = reader.strategy("CREDENTIAL_STRATEGY");
  settings.vertexBaseUrl = reader.url("VERTEX_BASE_URL");
  settings.geminiBaseUrl = reader.url("GEMINI_BASE_URL");
  settings.oauthTokenUrl = reader.url("OAUTH_TOKEN_URL");
  settings.logLevel = reader.logLevel("LOG_LEVEL");
  settings.maxAttempts = static_cast<int>(reader.integer("MAX_ATTEMPTS", 1, 8, 4));
  settings.attemptDeadline = Millis{reader.integer("ATTEMPT_DEADLINE_MS", 100, 600'000, 60'000)};
  settings.firstByteTimeout =
      Millis{reader.integer("FIRST_BYTE_TIMEOUT_MS", 100, 3'600'000, 300'000)};
  settings.idleTimeout = Millis{reader.integer("IDLE_TIMEOUT_MS", 100, 3'600'000, 120'000)};
  settings.keepAlive = Millis{reader.integer("KEEPALIVE_MS", 0, 600'000, 15'000)};
  settings.signatures = reader.signatures("SIGNATURES_IN_IDS");
  settings.storedContent = reader.storedContent("STORED_CONTENT");
  return {std::move(settings), reader.takeProblems()};
}

}  // namespace rondo::gateway
