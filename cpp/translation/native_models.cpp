#include "translation/native_models.h"

#include <algorithm>
#include <array>
#include <utility>

#include "google/plain_name.h"
#include "json/document.h"
#include "json/writer.h"
#include "translation/edits.h"

namespace rondo::translation {
namespace {

using json::Node;

// What Vertex AI counts of a request, in lower case and without underscores
// (https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens).
constexpr std::array<std::string_view, 4> kCounted = {"contents", "systeminstruction", "tools",
                                                      "generationconfig"};

std::string plainName(const Node& key) { return google::plainName(key.string()); }

class Renaming {
 public:
  explicit Renaming(const ModelChange& change) : change_(change) {}

  void changeAll(const Node& root) {
    changeIn(root);
    for (const auto& [key, value] : root.members()) {
      const auto name = plainName(key);
      if (name == "generatecontentrequest") changeIn(value);
      if (name != "requests") continue;
      for (const auto& request : value.elements()) changeIn(request);
    }
  }

  std::optional<std::string> finish(std::string_view body) && {
    if (edits_.empty()) return std::nullopt;
    return std::move(edits_).applied(body);
  }

 private:
  void changeIn(const Node& request) {
    for (const auto& [key, value] : request.members()) {
      if (plainName(key) != "model" || !value.isString()) continue;
      const auto name = change_(value.string());
      if (name) replace(value, *name);
    }
  }

  // A string's offset lies behind its quote.
  void replace(const Node& value, std::string_view text) {
    std::string quoted;
    json::appendQuoted(quoted, text);
    edits_.replace(value.offset() - 1, value.source().size(), std::move(quoted));
  }

  const ModelChange& change_;
  Edits edits_;
};

bool hasCache(const Node& request) {
  for (const auto& [key, value] : request.members()) {
    if (plainName(key) == "cachedcontent" && value.isString() && !value.text().empty()) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> withChangedModels(std::string_view body, const ModelChange& change) {
  json::Document document;
  if (!document.tryRead(body)) return std::nullopt;
  Renaming renaming(change);
  renaming.changeAll(document.root());
  return std::move(renaming).finish(body);
}

bool namesCache(std::string_view body) {
  json::Document document;
  if (!document.tryRead(body)) return false;
  if (hasCache(document.root())) return true;
  for (const auto& [key, value] : document.root().members()) {
    if (plainName(key) == "generatecontentrequest" && hasCache(value)) return true;
  }
  return false;
}

std::optional<std::string> unwrappedCount(std::string_view body) {
  json::Document document;
  if (!document.tryRead(body)) return std::nullopt;
  for (const auto& [key, request] : document.root().members()) {
    if (plainName(key) != "generatecontentrequest" || !request.isObject()) continue;
    std::string out = "{";
    for (const auto& [name, value] : request.members()) {
      if (std::ranges::find(kCounted, plainName(name)) == kCounted.end()) continue;
      if (out.size() > 1) out += ',';
      json::appendQuoted(out, name.string());
      out.append(":").append(value.source());
    }
    return out + '}';
  }
  return std::nullopt;
}

}  // namespace rondo::translation
