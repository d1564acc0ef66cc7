#include "gateway/embedding_work.h"

#include <gtest/gtest.h>

#include <numeric>

#include "google/embedding_answer.h"
#include "json/document.h"

namespace rondo::gateway {
namespace {

using google::Backend;
using Batch = EmbeddingWork::Batch;

constexpr std::string_view kModel = "text-embedding-005";
// Of a hundred estimated tokens: a letter is half of one.
const std::string kText(200, 'a');

// So many texts of a hundred tokens each.
conversation::EmbeddingRequest textsOf(std::size_t count) {
  conversation::EmbeddingRequest request;
  request.texts.assign(count, json::Text(kText, json::Text::Escapes::Absent));
  return request;
}

Batch upTo(std::uint32_t count) {
  Batch batch(count);
  std::iota(batch.begin(), batch.end(), 0U);
  return batch;
}

credentials::Credential credentialOf(credentials::CredentialKind kind, std::string id) {
  credentials::Credential credential;
  credential.kind = kind;
  credential.id = std::move(id);
  return credential;
}

TEST(EmbeddingWork, TakesAsManyTextsAsTheBackEndDoesInOneCall) {
  const auto request = textsOf(150);
  EmbeddingWork work(request, std::string(kModel), 10);
  EXPECT_EQ(work.take(Backend::Gemini), upTo(100));
  EXPECT_EQ(work.pending(), 50U);
}

TEST(EmbeddingWork, TakesNoMoreTokensThanTheBackEndDoes) {
  const auto request = textsOf(250);
  EmbeddingWork work(request, std::string(kModel), 10);
  EXPECT_EQ(work.take(Backend::Vertex), upTo(200));
  EXPECT_EQ(work.take(Backend::Vertex).size(), 50U);
}

TEST(EmbeddingWork, TakesATextThatIsTooLongAlone) {
  const std::string longer(60'000, 'a');
  auto request = textsOf(3);
  request.texts[0] = json::Text(longer, json::Text::Escapes::Absent);
  EmbeddingWork work(request, std::string(kModel), 10);
  EXPECT_EQ(work.take(Backend::Vertex), upTo(1));
  EXPECT_EQ(work.take(Backend::Vertex).size(), 2U);
}

TEST(EmbeddingWork, TakesFirstWhatWasPutBack) {
  const auto request = textsOf(250);
  EmbeddingWork work(request, std::string(kModel), 10);
  const auto batch = work.take(Backend::Gemini);
  work.putBack(batch);
  EXPECT_EQ(work.pending(), 250U);
  EXPECT_EQ(work.take(Backend::Gemini), batch);
}

TEST(EmbeddingWork, CountsTheCallsThatTextsTakeAndTheTextsThatFit) {
  const auto request = textsOf(250);
  const EmbeddingWork work(request, std::string(kModel), 10);
  EXPECT_EQ(work.callsFor(Backend::Gemini), 3U);
  EXPECT_EQ(work.callsFor(Backend::Vertex), 2U);
  EXPECT_EQ(work.fitting(Backend::Gemini, 0), 0U);
  EXPECT_EQ(work.fitting(Backend::Gemini, 2), 200U);
  EXPECT_EQ(work.fitting(Backend::Gemini, 3), 250U);
  EXPECT_EQ(work.fitting(Backend::Gemini, 9), 250U);
}

TEST(EmbeddingWork, AllowsItsCallsAndATokenForEachCredentialThatNeedsOne) {
  const auto request = textsOf(1);
  EmbeddingWork work(request, std::string(kModel), 5);
  const auto key = credentialOf(credentials::CredentialKind::ApiKey, "key");
  const auto user = credentialOf(credentials::CredentialKind::AuthorizedUser, "user");
  EXPECT_TRUE(work.mayCall(key));
  EXPECT_EQ(work.callsLeft(), 4U);
  EXPECT_TRUE(work.mayCall(user));
  EXPECT_EQ(work.callsLeft(), 2U);
  EXPECT_TRUE(work.mayCall(user));
  EXPECT_EQ(work.callsLeft(), 1U);
  const auto other = credentialOf(credentials::CredentialKind::AuthorizedUser, "other");
  EXPECT_FALSE(work.mayCall(other));
  EXPECT_TRUE(work.mayCall(user)) << "A call that isn't allowed isn't counted.";
  EXPECT_EQ(work.callsLeft(), 0U);
  EXPECT_FALSE(work.mayCall(key));
}

// What of an answer borrows from its document.
class EmbeddingWorkAnswered : public testing::Test {
 protected:
  bool keep(EmbeddingWork& work, const Batch& batch, const std::string& values,
            std::string_view credential = "c") {
    text_ = R"({"embeddings":[)" + values + R"(],"usageMetadata":{"promptTokenCount":4}})";
    EXPECT_TRUE(document_.tryRead(text_));
    const auto read = google::readEmbeddings(document_.root());
    return work.keep(batch, std::get<google::EmbeddingAnswer>(read), credential);
  }

 private:
  std::string text_;
  json::Document document_;
};

TEST_F(EmbeddingWorkAnswered, CountsTheTokensOfAllAnswers) {
  const auto request = textsOf(2);
  EmbeddingWork work(request, std::string(kModel), 5);
  EXPECT_TRUE(keep(work, {0}, R"({"values":[1,2]})", "one"));
  EXPECT_EQ(work.servedBy(), "one");
  EXPECT_TRUE(keep(work, {1}, R"({"values":[1,2]})", "other"));
  EXPECT_EQ(work.tokens(), 8);
  EXPECT_EQ(work.servedBy(), "other");
}

TEST_F(EmbeddingWorkAnswered, KeepsNoneButOneVectorForEachText) {
  const auto request = textsOf(2);
  EmbeddingWork work(request, std::string(kModel), 5);
  const std::string one = R"({"values":[1,2]})";
  EXPECT_FALSE(keep(work, {0, 1}, one));
  EXPECT_FALSE(keep(work, {0}, one + "," + one));
  EXPECT_FALSE(keep(work, {0}, R"({"values":[]})"));
  EXPECT_EQ(work.tokens(), 0);
  EXPECT_EQ(work.servedBy(), "");
}

}  // namespace
}  // namespace rondo::gateway
