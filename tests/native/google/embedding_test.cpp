#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "google/embedding_answer.h"
#include "google/embedding_model.h"

namespace rondo::google {
namespace {

TEST(EmbeddingCall, TakesTextsAsTheBackEndAndTheModelDo) {
  const auto gemini = embeddingCallOf(Backend::Gemini, "gemini-embedding-2");
  EXPECT_EQ(gemini.method, Method::BatchEmbedContents);
  EXPECT_EQ(gemini.mostTexts, 100U);
  const auto first = embeddingCallOf(Backend::Vertex, "gemini-embedding-001");
  EXPECT_EQ(first.method, Method::Predict);
  EXPECT_EQ(first.mostTexts, 1U);
  for (const char* model : {"gemini-embedding-2", "gemini-embedding-2-preview", "e5-large-maas"}) {
    const auto newer = embeddingCallOf(Backend::Vertex, model);
    EXPECT_EQ(newer.method, Method::EmbedContent) << model;
    EXPECT_EQ(newer.mostTexts, 1U) << model;
  }
  const auto older = embeddingCallOf(Backend::Vertex, "text-embedding-005");
  EXPECT_EQ(older.method, Method::Predict);
  EXPECT_EQ(older.mostTexts, 250U);
  EXPECT_EQ(older.mostTokens, 20'000U);
}

TEST(TaskPlace, IsTheTextFromTheSecondGeminiModelOn) {
  EXPECT_EQ(taskPlaceOf("gemini-embedding-001"), TaskPlace::Field);
  EXPECT_EQ(taskPlaceOf("text-embedding-005"), TaskPlace::Field);
  EXPECT_EQ(taskPlaceOf("text-multilingual-embedding-002"), TaskPlace::Field);
  EXPECT_EQ(taskPlaceOf("gemini-embedding-2"), TaskPlace::Text);
  EXPECT_EQ(taskPlaceOf("gemini-embedding-2-preview"), TaskPlace::Text);
  EXPECT_EQ(taskPlaceOf("gemini-embedding-3.1"), TaskPlace::Text);
  EXPECT_EQ(taskPlaceOf("gemini-embedding-next"), TaskPlace::Text);
}

struct Read {
  std::vector<std::vector<float>> vectors;
  std::int64_t tokens = 0;
};

Read readAnswer(const std::string& text) {
  json::Document document;
  EXPECT_TRUE(document.tryRead(text));
  const auto read = readEmbeddings(document.root());
  const auto* answer = std::get_if<EmbeddingAnswer>(&read);
  if (!answer) return {};
  Read result{{}, answer->tokens};
  for (const auto vector : answer->vectors) result.vectors.push_back(numbersOf(vector));
  return result;
}

using Numbers = std::vector<std::vector<float>>;

TEST(EmbeddingAnswer, IsReadInEachOfGooglesShapes) {
  EXPECT_EQ(readAnswer(R"({"embeddings":[{"values":[0.5,1]},{"values":[2,3]}]})").vectors,
            (Numbers{{0.5, 1}, {2, 3}}));
  EXPECT_EQ(readAnswer(R"({"embedding":{"values":[0.5]}})").vectors, (Numbers{{0.5}}));
  EXPECT_EQ(readAnswer(R"({"predictions":[{"embeddings":{"values":[1]}}]})").vectors,
            (Numbers{{1}}));
}

TEST(EmbeddingAnswer, CountsWhatGoogleCounts) {
  const auto predicted =
      readAnswer(R"({"predictions":[{"embeddings":{"values":[1],"statistics":{"token_count":2}}},)"
                 R"({"embeddings":{"values":[1],"statistics":{"token_count":3.0}}}]})");
  EXPECT_EQ(predicted.tokens, 5);
  EXPECT_EQ(
      readAnswer(R"({"embedding":{"values":[1]},"usageMetadata":{"promptTokenCount":4}})").tokens,
      4);
  EXPECT_EQ(readAnswer(R"({"embedding":{"values":[1]}})").tokens, 0);
  EXPECT_EQ(
      readAnswer(R"({"embedding":{"values":[1]},"usageMetadata":{"promptTokenCount":-4}})").tokens,
      0);
}

TEST(EmbeddingAnswer, MayBeAnErrorOrNothing) {
  json::Document document;
  const std::string error = R"({"error":{"code":429}})";
  ASSERT_TRUE(document.tryRead(error));
  EXPECT_EQ(std::get<std::string>(readEmbeddings(document.root())), error);
  ASSERT_TRUE(document.tryRead(R"({"candidates":[]})"));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(readEmbeddings(document.root())));
}

TEST(EmbeddingAnswer, HasNoVectorInWhatIsNotAllNumbers) {
  EXPECT_EQ(readAnswer(R"({"embedding":{"values":[1,"2"]}})").vectors, (Numbers{{}}));
  EXPECT_EQ(readAnswer(R"({"embedding":{}})").vectors, (Numbers{{}}));
}

}  // namespace
}  // namespace rondo::google
