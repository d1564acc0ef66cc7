#include "gateway/model_name.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/bounds.h"
#include "gateway/client_request.h"
#include "google/model_name.h"

namespace rondo::gateway {
namespace {

bool isSet(const translation::ThinkingSuffix& suffix) { return suffix.effort || suffix.budget; }

// What a pattern says beyond its stars.
std::ptrdiff_t literals(std::string_view pattern) {
  return std::ranges::count_if(pattern, [](char c) { return c != '*'; });
}

// What stands behind the alias of just this name.
const ModelAlias* aliased(const Settings& settings, std::string_view name) {
  const auto alias = settings.modelAliases.find(name);
  return alias == settings.modelAliases.end() ? nullptr : &alias->second;
}

// The most specific pattern that the name fits, with what stands behind it.
const std::pair<const std::string, ModelAlias>* matched(const Settings& settings,
                                                        std::string_view name) {
  const std::pair<const std::string, ModelAlias>* best = nullptr;
  std::ptrdiff_t most = -1;
  for (const auto& alias : settings.modelAliases) {
    const std::string& pattern = alias.first;
    if (!isPattern(pattern) || literals(pattern) <= most || !matchesGlob(pattern, name)) continue;
    most = literals(pattern);
    best = &alias;
  }
  return best;
}

// Whether all that `inner` stands for fits `pattern`: a star of its own only a star can take.
bool isWithin(std::string_view inner, std::string_view pattern) {
  return matchesGlob(pattern, inner);
}

// A pattern may be written as a model's whole name: "models/gemini-*".
bool covers(std::string_view written, const ModelName& model) {
  const std::string pattern = google::plainModelName(written);
  if (matchesGlob(pattern, model.google)) return true;
  const bool speaksOfIt = model.family.empty() || isWithin(pattern, model.family);
  return speaksOfIt && matchesGlob(pattern, model.plain);
}

}  // namespace

bool isPattern(std::string_view alias) { return alias.find('*') != std::string_view::npos; }

ModelName nameModel(const Settings& settings, std::string_view text) {
  ModelName name;
  name.asked = trim(text);
  // An operator may have made an alias of a name with a suffix, or with a prefix.
  const ModelAlias* target = aliased(settings, name.asked);
  auto split = translation::splitModelSuffix(name.asked);
  name.plain = google::plainModelName(split.model);
  if (target) {
    split.suffix = {};
  } else {
    target = aliased(settings, split.model);
    if (!target) target = aliased(settings, name.plain);
    if (const auto* family = target ? nullptr : matched(settings, name.plain)) {
      name.family = family->first;
      target = &family->second;
    }
  }
  auto behind = translation::splitModelSuffix(target ? target->model : name.plain);
  name.google = google::plainModelName(behind.model);
  name.mode = target ? target->mode.value_or(settings.chatMode) : settings.chatMode;
  name.suffix = isSet(split.suffix) ? split.suffix : behind.suffix;
  return name;
}

Result<ModelName> readModelName(const Settings& settings, std::string_view text) {
  const auto trimmed = trim(text);
  if (trimmed.empty()) return fail(badRequest("`model` is empty.", "model"));
  if (trimmed.size() > bounds::kModelNameBytes) {
    return fail(
        badRequest("`model` is longer than " + std::to_string(bounds::kModelNameBytes) + " bytes.",
                   "model", "invalid_value"));
  }
  return nameModel(settings, trimmed);
}

bool mayUse(const Client& client, const ModelName& model) {
  return client.models.empty() ||
         std::ranges::any_of(client.models, [&model](const std::string& pattern) {
           return covers(pattern, model);
         });
}

}  // namespace rondo::gateway
