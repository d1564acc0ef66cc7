#include "google/answer.h"

#include <gtest/gtest.h>

#include "native/json/kept.h"

namespace rondo::google {
namespace {

Answer read(std::string_view text) {
  auto answer = readAnswer(json::keptNode(text));
  EXPECT_TRUE(std::holds_alternative<Answer>(answer));
  return std::get<Answer>(std::move(answer));
}

Part readPart(const std::string& part) {
  Answer answer = read(R"({"candidates":[{"content":{"parts":[)" + part + "]}}]}");
  return std::move(answer.candidates.at(0).parts.at(0));
}

TEST(AnswerTest, EveryFieldMayBeMissing) {
  const Answer answer = read("{}");
  EXPECT_TRUE(answer.candidates.empty());
  EXPECT_FALSE(answer.usage);
  EXPECT_EQ(read(R"({"candidates":[{}]})").candidates.at(0).finishReason, "");
}

TEST(AnswerTest, FieldsOfTheWrongTypeCountAsMissing) {
  const Answer answer = read(R"({"candidates":[{"content":"x","finishReason":1,"index":"y"},7,
      {"content":{"parts":[3,{"text":9},{"functionCall":"f"}]}}],"usageMetadata":[],
      "promptFeedback":"no"})");
  EXPECT_EQ(answer.candidates.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<OtherPart>(answer.candidates[2].parts.at(1).data));
  EXPECT_EQ(answer.blockReason, "");
}

TEST(AnswerTest, ATextMayBeAThoughtAndCarryASignature) {
  const Part part = readPart(R"({"text":"hm","thought":true,"thoughtSignature":"c2ln"})");
  EXPECT_EQ(std::get<TextPart>(part.data).text, "hm");
  EXPECT_TRUE(part.isThought);
  EXPECT_EQ(part.signature, "c2ln");
}

TEST(AnswerTest, AnEmptyTextIsAText) {
  EXPECT_TRUE(std::holds_alternative<TextPart>(readPart(R"({"text":""})").data));
}

TEST(AnswerTest, ACallKeepsItsArgumentsInTheirOrder) {
  const Part part = readPart(R"({"functionCall":{"id":"1","name":"f","args":{"b":1,"a":[2]}}})");
  const auto& call = std::get<FunctionCallPart>(part.data);
  EXPECT_EQ(call.id, "1");
  EXPECT_EQ(call.name, "f");
  EXPECT_EQ(call.args, R"({"b":1,"a":[2]})");
}

TEST(AnswerTest, ACallWithoutArgumentsHasNone) {
  EXPECT_EQ(std::get<FunctionCallPart>(readPart(R"({"functionCall":{"name":"f"}})").data).args,
            "{}");
}

TEST(AnswerTest, OtherKindsOfPartsAreRead) {
  EXPECT_EQ(std::get<InlineDataPart>(
                readPart(R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})").data)
                .data,
            "AAAA");
  EXPECT_EQ(std::get<FileDataPart>(
                readPart(R"({"fileData":{"mimeType":"image/png","fileUri":"gs://a"}})").data)
                .uri,
            "gs://a");
  EXPECT_EQ(std::get<ExecutableCodePart>(
                readPart(R"({"executableCode":{"language":"PYTHON","code":"1"}})").data)
                .code,
            "1");
  EXPECT_EQ(std::get<CodeResultPart>(
                readPart(R"({"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}})").data)
                .output,
            "1");
}

TEST(AnswerTest, AnUnspecifiedReasonIsNone) {
  EXPECT_EQ(read(R"({"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]})")
                .candidates.at(0)
                .finishReason,
            "");
  EXPECT_EQ(read(R"({"promptFeedback":{"blockReason":"BLOCK_REASON_UNSPECIFIED"}})").blockReason,
            "");
}

TEST(AnswerTest, UsageTellsEveryCount) {
  const Answer answer = read(R"({"usageMetadata":{"promptTokenCount":30,"cachedContentTokenCount":8,
      "candidatesTokenCount":12,"thoughtsTokenCount":40,"toolUsePromptTokenCount":5,
      "totalTokenCount":87,"promptTokensDetails":[{"modality":"TEXT","tokenCount":20},
      {"modality":"AUDIO","tokenCount":10}]}})");
  ASSERT_TRUE(answer.usage);
  EXPECT_EQ(answer.usage->prompt, 30);
  EXPECT_EQ(answer.usage->cached, 8);
  EXPECT_EQ(answer.usage->candidates, 12);
  EXPECT_EQ(answer.usage->thoughts, 40);
  EXPECT_EQ(answer.usage->toolUsePrompt, 5);
  EXPECT_EQ(answer.usage->total, 87);
  EXPECT_EQ(answer.usage->promptAudio, 10);
}

TEST(AnswerTest, CountsThatNoModelCanHaveCountedStaySummable) {
  const Answer answer = read(R"({"usageMetadata":{"promptTokenCount":9223372036854775807,
      "candidatesTokenCount":-5,"promptTokensDetails":[
      {"modality":"AUDIO","tokenCount":9223372036854775807},
      {"modality":"AUDIO","tokenCount":9223372036854775807}]}})");
  ASSERT_TRUE(answer.usage);
  EXPECT_GT(answer.usage->prompt, 0);
  EXPECT_EQ(answer.usage->candidates, 0);
  EXPECT_EQ(answer.usage->promptAudio, 2 * answer.usage->prompt);
}

