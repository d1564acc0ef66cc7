#include "gateway/models_dialect.h"

#include "anthropic/messages_dialect.h"
#include "anthropic/models.h"
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

Result<std::string> anthropicList(const Services&, const std::vector<std::string>& names,
                                  const PageOfList& page) {
  return anthropic::modelListBody(names, {page.limit, page.afterId, page.beforeId});
}

std::string anthropicModel(const Services&, const std::string& name) {
  return anthropic::modelBody(name);
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
