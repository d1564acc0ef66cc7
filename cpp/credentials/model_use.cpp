#include "credentials/model_use.h"

namespace rondo::credentials {
namespace {

// No model that Google is asked for has a blank in its name.
constexpr std::string_view kForEmbeddings = " for embeddings";
constexpr std::string_view kForAnswers = " for answers";
constexpr std::string_view kForPredictions = " for predictions";
constexpr std::string_view kForCounts = " for counts";
constexpr std::string_view kStored = " at Google";
// Of what is stored, in front of the model that makes it.
constexpr std::string_view kOf = " of ";

// "gemini-embedding-001", "text-embedding-005", "multimodalembedding@001".
bool isEmbedding(std::string_view model) { return model.contains("embedding"); }

std::string_view wordsFor(std::string_view model, ModelUse use) {
  switch (use) {
    case ModelUse::Generating: return isEmbedding(model) ? kForAnswers : std::string_view();
    case ModelUse::Embedding: return isEmbedding(model) ? std::string_view() : kForEmbeddings;
    case ModelUse::Predicting: return isEmbedding(model) ? std::string_view() : kForPredictions;
    case ModelUse::Counting: return kForCounts;
    case ModelUse::Storing: break;
  }
  return kStored;
}

}  // namespace

std::string nameInUse(std::string_view model, ModelUse use) {
  return std::string(model).append(wordsFor(model, use));
}

std::string_view modelOf(std::string_view name) {
  for (const auto words : {kForEmbeddings, kForAnswers, kForPredictions, kForCounts, kStored}) {
    if (name.ends_with(words)) return name.substr(0, name.size() - words.size());
  }
  return name;
}

std::string toldAs(std::string_view name) {
  const std::string_view own = modelOf(name);
  if (!name.ends_with(kStored)) return std::string("the model `").append(own).append("`");
  const std::string_view collection = allowedAs(name);
  std::string told = std::string("`").append(collection).append("`");
  const std::size_t model = own.find(kOf, collection.size());
  if (model == std::string_view::npos) return told;
  return told.append(" of the model `").append(own.substr(model + kOf.size())).append("`");
}

std::string_view allowedAs(std::string_view name) {
  return name.ends_with(kStored) ? name.substr(0, name.find(' ')) : modelOf(name);
}

}  // namespace rondo::credentials
