#include "conversation/embedding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace rondo::conversation {
namespace {

double lengthOf(std::span<const float> vector) {
  double squares = 0;
  for (const float each : vector) squares += double{each} * double{each};
  return std::sqrt(squares);
}

TEST(Vectors, AreBroughtToLengthOne) {
  Vectors vectors(2);
  ASSERT_TRUE(vectors.set(1, std::vector<float>{3, 4}));
  EXPECT_EQ(vectors.dimensions(), 2U);
  EXPECT_FLOAT_EQ(vectors.at(1)[0], 0.6F);
  EXPECT_FLOAT_EQ(vectors.at(1)[1], 0.8F);
}

TEST(Vectors, ThatAreOfLengthOneButForRoundingStayAsTheyAre) {
  Vectors vectors(1);
  const std::vector<float> rounded{0.6000001F, 0.8F};
  ASSERT_TRUE(vectors.set(0, rounded));
  EXPECT_EQ(vectors.at(0)[0], 0.6000001F);
}

TEST(Vectors, OfManySmallNumbersAreOfLengthOneAsFloatsCanTell) {
  Vectors vectors(1);
  std::vector<float> many(3072);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 1e-4F * static_cast<float>(i % 7);
  ASSERT_TRUE(vectors.set(0, many));
  EXPECT_NEAR(lengthOf(vectors.at(0)), 1, 1e-6);
}

TEST(Vectors, ThatAreZeroStayZero) {
  Vectors vectors(1);
  ASSERT_TRUE(vectors.set(0, std::vector<float>{0, 0}));
  EXPECT_EQ(vectors.at(0)[0], 0);
}

TEST(Vectors, TakeNoneThatIsUnlikeTheOthersOrNoVector) {
  Vectors vectors(3);
  EXPECT_FALSE(vectors.set(0, {}));
  ASSERT_TRUE(vectors.set(0, std::vector<float>{1, 0}));
  EXPECT_FALSE(vectors.set(1, std::vector<float>{1, 0, 0}));
  EXPECT_FALSE(vectors.set(1, std::vector<float>{std::numeric_limits<float>::infinity(), 1}));
}

TEST(EmbeddingTasks, AreReadInAnyCase) {
  EXPECT_EQ(parseEmbeddingTask("retrieval_query"), EmbeddingTask::RetrievalQuery);
  EXPECT_EQ(parseEmbeddingTask("CODE_RETRIEVAL_QUERY"), EmbeddingTask::CodeRetrievalQuery);
  EXPECT_EQ(parseEmbeddingTask("search"), std::nullopt);
  EXPECT_EQ(taskName(EmbeddingTask::FactVerification), "FACT_VERIFICATION");
}

TEST(EmbeddingTasks, OtherThanDocumentsHaveNoTitle) {
  EmbeddingRequest request;
  request.task = EmbeddingTask::Clustering;
  EXPECT_TRUE(checkTitle(request));
  request.title = json::Text("T", json::Text::Escapes::Absent);
  EXPECT_EQ(checkTitle(request).error().param, "title");
  request.task = EmbeddingTask::RetrievalDocument;
  EXPECT_TRUE(checkTitle(request));
  request.task = std::nullopt;
  EXPECT_TRUE(checkTitle(request));
}

}  // namespace
}  // namespace rondo::conversation
