#include <algorithm>
#include <charconv>
#include <span>

#include "gateway/model_name.h"
#include "gateway/models_dialect.h"
#include "gateway/native_errors.h"
#include "json/value.h"

// Sources: ai.google.dev/api/models, cloud.google.com/vertex-ai/docs/reference/rest,
// publishers.models.

namespace rondo::gateway {
namespace {

using Names = std::vector<std::string>;

// How the lists of one back-end are.
struct Kind {
  std::string_view members;  // the list's field
  std::size_t usualPage;
  std::size_t mostOfPage;
  json::Value (*entry)(const Services& services, const std::string& name);
};

// What is said of a model of which the Gemini API says nothing.
json::Value plainEntry(const std::string& name) {
  const bool isEmbedding = name.contains("embedding");
  json::Value entry = json::Value::object();
  entry["displayName"] = name;
  entry["supportedGenerationMethods"] = {isEmbedding ? "embedContent" : "generateContent",
                                         "countTokens"};
  return entry;
}

json::Value geminiEntry(const Services& services, const std::string& name) {
  const auto told = services.catalog.entryOf(nameModel(services.settings, name).google);
  auto known = json::parse(told);
  json::Value entry = json::Value::object();
  entry["name"] = "models/" + name;
  entry.update(known ? *known : plainEntry(name));
  entry["name"] = "models/" + name;
  return entry;
}

json::Value vertexEntry(const Services&, const std::string& name) {
  json::Value entry = json::Value::object();
  entry["name"] = "publishers/google/models/" + name;
  entry["versionId"] = "default";
  return entry;
}

constexpr Kind kGemini{"models", 50, 1000, geminiEntry};
constexpr Kind kVertex{"publisherModels", 100, 1000, vertexEntry};

Result<std::size_t> readSize(const Kind& kind, const std::string& text) {
  if (text.empty()) return kind.usualPage;
  std::size_t size = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (fault != std::errc() || end != text.data() + text.size()) {
    return fail(badRequest(
        "Invalid value at 'page_size' (TYPE_INT32), \"" + text.substr(0, 20) + '"', "pageSize"));
  }
  return size == 0 ? kind.usualPage : std::min(size, kind.mostOfPage);
}

// A token is the name behind which the next page begins.
Result<std::span<const std::string>> readRest(const Names& names, const std::string& token) {
  const std::span<const std::string> all = names;
  if (token.empty()) return all;
  const auto found = std::ranges::find(names, token);
  if (found == names.end()) return fail(badRequest("Page token is not valid.", "pageToken"));
  return all.subspan(static_cast<std::size_t>(found - names.begin()) + 1);
}

Result<std::string> listOf(const Kind& kind, const Services& services, const Names& names,
                           const PageOfList& page) {
  const auto size = readSize(kind, page.limit);
  if (!size) return fail(size.error());
  const auto rest = readRest(names, page.afterId);
  if (!rest) return fail(rest.error());
  const auto shown = rest->first(std::min(*size, rest->size()));
  json::Value list = json::Value::object();
  json::Value& members = list[std::string(kind.members)] = json::Value::array();
  for (const auto& name : shown) members.push_back(kind.entry(services, name));
  if (shown.size() < rest->size()) list["nextPageToken"] = shown.back();
  return json::dump(list);
}

Result<std::string> geminiList(const Services& services, const Names& names,
                               const PageOfList& page) {
  return listOf(kGemini, services, names, page);
}

Result<std::string> vertexList(const Services& services, const Names& names,
                               const PageOfList& page) {
  return listOf(kVertex, services, names, page);
}

std::string geminiModel(const Services& services, const std::string& name) {
  return json::dump(geminiEntry(services, name));
}

std::string vertexModel(const Services& services, const std::string& name) {
  return json::dump(vertexEntry(services, name));
}

}  // namespace

const ModelsDialect& geminiModels() {
  static const ModelsDialect dialect{nativeErrors(), geminiList, geminiModel};
  return dialect;
}

const ModelsDialect& vertexModels() {
  static const ModelsDialect dialect{nativeErrors(), vertexList, vertexModel};
  return dialect;
}

}  // namespace rondo::gateway
