#include "translation/native_embedding.h"

#include <gtest/gtest.h>

namespace rondo::translation {
namespace {

using conversation::EmbeddingTask;

constexpr std::string_view kModel = "text-embedding-005";

std::string batchOf(const std::vector<std::string>& requests) {
  std::string body = R"({"requests":[)";
  for (const auto& each : requests) body.append(body.ends_with('[') ? "" : ",").append(each);
  return body + "]}";
}

std::string saying(const std::string& text, const std::string& more = {}) {
  return R"({"model":"models/text-embedding-005","content":{"parts":[{"text":")" + text +
         R"("}]})" + more + "}";
}

Error faultOf(const std::string& body) {
  const auto read = readNativeEmbedding(EmbeddingVerb::Batch, body, kModel, kModel);
  return read ? Error{} : read.error();
}

TEST(NativeEmbedding, ReadsTheTextsAndTheSettingsThatAllOfThemHave) {
  const std::string settings =
      R"(,"taskType":"RETRIEVAL_DOCUMENT","title":"T","outputDimensionality":256)";
  const auto body = batchOf({saying("a", settings), saying("b\\u00e9", settings)});
  const auto request = readNativeEmbedding(EmbeddingVerb::Batch, body, kModel, kModel);
  ASSERT_TRUE(request);
  ASSERT_EQ(request->texts.size(), 2U);
  EXPECT_EQ(request->texts[1], "b\u00e9");
  EXPECT_EQ(request->task, EmbeddingTask::RetrievalDocument);
  EXPECT_EQ(request->title, "T");
  EXPECT_EQ(request->dimensions, 256);
  EXPECT_EQ(request->longTexts, conversation::LongTexts::Cut);
}

TEST(NativeEmbedding, KnowsBothSpellingsAndWhatSaysNothing) {
  const auto body = batchOf({saying(
      "a", R"(,"task_type":"TASK_TYPE_UNSPECIFIED","output_dimensionality":3,"title":null)")});
  const auto request = readNativeEmbedding(EmbeddingVerb::Batch, body, kModel, kModel);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->task, std::nullopt);
  EXPECT_EQ(request->dimensions, 3);
}

TEST(NativeEmbedding, HeedsNoTaskWhereTheModelsDont) {
  const std::string model = "gemini-embedding-2";
  const std::string body =
      R"({"requests":[{"content":{"parts":[{"text":"a"}]},"taskType":"CLUSTERING"}]})";
  const auto request = readNativeEmbedding(EmbeddingVerb::Batch, body, model, model);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->task, std::nullopt);
}

TEST(NativeEmbedding, TakesContentsAsTheyAreWhereTheModelsDo) {
  const std::string model = "gemini-embedding-2";
  const std::string several = R"({"role":"user","parts":[{"text":"a"},{"text":"b \u00e9"}]})";
  const std::string picture =
      R"({"parts":[{"inlineData":{"mimeType":"image/png","data":"AA=="}}]})";
  const auto body = batchOf({R"({"content":)" + several + "}", R"({"content":)" + picture + "}"});
  const auto request = readNativeEmbedding(EmbeddingVerb::Batch, body, model, model);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->count(), 2U);
  EXPECT_TRUE(request->texts.empty());
  ASSERT_EQ(request->contents.size(), 2U);
  EXPECT_EQ(request->contents[0].source(), several);
  EXPECT_EQ(request->contents[1].source(), picture);
  const std::string nothing = batchOf({R"({"content":{"parts":[]}})"});
  const auto refused = readNativeEmbedding(EmbeddingVerb::Batch, nothing, model, model);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().param, "requests[0].content");
}

TEST(NativeEmbedding, CountsContentsAsGoogleCountsRequests) {
  const std::string model = "gemini-embedding-2";
  const std::vector<std::string> many(101, R"({"content":{"parts":[{"text":"a"}]}})");
  const std::vector<std::string> fitting(many.begin() + 1, many.end());
  EXPECT_FALSE(readNativeEmbedding(EmbeddingVerb::Batch, batchOf(many), model, model));
  EXPECT_TRUE(readNativeEmbedding(EmbeddingVerb::Batch, batchOf(fitting), model, model));
}

TEST(NativeEmbedding, KnowsTheModelByTheClientsNameAndByGoogles) {
  const auto body =
      batchOf({R"({"model":"models/mine","content":{"parts":[{"text":"a"}]}})", saying("b")});
  EXPECT_TRUE(readNativeEmbedding(EmbeddingVerb::Batch, body, "mine", kModel));
  EXPECT_EQ(faultOf(body).message,
            "* BatchEmbedContentsRequest.requests[0].model: model must match the model in the URL");
}

