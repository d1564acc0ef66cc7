#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "json/value.h"
#include "native/json/kept.h"
#include "openai/embeddings_request.h"
#include "openai/embeddings_response.h"

namespace rondo::openai {
namespace {

using conversation::EmbeddingTask;
using conversation::LongTexts;
using conversation::Vectors;

EmbeddingsRequest read(const std::string& fields) {
  auto read = parseEmbeddingsRequest(json::keptText(R"({"model":"m",)" + fields + "}"));
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return read ? std::move(*read) : EmbeddingsRequest();
}

Error refusal(const std::string& fields) {
  auto read = parseEmbeddingsRequest(json::keptText(R"({"model":"m",)" + fields + "}"));
  EXPECT_FALSE(read) << fields;
  return read ? Error() : read.error();
}

std::vector<std::string> textsOf(const EmbeddingsRequest& sent) {
  std::vector<std::string> texts;
  for (const auto& text : sent.request.texts) texts.push_back(text.plain());
  return texts;
}

TEST(EmbeddingsRequest, HasOneTextOrMany) {
  EXPECT_EQ(textsOf(read(R"("input":"a\nb")")), std::vector<std::string>{"a\nb"});
  EXPECT_EQ(textsOf(read(R"("input":["a","b"])")), (std::vector<std::string>{"a", "b"}));
}

TEST(EmbeddingsRequest, HasNumbersOrBase64) {
  EXPECT_EQ(read(R"("input":"a")").format, VectorFormat::Numbers);
  EXPECT_EQ(read(R"("input":"a","encoding_format":"float")").format, VectorFormat::Numbers);
  EXPECT_EQ(read(R"("input":"a","encoding_format":"base64")").format, VectorFormat::Base64);
}

TEST(EmbeddingsRequest, HasGooglesSettingsInThreePlaces) {
  for (const std::string fields :
       {R"("task_type":"CLUSTERING")", R"("google":{"task_type":"CLUSTERING"})",
        R"("extra_body":{"google":{"task_type":"CLUSTERING"}})"}) {
    EXPECT_EQ(read(R"("input":"a",)" + fields).request.task, EmbeddingTask::Clustering) << fields;
  }
  EXPECT_EQ(read(R"("input":"a","google":{"title":"T"})").request.title.plain(), "T");
}

TEST(EmbeddingsRequest, LetsNoTextBeCutUnlessItSaysSo) {
  EXPECT_EQ(read(R"("input":"a")").request.longTexts, LongTexts::Refused);
  EXPECT_EQ(read(R"("input":"a","auto_truncate":true)").request.longTexts, LongTexts::Cut);
}

TEST(EmbeddingsRequest, IgnoresWhatItDoesNotKnow) {
  EXPECT_EQ(read(R"("input":"a","store":{"x":[1]},"user":"u")").request.dimensions, std::nullopt);
  EXPECT_EQ(read(R"("input":"a","dimensions":null)").request.dimensions, std::nullopt);
}

TEST(EmbeddingsRequest, IsRefusedWithTheFieldAtFault) {
  EXPECT_EQ(refusal(R"("x":1)").param, "input");
  EXPECT_EQ(refusal(R"("input":"")").param, "input");
  EXPECT_EQ(refusal(R"("input":[])").param, "input");
  EXPECT_EQ(refusal(R"("input":["a",""])").param, "input[1]");
  EXPECT_EQ(refusal(R"("input":["a",true])").param, "input[1]");
  EXPECT_EQ(refusal(R"("input":"a","dimensions":0)").param, "dimensions");
  EXPECT_EQ(refusal(R"("input":"a","dimensions":65537)").param, "dimensions");
  EXPECT_EQ(refusal(R"("input":"a","google":{"task_type":"X"})").param, "google.task_type");
  EXPECT_EQ(parseEmbeddingsRequest(R"({"input":"a"})").error().param, "model");
}

TEST(EmbeddingsRequest, MayHoldNoTokens) {
  for (const std::string input : {"[1,2]", "[[1,2],[3]]", R"(["a",1])"}) {
    const Error error = refusal(R"("input":)" + input);
    EXPECT_EQ(error.param, "input");
    EXPECT_EQ(error.code, "tokens_not_supported");
  }
}

TEST(EmbeddingsRequest, MayHoldAsManyTextsAsOpenAis) {
  std::string texts = R"("a")";
  for (int i = 1; i < 2048; ++i) texts += R"(,"a")";
  EXPECT_EQ(read(R"("input":[)" + texts + "]").request.texts.size(), 2048U);
  EXPECT_EQ(refusal(R"("input":[)" + texts + R"(,"a"])").code, "array_above_max_length");
}

std::string whole(const Vectors& vectors, VectorFormat format) {
  EmbeddingsWriter writer(vectors, format, "my \"m\"", 7);
  std::string body;
  while (!writer.isDone()) body += writer.next();
  return body;
}

TEST(EmbeddingsResponse, TellsNumbers) {
  Vectors vectors(2);
  vectors.set(0, std::vector<float>{1, 0});
  vectors.set(1, std::vector<float>{0.6F, -0.8F});
  EXPECT_EQ(whole(vectors, VectorFormat::Numbers),
            R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,0.0]},)"
            R"({"object":"embedding","index":1,"embedding":[0.6,-0.8]}],"model":"my \"m\"",)"
            R"("usage":{"prompt_tokens":7,"total_tokens":7}})");
}

// Both OpenAI SDKs read these bytes.
TEST(EmbeddingsResponse, TellsTheBytesOfLittleEndianFloats) {
  Vectors vectors(1);
  vectors.set(0, std::vector<float>{1, 0, 0});
  EXPECT_NE(whole(vectors, VectorFormat::Base64).find(R"("embedding":"AACAPwAAAAAAAAAA")"),
            std::string::npos);
}

TEST(EmbeddingsResponse, OfManyVectorsComesInPiecesOfAModestSize) {
  Vectors vectors(100);
  const std::vector<float> vector(3072, 1);
  for (std::size_t i = 0; i < 100; ++i) vectors.set(i, vector);
  EmbeddingsWriter writer(vectors, VectorFormat::Numbers, "m", 0);
  std::size_t pieces = 0;
  std::string body;
  while (!writer.isDone()) {
    const std::string piece = writer.next();
    EXPECT_LT(piece.size(), 512U * 1024);
    body += piece;
    ++pieces;
  }
  EXPECT_GT(pieces, 5U);
  const auto document = json::parse(body);
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ((*document)["data"].size(), 100U);
}

}  // namespace
}  // namespace rondo::openai
