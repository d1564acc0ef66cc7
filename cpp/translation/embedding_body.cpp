#include "translation/embedding_body.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "google/embedding_model.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

using conversation::EmbeddingRequest;
using conversation::EmbeddingTask;
using conversation::LongTexts;
using google::Method;
using google::TaskPlace;

// The words for a task in front of a text, in the order of EmbeddingTask
// (ai.google.dev/gemini-api/docs/embeddings). Documents are said otherwise.
constexpr auto kTaskWords = std::to_array<std::string_view>({
    "search result",
    "",
    "sentence similarity",
    "classification",
    "clustering",
    "question answering",
    "fact checking",
    "code retrieval",
});

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// A title alone says that the texts are documents.
std::optional<EmbeddingTask> taskOf(const EmbeddingRequest& request) {
  if (!request.task && !request.title.empty()) return EmbeddingTask::RetrievalDocument;
  return request.task;
}

// Writes bodies for one model.
class BodyWriter {
 public:
  BodyWriter(const EmbeddingRequest& request, std::string_view model)
      : request_(request),
        model_(model),
        taskPlace_(google::taskPlaceOf(model)),
        task_(taskOf(request)) {}

  std::string batch(std::span<const std::uint32_t> indices) {
    out_.beginObject().key("requests").beginArray();
    for (const auto index : indices) {
      out_.beginObject().key("model").string("models/" + std::string(model_));
      content(index);
      if (hasTaskField()) settings("taskType");
      dimensions();
      out_.endObject();
    }
    out_.endArray().endObject();
    return std::move(body_);
  }

  std::string prediction(std::span<const std::uint32_t> indices) {
    out_.beginObject().key("instances").beginArray();
    for (const auto index : indices) {
      out_.beginObject();
      text("content", index);
      if (hasTaskField()) settings("task_type");
      out_.endObject();
    }
    out_.endArray().key("parameters").beginObject();
    dimensions();
    truncation();
    out_.endObject().endObject();
    return std::move(body_);
  }

  std::string single(std::uint32_t index) {
    out_.beginObject();
    content(index);
    out_.key("embedContentConfig").beginObject();
    if (hasTaskField()) settings("taskType");
    dimensions();
    truncation();
    out_.endObject().endObject();
    return std::move(body_);
  }

 private:
  bool hasTaskField() const { return task_ && taskPlace_ == TaskPlace::Field; }

  void content(std::uint32_t index) {
    if (!request_.contents.empty()) {
      request_.contents[index].appendTo(out_.key("content").token());
      return;
    }
    out_.key("content").beginObject().key("parts").beginArray().beginObject();
    text("text", index);
    out_.endObject().endArray().endObject();
  }

  void text(std::string_view key, std::uint32_t index) {
    std::string& token = out_.key(key).token();
    token += '"';
    if (task_ && taskPlace_ == TaskPlace::Text) sayTask(token);
    request_.texts[index].appendTo(token);
    token += '"';
  }

  // In front of a text: "task: search result | query: ", "title: none | text: ".
  void sayTask(std::string& token) const {
    if (task_ != EmbeddingTask::RetrievalDocument) {
      token.append("task: ").append(kTaskWords[static_cast<std::size_t>(*task_)]);
      token += " | query: ";
      return;
    }
    token += "title: ";
    if (request_.title.empty()) {
      token += "none";
    } else {
      request_.title.appendTo(token);
    }
    token += " | text: ";
  }

  void settings(std::string_view taskKey) {
    out_.key(taskKey).string(conversation::taskName(*task_));
    if (!request_.title.empty()) out_.key("title").string(request_.title);
  }

  void dimensions() {
    if (request_.dimensions) out_.key("outputDimensionality").integer(*request_.dimensions);
  }

  // Vertex AI cuts long texts unless told otherwise. The Gemini API can't be told.
  void truncation() { out_.key("autoTruncate").boolean(request_.longTexts == LongTexts::Cut); }

  const EmbeddingRequest& request_;
  std::string_view model_;
  TaskPlace taskPlace_;
  std::optional<EmbeddingTask> task_;
  std::string body_;
  json::Writer out_{body_};
};

}  // namespace

std::size_t estimatedTokens(const json::Text& text) {
  std::size_t halves = 0;
  for (const char c : text.spelling()) {
    halves += isLetter(c) || c == ' ' || !isAscii(c) ? 1U : 2U;
  }
  return (halves + 1) / 2;
}

std::string embeddingBody(const EmbeddingRequest& request, std::span<const std::uint32_t> indices,
                          google::Backend backend, std::string_view model) {
  BodyWriter writer(request, model);
  switch (google::embeddingCallOf(backend, model).method) {
    case Method::Predict: return writer.prediction(indices);
    case Method::EmbedContent: return writer.single(indices.front());
    default: return writer.batch(indices);
  }
}

std::string embeddingFieldOf(const std::string& googleField) {
  std::string path;
  for (const char c : toLower(googleField)) {
    if (c != '_') path += c;
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kFields = {{
      {"outputdimensionality", "dimensions"},
      {"tasktype", "task_type"},
      {"title", "title"},
      {"autotruncate", "auto_truncate"},
      {"model", "model"},
      {"content", "input"},
      {"requests", "input"},
      {"instances", "input"},
  }};
  const auto known = std::ranges::find_if(
      kFields, [&path](const auto& field) { return path.contains(field.first); });
  return known == kFields.end() ? googleField : std::string(known->second);
}

}  // namespace rondo::translation
