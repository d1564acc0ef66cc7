#include "gateway/resource_name.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "credentials/model_use.h"
#include "gateway/resource_address.h"
#include "google/plain_name.h"
#include "json/value.h"

namespace rondo::gateway {
namespace {

// Longer ones are made up. Google's longest has some fifty.
constexpr std::size_t kMostOfModel = 64;

constexpr bool isOfModels(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == '@';
}

// "gemini-3.8-flash" of "projects/p/locations/l/publishers/google/models/gemini-3.8-flash".
std::string bareName(std::string_view name) {
  name = trim(name);
  name.remove_prefix(name.rfind('/') + 1);
  const bool isName = name.size() <= kMostOfModel && std::ranges::all_of(name, isOfModels);
  return isName ? std::string(name) : std::string();
}

// Walks over the members of a body's object. What lies in them is passed over.
class TopMembers {
 public:
  explicit TopMembers(std::string_view body) : rest_(body) {}

  std::string model() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"') {
        const auto text = takeString();
        if (!text) break;
        if (depth_ != 1) continue;
        if (isValue_ && isOfModel_) return bareName(plain(*text));
        if (!isValue_) isOfModel_ = isModel(*text);
        continue;
      }
      if (c == '{' || c == '[') ++depth_;
      if (c == '}' || c == ']') --depth_;
      if (depth_ == 1 && (c == ':' || c == ',')) isValue_ = c == ':';
      rest_.remove_prefix(1);
    }
    return {};
  }

 private:
  // What stands between the quotes. Nothing when the body breaks off in it.
  std::optional<std::string_view> takeString() {
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '\\') {
        ++at;
      } else if (rest_[at] == '"') {
        const auto text = rest_.substr(1, at - 1);
        rest_.remove_prefix(at + 1);
        return text;
      }
    }
    return std::nullopt;
  }

  static bool isModel(std::string_view key) {
    const auto name = google::plainName(key);
    return name == "model" || name == "agent";
  }

  static std::string plain(std::string_view spelling) {
    const auto value = json::parse('"' + std::string(spelling) + '"');
    return value && value->is_string() ? value->get<std::string>() : std::string();
  }

  std::string_view rest_;
  int depth_ = 0;
  bool isValue_ = false;
  bool isOfModel_ = false;
};

Targets targetsFor(std::string_view collection, std::string_view name) {
  ModelName model;
  model.asked = model.plain = collection;
  model.google = credentials::nameInUse(name, credentials::ModelUse::Storing);
  return {std::move(model), {}};
}

}  // namespace

std::string collectionOf(const NativeCall& call) { return readResourcePath(call.path).collection; }

bool isCompatible(const NativeCall& call) {
  const auto collection = collectionOf(call);
  return collection == "openai" || collection == "endpoints";
}

bool isMaking(const NativeCall& call) {
  if (call.way == NativeCall::Way::Upload) return true;
  // Below OpenAI's paths the collections are one step further on.
  const bool isOfNothing = isCompatible(call) || readResourcePath(call.path).id.empty();
  return call.method == "POST" && isOfNothing;
}

bool isBegunUpload(const NativeCall& call) {
  return call.way == NativeCall::Way::Upload && parameterIn(call.query, "upload_id").has_value();
}

Targets targetsOfMaking(std::string_view collection, std::string_view model) {
  if (model.empty()) return targetsFor(collection, collection);
  return targetsFor(collection, std::string(collection).append(" of ").append(model));
}

Targets targetsOfBegun(std::string_view collection) {
  return targetsFor(collection, std::string(collection).append(" begun"));
}

Targets targetsOfKept(std::string_view collection) {
  return targetsFor(collection, std::string(collection).append(" kept"));
}

std::string modelNamedIn(std::string_view body) { return TopMembers(body).model(); }

std::string_view googleModelIn(std::string_view name) {
  constexpr std::string_view kFull = "publishers/google/models/";
  const auto at = name.find(kFull);
  if (at != std::string_view::npos) return name.substr(at + kFull.size());
  for (const std::string_view prefix : {"models/", "google/"}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  return name.contains('/') ? std::string_view() : name;
}

}  // namespace rondo::gateway
