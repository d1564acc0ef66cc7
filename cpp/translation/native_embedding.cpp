#include "translation/native_embedding.h"

#include <optional>
#include <span>
#include <utility>

#include "google/embedding_model.h"
#include "google/model_name.h"
#include "google/plain_name.h"
#include "json/document.h"
#include "json/number_text.h"

namespace rondo::translation {
namespace {

using conversation::EmbeddingRequest;
using conversation::EmbeddingTask;
using json::Node;

// As many as Google takes.
constexpr std::size_t kMostRequests = 100;

std::string_view whenExact(EmbeddingVerb verb) {
  if (verb == EmbeddingVerb::One) {
    return "`embedContent` goes to Vertex AI as `predict`, which it can where the content is one "
           "text: ";
  }
  return "`batchEmbedContents` goes to Vertex AI as calls of its own, which it can where all "
         "requests have one text each and the same settings: ";
}

std::string_view messageOf(EmbeddingVerb verb) {
  return verb == EmbeddingVerb::One ? "EmbedContentRequest." : "BatchEmbedContentsRequest.";
}

// One of the requests.
struct Wanted {
  json::Text text;                        // Empty where `content` stands in its place.
  std::optional<json::Fragment> content;  // As it is spelled.
  std::optional<EmbeddingTask> task;
  json::Text title;
  std::optional<std::int64_t> dimensions;

  bool hasSettingsOf(const Wanted& other) const {
    return task == other.task && dimensions == other.dimensions &&
           title.plain() == other.title.plain();
  }
};

class Reader {
 public:
  Reader(EmbeddingVerb verb, std::string_view asked, std::string_view google)
      : verb_(verb),
        asked_(asked),
        google_(google),
        takesContents_(google::embeddingCallOf(google::Backend::Vertex, google).method ==
                       google::Method::EmbedContent) {}

  Result<EmbeddingRequest> read(const Node& root) {
    if (verb_ == EmbeddingVerb::One) {
      keep(readOne(root));
    } else {
      readBatch(root);
    }
    if (fault_) return fail(std::move(*fault_));
    return std::move(request_);
  }

 private:
  void report(Error error) {
    if (!fault_) fault_ = std::move(error);
  }

  Error inexact(std::string param, std::string_view why) const {
    return badRequest(std::string(whenExact(verb_)).append(why) +
                          " An API key of the Gemini API takes it as it is.",
                      std::move(param), "method_not_supported");
  }

  Error refused(std::string param, std::string_view words) const {
    return badRequest(
        std::string("* ").append(messageOf(verb_)).append(param).append(": ").append(words), param);
  }

  std::string at(std::string_view field) const {
    return path_.empty() ? std::string(field) : path_ + "." + std::string(field);
  }

  void readBatch(const Node& root) {
    for (const auto& [key, value] : root.members()) {
      const auto name = google::plainName(key.string());
      if (name == "requests") {
        readAll(value);
      } else if (name != "model") {
        report(inexact(key.string(), "this field isn't known."));
      }
    }
    if (request_.count() == 0) report(refused("requests", "requests is required"));
  }

  void readAll(const Node& requests) {
    std::optional<Wanted> first;
    for (const auto& each : requests.elements()) {
      path_ = "requests[" + std::to_string(request_.count()) + "]";
      const auto wanted = readOne(each);
      if (fault_) return;
      if (first && !wanted.hasSettingsOf(*first)) {
        return report(inexact(path_, "these differ."));
      }
      if (!first) first = wanted;
      keep(wanted);
    }
    if (request_.count() > kMostRequests) {
      return report(refused("requests", "at most 100 requests can be in one batch"));
    }
  }

  void keep(const Wanted& wanted) {
    keepSettings(wanted);
    if (wanted.content) {
      request_.contents.push_back(*wanted.content);
    } else {
      request_.texts.push_back(wanted.text);
    }
  }

  // The models that read the task in the text heed no field.
  void keepSettings(const Wanted& wanted) {
    request_.dimensions = wanted.dimensions;
    request_.longTexts = conversation::LongTexts::Cut;
    if (google::taskPlaceOf(google_) == google::TaskPlace::Text) return;
    request_.task = wanted.task;
    request_.title = wanted.title;
  }

  Wanted readOne(const Node& request) {
    Wanted wanted;
    for (const auto& [key, value] : request.members()) {
      if (value.isNull()) continue;
      const auto name = google::plainName(key.string());
      if (name == "model") {
        checkModel(value);
      } else if (name == "content") {
        readContent(value, wanted);
      } else if (name == "tasktype") {
        wanted.task = readTask(value);
      } else if (name == "title" && value.isString()) {
        wanted.title = value.text();
      } else if (name == "outputdimensionality" && value.integer()) {
        wanted.dimensions = value.integer();
      } else {
        report(inexact(at(key.string()), "this field isn't known."));
      }
    }
    if (!wanted.content && wanted.text.empty())
      report(refused(at("content"), "content is required"));
    return wanted;
  }

  void checkModel(const Node& model) {
    const auto name = google::plainModelName(model.string());
    if (name == google::plainModelName(asked_) || name == google_) return;
    report(refused(at("model"), "model must match the model in the URL"));
  }

  // Where Vertex AI has a verb that takes contents, they go there as they are.
  void readContent(const Node& content, Wanted& wanted) {
    for (const auto& [key, value] : content.members()) {
      if (google::plainName(key.string()) != "parts") continue;
      if (!takesContents_) {
        wanted.text = readParts(value);
      } else if (value.elements().begin() != value.elements().end()) {
        wanted.content = content.fragment();
      }
    }
  }

  json::Text readParts(const Node& parts) {
    json::Text text;
    std::size_t count = 0;
    for (const auto& part : parts.elements()) {
      ++count;
      for (const auto& [key, value] : part.members()) {
        const bool isText = key.text() == "text" && value.isString();
        if (!isText) report(inexact(at("content"), "this one holds something else."));
        text = value.text();
      }
    }
    if (count > 1) report(inexact(at("content"), "this one has several parts."));
    return text;
  }

  std::optional<EmbeddingTask> readTask(const Node& value) {
    const auto word = value.string();
    if (word == "TASK_TYPE_UNSPECIFIED") return std::nullopt;
    const auto task = conversation::parseEmbeddingTask(word);
    if (!task) report(inexact(at("task_type"), "this task type isn't known."));
    return task;
  }

  EmbeddingVerb verb_;
  std::string_view asked_;
  std::string_view google_;
  bool takesContents_;
  EmbeddingRequest request_;
  std::string path_;
  std::optional<Error> fault_;
};

std::string vectorOf(std::span<const float> numbers) {
  std::string text = R"({"values":[)";
  for (const float& number : numbers) {
    if (&number != numbers.data()) text += ',';
    json::appendFloat(text, number);
  }
  return text += "]}";
}

}  // namespace

Result<EmbeddingRequest> readNativeEmbedding(EmbeddingVerb verb, std::string_view body,
                                             std::string_view asked, std::string_view google) {
  json::Document document;
  if (auto read = document.read(body); !read) return fail(std::move(read.error()));
  return Reader(verb, asked, google).read(document.root());
}

std::string nativeEmbeddingAnswer(EmbeddingVerb verb, const conversation::Vectors& vectors) {
  if (verb == EmbeddingVerb::One) return R"({"embedding":)" + vectorOf(vectors.at(0)) + "}";
  std::string body = R"({"embeddings":[)";
  for (std::size_t index = 0; index < vectors.count(); ++index) {
    body.append(index == 0 ? "" : ",").append(vectorOf(vectors.at(index)));
  }
  return body += "]}";
}

}  // namespace rondo::translation
