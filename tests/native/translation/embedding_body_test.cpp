#include "translation/embedding_body.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rondo::translation {
namespace {

using conversation::EmbeddingRequest;
using conversation::EmbeddingTask;
using google::Backend;

json::Text textOf(std::string_view spelling) { return {spelling, json::Text::Escapes::Present}; }

EmbeddingRequest twoTexts() {
  EmbeddingRequest request;
  request.texts = {textOf("a"), textOf(R"(b\n)")};
  return request;
}

std::string bodyOf(const EmbeddingRequest& request, Backend backend, std::string_view model,
                   std::vector<std::uint32_t> indices = {0, 1}) {
  return embeddingBody(request, indices, backend, model);
}

TEST(EmbeddingBody, IsABatchForTheGeminiApi) {
  auto request = twoTexts();
  request.task = EmbeddingTask::RetrievalDocument;
  request.title = textOf("T");
  request.dimensions = 256;
  EXPECT_EQ(
      bodyOf(request, Backend::Gemini, "gemini-embedding-001"),
      R"({"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]},)"
      R"("taskType":"RETRIEVAL_DOCUMENT","title":"T","outputDimensionality":256},)"
      R"({"model":"models/gemini-embedding-001","content":{"parts":[{"text":"b\n"}]},)"
      R"("taskType":"RETRIEVAL_DOCUMENT","title":"T","outputDimensionality":256}]})");
}

TEST(EmbeddingBody, IsAPredictionForVertexAi) {
  auto request = twoTexts();
  request.task = EmbeddingTask::Clustering;
  request.dimensions = 256;
  EXPECT_EQ(bodyOf(request, Backend::Vertex, "text-embedding-005"),
            R"({"instances":[{"content":"a","task_type":"CLUSTERING"},)"
            R"({"content":"b\n","task_type":"CLUSTERING"}],)"
            R"("parameters":{"outputDimensionality":256,"autoTruncate":false}})");
}

TEST(EmbeddingBody, IsOneContentForVertexAisNewerModels) {
  auto request = twoTexts();
  request.task = EmbeddingTask::SemanticSimilarity;
  request.longTexts = conversation::LongTexts::Cut;
  EXPECT_EQ(bodyOf(request, Backend::Vertex, "gemini-embedding-2", {1}),
            R"({"content":{"parts":[{"text":"task: sentence similarity | query: b\n"}]},)"
            R"("embedContentConfig":{"autoTruncate":true}})");
}

TEST(EmbeddingBody, HoldsAContentAsItIsSpelled) {
  const std::string content = R"({"parts": [{"text":"a"}, {"inlineData":{"data":"AA=="}}]})";
  EmbeddingRequest request;
  request.contents = {{R"({"parts":[]})", json::Text::Escapes::Absent},
                      {content, json::Text::Escapes::Absent}};
  request.dimensions = 3;
  EXPECT_EQ(bodyOf(request, Backend::Vertex, "gemini-embedding-2", {1}),
            R"({"content":)" + content +
                R"(,"embedContentConfig":{"outputDimensionality":3,"autoTruncate":false}})");
}

TEST(EmbeddingBody, SaysDocumentsInTheTextWithTheirTitle) {
  auto request = twoTexts();
  request.title = textOf(R"(A \"T\")");
  EXPECT_EQ(bodyOf(request, Backend::Gemini, "gemini-embedding-2", {0}),
            R"({"requests":[{"model":"models/gemini-embedding-2",)"
            R"("content":{"parts":[{"text":"title: A \"T\" | text: a"}]}}]})");
}

TEST(EstimatedTokens, AreRatherTooMany) {
  EXPECT_EQ(estimatedTokens(textOf("word")), 2U);
  EXPECT_EQ(estimatedTokens(textOf("2026")), 4U);
  EXPECT_EQ(estimatedTokens(textOf("{};")), 3U);
  EXPECT_EQ(estimatedTokens(textOf("世界")), 3U);
  EXPECT_EQ(estimatedTokens(textOf("a")), 1U);
}

TEST(EmbeddingFields, AreNamedAsTheClientKnowsThem) {
  EXPECT_EQ(embeddingFieldOf("output_dimensionality"), "dimensions");
  EXPECT_EQ(embeddingFieldOf("requests[3].outputDimensionality"), "dimensions");
  EXPECT_EQ(embeddingFieldOf("embed_content_config.task_type"), "task_type");
  EXPECT_EQ(embeddingFieldOf("requests[3].content"), "input");
  EXPECT_EQ(embeddingFieldOf("instances"), "input");
  EXPECT_EQ(embeddingFieldOf("labels"), "labels");
}

}  // namespace
}  // namespace rondo::translation
