#include <gtest/gtest.h>

#include "native/translation/translate.h"

namespace rondo::translation {
namespace {

std::string config(const std::string& fields, const RequestTarget& target) {
  return translateFields(fields, target).at("/generationConfig");
}

Words adjusted(const std::string& fields, const RequestTarget& target) {
  return translateFields(fields, target).adjusted;
}

const std::string kSchema = R"({"type":"object","properties":{"a":{"type":"string"}}})";
const std::string kJsonSchema =
    R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":)" + kSchema +
    "}}";
const std::string kTool = R"("tools":[{"type":"function","function":{"name":"f"}}])";

TEST(GenerationConfigTest, NothingIsForcedOnAnyone) {
  EXPECT_EQ(translateFields(R"("user":"u")", targetFor("gemini-2.5-pro")).body.size(), 1u);
  EXPECT_EQ(translateFields(R"("user":"u")").body.size(), 1u);
}

TEST(GenerationConfigTest, SamplingIsSentWhereItIsTaken) {
  EXPECT_EQ(config(R"("temperature":0.5,"top_p":0.9)", targetFor("gemini-2.5-pro")),
            R"({"temperature":0.5,"topP":0.9})");
}

TEST(GenerationConfigTest, TopKGoesTheWayOfSampling) {
  auto request = openai::readFields(R"("user":"u")");
  request.topK = 40;
  const auto taken = translateRequest(request, targetFor("gemini-2.5-pro"));
  EXPECT_NE(taken->body.find(R"("topK":40)"), std::string::npos) << taken->body;
  const auto left = translateRequest(request, targetFor("gemini-4-argon"));
  EXPECT_EQ(left->body.find("topK"), std::string::npos) << left->body;
  EXPECT_EQ(left->adjusted, Words{"top_k"});
}

TEST(GenerationConfigTest, SamplingIsLeftOutAndToldWhereItIsNot) {
  EXPECT_EQ(config(R"("temperature":0.5,"top_p":0.9)", targetFor("gemini-4-argon")), "");
  EXPECT_EQ(adjusted(R"("temperature":0.5,"top_p":0.9)", targetFor("gemini-4-argon")),
            (Words{"temperature", "top_p"}));
}

TEST(GenerationConfigTest, PenaltiesAreSentWhereTheyAreTaken) {
  EXPECT_EQ(
      config(R"("presence_penalty":0.5,"frequency_penalty":-1.5)", targetFor("gemini-2.0-flash")),
      R"({"presencePenalty":0.5,"frequencyPenalty":-1.5})");
}

TEST(GenerationConfigTest, PenaltiesAreLeftOutAndToldWhereTheyAreNot) {
  EXPECT_EQ(config(R"("presence_penalty":0.5)", targetFor("gemini-2.5-pro")), "");
  EXPECT_EQ(adjusted(R"("presence_penalty":0.5)", targetFor("gemini-2.5-pro")), Words{"penalties"});
}

TEST(GenerationConfigTest, APenaltyOfTwoIsTheMostThatVertexTakes) {
  auto target = targetFor("gemini-2.5-flash");
  target.backend = google::Backend::Vertex;
  EXPECT_EQ(config(R"("presence_penalty":2)", target), R"({"presencePenalty":1.99})");
  EXPECT_EQ(adjusted(R"("presence_penalty":2)", target), Words{"penalties"});
  EXPECT_EQ(config(R"("presence_penalty":1.5)", target), R"({"presencePenalty":1.5})");
  EXPECT_EQ(config(R"("presence_penalty":2)", targetFor("gemini-2.0-flash")),
            R"({"presencePenalty":2.0})");
}

TEST(GenerationConfigTest, APenaltyOfZeroIsNone) {
  EXPECT_EQ(config(R"("presence_penalty":0)", targetFor("gemini-2.0-flash")), "");
  EXPECT_EQ(adjusted(R"("presence_penalty":0)", targetFor("gemini-4-argon")), Words{});
}

TEST(GenerationConfigTest, TokensAreCappedAtWhatTheModelGives) {
  EXPECT_EQ(config(R"("max_tokens":100)", targetFor()), R"({"maxOutputTokens":100})");
  EXPECT_EQ(config(R"("max_tokens":200000,"stream":true)", targetFor()),
            R"({"maxOutputTokens":65536})");
  EXPECT_EQ(config(R"("max_tokens":200000)", targetFor("gemini-4-argon")),
            R"({"maxOutputTokens":32768})");
  EXPECT_EQ(adjusted(R"("max_tokens":200000)", targetFor()), Words{"max_tokens"});
}

TEST(GenerationConfigTest, FiveStopTextsAreSent) {
  EXPECT_EQ(config(R"("stop":["a","b"])", targetFor()), R"({"stopSequences":["a","b"]})");
  const std::string six = R"("stop":["1","2","3","4","5","6"])";
  EXPECT_EQ(config(six, targetFor()), R"({"stopSequences":["1","2","3","4","5"]})");
  EXPECT_EQ(adjusted(six, targetFor()), Words{"stop"});
}

TEST(GenerationConfigTest, ASeedBeyond31BitsIsCutToThem) {
  EXPECT_EQ(config(R"("seed":7)", targetFor()), R"({"seed":7})");
  EXPECT_EQ(config(R"("seed":4294967303)", targetFor()), R"({"seed":7})");
  EXPECT_EQ(adjusted(R"("seed":4294967303)", targetFor()), Words{"seed"});
}

TEST(GenerationConfigTest, SeveralCandidatesAreAskedForWhereTheyAreTaken) {
  EXPECT_EQ(config(R"("n":3)", targetFor("gemini-2.5-flash")), R"({"candidateCount":3})");
  EXPECT_EQ(config(R"("n":3)", targetFor("gemini-4-argon")), "");
  EXPECT_EQ(adjusted(R"("n":3)", targetFor("gemini-4-argon")), Words{"n"});
  EXPECT_EQ(adjusted(R"("n":1)", targetFor("gemini-4-argon")), Words{});
}

TEST(GenerationConfigTest, LogprobsAreAskedFor) {
  EXPECT_EQ(config(R"("logprobs":true,"top_logprobs":3)", targetFor()),
            R"({"responseLogprobs":true,"logprobs":3})");
  EXPECT_EQ(config(R"("logprobs":true)", targetFor()), R"({"responseLogprobs":true})");
}

TEST(GenerationConfigTest, WhatAModelHasRefusedIsLeftOutAndTold) {
  auto target = targetFor("gemini-2.0-flash");
  using enum google::Feature;
  target.limits.refused = {Sampling, Penalties, Seed, Logprobs, SeveralCandidates};
  const std::string fields =
      R"("temperature":1,"presence_penalty":1,"seed":1,"logprobs":true,"n":2)";
  EXPECT_EQ(config(fields, target), "");
  EXPECT_EQ(adjusted(fields, target), (Words{"logprobs", "n", "penalties", "seed", "temperature"}));
}

TEST(GenerationConfigTest, AJsonObjectIsAResponseType) {
  EXPECT_EQ(config(R"("response_format":{"type":"json_object"})", targetFor()),
            R"({"responseMimeType":"application/json"})");
  EXPECT_EQ(config(R"("response_format":{"type":"text"})", targetFor()), "");
}

TEST(GenerationConfigTest, ASchemaIsSentAsJsonSchemaWhereItIsTaken) {
  EXPECT_EQ(config(kJsonSchema, targetFor()),
            R"({"responseMimeType":"application/json","responseJsonSchema":)" + kSchema + "}");
}

TEST(GenerationConfigTest, ASchemaOfAnAnswerIsRepaired) {
  EXPECT_EQ(translateFields(R"("response_format":{"type":"json_schema","json_schema":{"name":"a",)"
                            R"("schema":{"anyOf":[{"$ref":"#/$defs/Gone"},{"type":"array"}]}}})")
                .at("/generationConfig/responseJsonSchema"),
            R"({"anyOf":[{"description":"A Gone."},{"type":"array"}]})");
}

TEST(GenerationConfigTest, ASchemaIsCleanedWhereJsonSchemaIsNotTaken) {
  EXPECT_EQ(config(kJsonSchema, targetFor("gemini-1.5-pro")),
            R"({"responseMimeType":"application/json","responseSchema":)"
            R"({"type":"OBJECT","properties":{"a":{"type":"STRING"}}}})");
}

TEST(GenerationConfigTest, BesideFunctionsOlderModelsAreToldInWords) {
  const auto result = translateFields(kJsonSchema + "," + kTool, targetFor("gemini-2.5-flash"));
  EXPECT_EQ(result.at("/generationConfig"), "");
  EXPECT_NE(result.at("/systemInstruction/parts/0/text").find("JSON Schema"), std::string::npos);
  EXPECT_EQ(result.adjusted, Words{"response_format"});
}

TEST(GenerationConfigTest, BesideFunctionsNewerModelsTakeTheSchema) {
  const auto result = translateFields(kJsonSchema + "," + kTool);
  EXPECT_EQ(result.at("/generationConfig/responseJsonSchema"), kSchema);
  EXPECT_EQ(result.adjusted, Words{});
}

TEST(GenerationConfigTest, ImagesAreAModality) {
  EXPECT_EQ(config(R"("modalities":["text","image"])", targetFor()),
            R"({"responseModalities":["TEXT","IMAGE"]})");
  EXPECT_EQ(config(R"("modalities":["text"])", targetFor()), "");
}

TEST(GenerationConfigTest, GooglesExtrasAreHandedOn) {
  const auto result =
      translateFields(R"("extra_body":{"google":{"cached_content":"cachedContents/x",
      "safety_settings":[{"category":"C","threshold":"OFF"}]}})");
  EXPECT_EQ(result.at("/cachedContent"), R"("cachedContents/x")");
  EXPECT_EQ(result.at("/safetySettings"), R"([{"category":"C","threshold":"OFF"}])");
}

TEST(GenerationConfigTest, AServiceTierIsForTheGeminiApi) {
  EXPECT_EQ(translateFields(R"("service_tier":"flex")").at("/serviceTier"), R"("flex")");
  EXPECT_EQ(translateFields(R"("service_tier":"auto")").at("/serviceTier"), "");
  const auto vertex =
      translateFields(R"("service_tier":"flex")", targetFor("m", google::Backend::Vertex));
  EXPECT_EQ(vertex.at("/serviceTier"), "");
  EXPECT_EQ(vertex.adjusted, Words{"service_tier"});
}

TEST(GenerationConfigTest, ANegativeSeedKeepsItsLowBits) {
  EXPECT_EQ(config(R"("seed":-5)", targetFor("gemini-2.5-pro")), R"({"seed":2147483643})");
  EXPECT_EQ(adjusted(R"("seed":-5)", targetFor("gemini-2.5-pro")), (Words{"seed"}));
}

TEST(GenerationConfigTest, AnOutputThatTheModelRefusedIsNotAskedForAgain) {
  auto target = targetFor("gemini-2.5-pro");
  target.limits.mostOutput = 1000;
  EXPECT_EQ(config(R"("max_tokens":5000)", target), R"({"maxOutputTokens":1000})");
  EXPECT_EQ(adjusted(R"("max_tokens":5000)", target), (Words{"max_tokens"}));
}

TEST(GenerationConfigTest, JsonBesideASearchIsAskedForInWordsWhereTheFieldIsNotTaken) {
  const auto result =
      translateFields(kJsonSchema + R"(,"web_search_options":{})", targetFor("gemini-2.5-pro"));
  EXPECT_EQ(result.at("/generationConfig"), "");
  EXPECT_NE(result.at("/systemInstruction").find("JSON Schema"), std::string::npos);
  EXPECT_EQ(result.adjusted, (Words{"response_format"}));
}

}  // namespace
}  // namespace rondo::translation