TEST(NativeEmbedding, SaysWhatItCantTellExactly) {
  const std::pair<std::string, std::string> cases[] = {
      {batchOf({saying("a"), saying("b", R"(,"taskType":"CLUSTERING")")}), "requests[1]"},
      {batchOf({saying("a"), saying("b", R"(,"outputDimensionality":3)")}), "requests[1]"},
      {batchOf({saying("a", R"(,"title":"A")"), saying("b", R"(,"title":"B")")}), "requests[1]"},
      {batchOf({R"({"content":{"parts":[{"text":"a"},{"text":"b"}]}})"}), "requests[0].content"},
      {batchOf({R"({"content":{"parts":[{"inlineData":{}}]}})"}), "requests[0].content"},
      {batchOf({saying("a", R"(,"taskType":"FLYING")")}), "requests[0].task_type"},
      {batchOf({saying("a", R"(,"wings":2)")}), "requests[0].wings"},
      {R"({"requests":[)" + saying("a") + R"(],"wings":2})", "wings"}};
  for (const auto& [body, param] : cases) {
    const auto fault = faultOf(body);
    EXPECT_EQ(fault.code, "method_not_supported") << body;
    EXPECT_EQ(fault.param, param) << body;
    EXPECT_NE(fault.message.find("API key of the Gemini API"), std::string::npos);
  }
}

TEST(NativeEmbedding, RefusesWhatGoogleWould) {
  EXPECT_EQ(faultOf("{}").param, "requests");
  EXPECT_EQ(faultOf("[]").param, "requests");
  EXPECT_EQ(faultOf(batchOf({R"({"content":{"parts":[]}})"})).param, "requests[0].content");
  EXPECT_EQ(faultOf(batchOf({saying("a"), saying("")})).param, "requests[1].content");
  EXPECT_EQ(faultOf(batchOf(std::vector<std::string>(101, saying("a")))).message,
            "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch");
  EXPECT_EQ(faultOf(batchOf(std::vector<std::string>(100, saying("a")))).message, "");
  EXPECT_EQ(faultOf("no JSON").kind, ErrorKind::BadRequest);
}

TEST(NativeEmbedding, TellsVectorsAsTheyWereGiven) {
  conversation::Vectors vectors(2, conversation::Lengths::AsGiven);
  ASSERT_TRUE(vectors.set(0, std::vector<float>{3, -0.5F}));
  ASSERT_TRUE(vectors.set(1, std::vector<float>{0.1F, 4}));
  EXPECT_EQ(nativeEmbeddingAnswer(EmbeddingVerb::Batch, vectors),
            R"({"embeddings":[{"values":[3.0,-0.5]},{"values":[0.1,4.0]}]})");
}

TEST(NativeEmbedding, OfOneContentIsReadAsOneText) {
  const auto read = readNativeEmbedding(
      EmbeddingVerb::One,
      R"({"model":"models/m","content":{"parts":[{"text":"a"}]},"outputDimensionality":128})", "m",
      "m");
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->texts.size(), 1U);
  EXPECT_EQ(read->texts[0].plain(), "a");
  EXPECT_EQ(read->dimensions, 128);
}

TEST(NativeEmbedding, OfOneContentIsRefusedAtItsOwnFields) {
  const auto refused = [](std::string_view body) {
    return readNativeEmbedding(EmbeddingVerb::One, body, "m", "m").error();
  };
  EXPECT_EQ(refused("{}").param, "content");
  EXPECT_EQ(refused("{}").message, "* EmbedContentRequest.content: content is required");
  const auto media = refused(R"({"content":{"parts":[{"inlineData":{}}]}})");
  EXPECT_EQ(media.param, "content");
  EXPECT_TRUE(media.message.starts_with("`embedContent` goes to Vertex AI")) << media.message;
  EXPECT_EQ(refused(R"({"requests":[]})").param, "requests");
}

TEST(NativeEmbedding, OfOneContentIsAnsweredByOneVector) {
  conversation::Vectors vectors(1, conversation::Lengths::AsGiven);
  ASSERT_TRUE(vectors.set(0, std::vector<float>{3, -0.5F}));
  EXPECT_EQ(nativeEmbeddingAnswer(EmbeddingVerb::One, vectors),
            R"({"embedding":{"values":[3.0,-0.5]}})");
}

}  // namespace
}  // namespace rondo::translation
