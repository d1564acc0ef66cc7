#include "gateway/models_dialect.h"

#include <utility>

#include "anthropic/messages_dialect.h"
#include "anthropic/models.h"
#include "json/document.h"
#include "openai/chat_dialect.h"
#include "openai/models.h"

namespace rondo::gateway {
namespace {

openai::Model describe(const std::string& name) { return {name, 0, "google"}; }

// OpenAI's lists have no pages.
Result<std::string> openaiList(const Services&, const std::vector<std::string>& names,
                               const PageOfList&) {
  std::vector<openai::Model> models;
  for (const std::string& name : names) models.push_back(describe(name));
  return openai::modelListBody(models);
}

std::string openaiModel(const Services&, const std::string& name) {
  return openai::modelBody(describe(name));
}

// What the Gemini API calls it for people. An alias is a name that the operator gave.
anthropic::Model nameForPeople(const Services& services, const std::string& name) {
  json::Document entry;
  const bool isKnown = !services.settings.modelAliases.contains(name) &&
                       entry.tryRead(services.catalog.entryOf(name));
  std::string displayName = isKnown ? entry.root().find("displayName").string() : std::string();
  return {name, displayName.empty() ? name : std::move(displayName)};
}

Result<std::string> anthropicList(const Services& services, const std::vector<std::string>& names,
                                  const PageOfList& page) {
  std::vector<anthropic::Model> models;
  for (const std::string& name : names) models.push_back(nameForPeople(services, name));
  return anthropic::modelListBody(models, {page.limit, page.afterId, page.beforeId});
}

std::string anthropicModel(const Services& services, const std::string& name) {
  return anthropic::modelBody(nameForPeople(services, name));
}

}  // namespace

const ModelsDialect& openaiModels() {
  static const ModelsDialect dialect{openai::chatDialect(), openaiList, openaiModel};
  return dialect;
}

const ModelsDialect& anthropicModels() {
  static const ModelsDialect dialect{anthropic::messagesDialect(), anthropicList, anthropicModel};
  return dialect;
}

}  // namespace rondo::gateway
