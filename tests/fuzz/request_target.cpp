#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "fuzz/require.h"
#include "fuzz/targets.h"
#include "openai/chat_request.h"
#include "openai/error.h"
#include "translation/answer_translator.h"
#include "translation/model_suffix.h"
#include "translation/remote_media.h"
#include "translation/request_body.h"

namespace rondo::fuzz {
namespace {

using google::Backend;
using json::Value;

struct Model {
  std::string_view name;
  Backend backend;
};

constexpr Model kModels[] = {
    {"gemini-2.0-flash", Backend::Gemini},  {"gemini-2.5-pro", Backend::Vertex},
    {"gemini-3.1-pro", Backend::Gemini},    {"gemini-3.8-flash", Backend::Vertex},
    {"gemini-4-hydrogen", Backend::Gemini}, {"gemma-3-27b-it", Backend::Gemini},
};

// A model that has refused all that it can refuse.
google::ModelLimits narrowest() {
  using enum google::Feature;
  google::ModelLimits limits;
  limits.refused = {ThinkingBudget,  Sampling,          Penalties,         Seed,
                    Logprobs,        SeveralCandidates, CallIds,           JsonSchema,
                    MediaResolution, FinalModelTurn,    SystemInstruction, ToolsWithJson,
                    ServiceTier,     ThoughtSignatures};
  limits.mostOutput = 100;
  return limits;
}

void checkError(const Error& error) {
  require(error.kind == ErrorKind::BadRequest, "a refused request is a 400", error.message);
  require(!error.message.empty(), "an error says something", error.param);
  readOwn(openai::errorBody(error), "an error is JSON");
}

std::ptrdiff_t countParts(const Value& turn, std::string_view kind) {
  return std::ranges::count_if(turn.at("parts"),
                               [kind](const Value& part) { return part.contains(kind); });
}

// The ids in a turn of the parts of that kind.
std::vector<std::string> idsIn(const Value& turn, const char* kind) {
  std::vector<std::string> ids;
  for (const Value& part : turn.at("parts")) {
    if (part.contains(kind)) ids.push_back(part.at(kind).value("id", ""));
  }
  return ids;
}

// Calls have ids all or none, no two the same one; and those of the results are the same.
void checkIds(const std::vector<std::string>& calls, const std::vector<std::string>& results,
              std::string_view body) {
  require(calls == results, "a result has its call's id", body);
  const std::set<std::string> distinct(calls.begin(), calls.end());
  const bool areAbsent = distinct.size() == 1 && distinct.contains("");
  require(areAbsent || (distinct.size() == calls.size() && !distinct.contains("")),
          "an id is in a turn once", body);
}

bool refers(const Value& value) {
  if (value.is_object() && value.contains("$ref")) return true;
  return value.is_structured() && std::ranges::any_of(value, refers);
}

void checkResponses(const Value& turn, std::string_view body) {
  for (const Value& part : turn.at("parts")) {
    if (!part.contains("functionResponse")) continue;
    require(!refers(part.at("functionResponse").at("response")), "no result refers to media", body);
  }
}

// Turns alternate, none is empty, and every call is answered in the turn after it.
void checkTurns(const Value& contents, std::string_view body) {
  require(contents.is_array() && !contents.empty(), "there is a turn", body);
  std::string_view expected = "user";
  std::ptrdiff_t calls = 0;
  std::vector<std::string> callIds;
  for (const Value& turn : contents) {
    require(json::findString(turn, "role") == expected, "user and model take turns", body);
    expected = expected == "user" ? "model" : "user";
    require(!turn.at("parts").empty(), "a turn has parts", body);
    require(countParts(turn, "functionResponse") == calls, "each call has a response", body);
    calls = countParts(turn, "functionCall");
    checkIds(callIds, idsIn(turn, "functionResponse"), body);
    callIds = idsIn(turn, "functionCall");
    checkResponses(turn, body);
  }
}

void checkTranslation(const conversation::Request& request,
                      const translation::RequestTarget& target) {
  const auto translated = translation::translateRequest(request, target);
  if (!translated) {
    checkError(translated.error());
    return;
  }
  const Value body = readOwn(translated->body, "a translated body is JSON");
  checkTurns(body.at("contents"), translated->body);
  require(std::ranges::is_sorted(translated->adjusted), "adjustments are sorted", {});
}

// Names of tools survive the way to Google and back.
void checkNames(const conversation::Request& request) {
  const translation::ToolNames names(request);
  for (const conversation::Tool& tool : request.tools) {
    require(names.toClient(names.toGoogle(tool.name)) == tool.name, "a name comes back", tool.name);
  }
}

void translateFor(const conversation::Request& request, const Model& model) {
  translation::RequestTarget target;
  target.backend = model.backend;
  target.family = google::ModelFamily::parse(model.name);
  target.credentialKind = "service_account";
  target.suffix = translation::splitModelSuffix(request.model).suffix;
  translation::FetchedMedia media;
  for (const auto& each : translation::mediaToFetch(request, target.webMedia())) {
    media.emplace(each.url, translation::Media{"image/png", "iVBORw0KGgo="});
  }
  target.media = &media;
  checkTranslation(request, target);
  target.limits = narrowest();
  target.media = nullptr;
  checkTranslation(request, target);
}

}  // namespace

void tryRequest(std::string_view input) {
  const auto chat = openai::parseChatRequest(input);
  if (!chat) {
    checkError(chat.error());
    return;
  }
  checkNames(chat->request);
  for (const Model& model : kModels) translateFor(chat->request, model);
}

}  // namespace rondo::fuzz