TEST(AnswerTest, CitationsAreReadUnderBothNames) {
  for (const auto* key : {"citationSources", "citations"}) {
    const Answer answer =
        read(std::string(R"({"candidates":[{"citationMetadata":{")") + key +
             R"(":[{"startIndex":1,"endIndex":5,"uri":"https://a"},{"endIndex":2}]}}]})");
    ASSERT_EQ(answer.candidates.at(0).citations.size(), 1u) << key;
    EXPECT_EQ(answer.candidates[0].citations[0].uri, "https://a");
    EXPECT_EQ(answer.candidates[0].citations[0].end, 5);
  }
}

TEST(AnswerTest, GroundingJoinsStretchesWithTheirSources) {
  const Answer answer = read(R"({"candidates":[{"groundingMetadata":{
      "groundingChunks":[{"web":{"uri":"https://a","title":"A"}},{"maps":{"uri":"https://m"}}],
      "groundingSupports":[
        {"segment":{"endIndex":4},"groundingChunkIndices":[0,1,9,-1]},
        {"segment":{"startIndex":2,"endIndex":3,"partIndex":1},"groundingChunkIndices":[0]},
        {"groundingChunkIndices":[0]}]}}]})");
  const auto& grounding = answer.candidates.at(0).grounding;
  ASSERT_EQ(grounding.size(), 3u);
  EXPECT_EQ(grounding[0].title, "A");
  EXPECT_EQ(grounding[1].uri, "https://m");
  EXPECT_EQ(grounding[2].part, 1);
}

TEST(AnswerTest, ScoresPairTokensWithAlternatives) {
  const Answer answer = read(R"({"candidates":[{"logprobsResult":{
      "chosenCandidates":[{"token":"a","logProbability":-0.5},{"token":"b","logProbability":-1}],
      "topCandidates":[{"candidates":[{"token":"x","logProbability":-2}]}]}}]})");
  const auto& scores = answer.candidates.at(0).scores;
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_EQ(scores[0].alternatives.at(0).token, "x");
  EXPECT_TRUE(scores[1].alternatives.empty());
}

bool isExcessive(const std::string& text) {
  return std::holds_alternative<Excessive>(readAnswer(json::keptNode(text)));
}

std::string times(std::size_t count, const std::string& element) {
  std::string list;
  for (; count > 0; --count) list += element + (count > 1 ? "," : "");
  return list;
}

TEST(AnswerTest, CandidatesHaveALimitAndTheirNumbersToo) {
  const auto numbered = [](const std::string& index) {
    return R"({"candidates":[{"index":)" + index + "}]}";
  };
  EXPECT_FALSE(isExcessive(numbered("127")));
  EXPECT_FALSE(isExcessive(numbered("\"x\"")));
  for (const char* index : {"128", "-1", "32768", "65536", "9223372036854775807"}) {
    EXPECT_TRUE(isExcessive(numbered(index))) << index;
  }
  EXPECT_FALSE(isExcessive(R"({"candidates":[)" + times(128, "{}") + "]}"));
  EXPECT_TRUE(isExcessive(R"({"candidates":[)" + times(129, "{}") + "]}"));
}

TEST(AnswerTest, PartsHaveALimitOverAllCandidates) {
  const auto candidate = [](std::size_t count) {
    return R"({"content":{"parts":[)" + times(count, "{}") + "]}}";
  };
  const auto answer = [](const std::string& list) { return R"({"candidates":[)" + list + "]}"; };
  EXPECT_FALSE(isExcessive(answer(candidate(kMaxParts))));
  EXPECT_TRUE(isExcessive(answer(candidate(kMaxParts + 1))));
  EXPECT_TRUE(isExcessive(answer(candidate(kMaxParts) + "," + candidate(1))));
}

TEST(AnswerTest, SourcesHaveALimitAndSoHasWhatIsCopiedOfThem) {
  const auto grounded = [](const std::string& uri, std::size_t count) {
    return read(R"({"candidates":[{"groundingMetadata":{"groundingChunks":[{"web":{"uri":")" + uri +
                R"(","title":")" + uri + R"("}}],"groundingSupports":[{"segment":{"endIndex":1},
                "groundingChunkIndices":[)" +
                times(count, "0") + "]}]}}]}")
        .candidates.at(0)
        .grounding;
  };
  EXPECT_EQ(grounded("u", 10'000).size(), 4096u);
  EXPECT_EQ(grounded(std::string(4096, 'u'), 1).at(0).title.size(), 4096u);
  EXPECT_TRUE(grounded(std::string(4097, 'u'), 1).empty());
  const Answer cited = read(R"({"candidates":[{"citationMetadata":{"citations":[)" +
                            times(5000, R"({"uri":"u"})") + "]}}]}");
  EXPECT_EQ(cited.candidates.at(0).citations.size(), 4096u);
}

TEST(AnswerTest, ATextEventIsTheAnswerThatHoldsButThis) {
  const TextEvent event{json::Text("a", json::Text::Escapes::Absent), true,
                        R"({"totalTokenCount":7})", 0};
  const Answer answer = answerOf(event);
  ASSERT_EQ(answer.candidates.size(), 1u);
  EXPECT_EQ(answer.candidates[0].index, 0);
  EXPECT_TRUE(answer.candidates[0].parts.at(0).isThought);
  EXPECT_EQ(std::get<TextPart>(answer.candidates[0].parts[0].data).text, "a");
  EXPECT_EQ(answer.usage->total, 7);
}

TEST(AnswerTest, AnErrorInPlaceOfAnAnswerKeepsItsText) {
  auto answer = readAnswer(json::keptNode(R"({"error":{"code":429,"message":"slow"},"x":1})"));
  ASSERT_TRUE(std::holds_alternative<ErrorText>(answer));
  EXPECT_EQ(std::get<ErrorText>(answer).json, R"({"error":{"code":429,"message":"slow"}})");
}

}  // namespace
}  // namespace rondo::google
