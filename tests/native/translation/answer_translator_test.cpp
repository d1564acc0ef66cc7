#include "translation/answer_translator.h"

#include <gtest/gtest.h>

#include "native/openai/read_request.h"

namespace rondo::translation {
namespace {

using conversation::Call;
using conversation::Citation;
using conversation::Event;
using conversation::Finish;
using conversation::FinishReason;
using conversation::Image;
using conversation::Signature;
using conversation::TextPiece;
using conversation::ThoughtPiece;
using conversation::TokenScore;
using Events = std::vector<Event>;

google::Answer event(const std::string& text) {
  return std::get<google::Answer>(google::readAnswer(json::keptNode(text)));
}

google::Answer parts(const std::string& list, const std::string& more = "") {
  return event(R"({"candidates":[{"content":{"parts":[)" + list + "]}" + more + "}]}");
}

AnswerContext context(const std::string& fields = R"("user":"u")") {
  return answerContext(openai::readFields(fields), "seed", {"api_key", "gemini-4"});
}

// An answer's way through a translator, whole.
struct Followed {
  Events events;  // Before the end.
  AnswerEnd end;

  Events all() const {
    Events all = events;
    if (end) all.insert(all.end(), end->begin(), end->end());
    return all;
  }
};

// The events of one kind.
template <class Kind>
std::vector<Kind> only(const Events& events) {
  std::vector<Kind> found;
  for (const Event& event : events) {
    if (const auto* one = std::get_if<Kind>(&event.what)) found.push_back(*one);
  }
  return found;
}

std::string textIn(const Events& events) {
  std::string text;
  for (const auto& piece : only<TextPiece>(events)) text += piece.text.view().plain();
  return text;
}

std::string thoughtsIn(const Events& events) {
  std::string text;
  for (const auto& piece : only<ThoughtPiece>(events)) text += piece.text.view().plain();
  return text;
}

// One letter an event: Text, tHought, siGnature, Call, Image, Web search, run of code (x), Output,
// hosted Part, citation (z), Score, sound (a), Utterance, Finish.
std::string orderOf(const Events& events) {
  std::string order;
  for (const Event& event : events) order += "thgciwxopzsauf"[event.what.index()];
  return order;
}

Followed follow(std::vector<google::Answer> events, AnswerContext with = context(),
                ClientSignatures* store = nullptr, AnswerForm form = AnswerForm::Streamed) {
  AnswerTranslator translator(std::move(with), store);
  Followed followed;
  for (google::Answer& each : events) {
    auto told = translator.feed(std::move(each));
    std::move(told.begin(), told.end(), std::back_inserter(followed.events));
  }
  followed.end = translator.finish(form);
  return followed;
}

FinishReason reasonOf(const Followed& followed, std::size_t choice = 0) {
  EXPECT_TRUE(followed.end) << (followed.end ? "" : followed.end.error().message);
  if (!followed.end) return FinishReason::Stop;
  return only<Finish>(*followed.end).at(choice).reason;
}

std::string faultOf(const Followed& followed) {
  return followed.end ? "" : followed.end.error().code;
}

const std::string kStop = R"(,"finishReason":"STOP")";

TEST(AnswerTranslatorTest, TextPartsAreJoinedWithNothingBetween) {
  const auto followed = follow({parts(R"({"text":"a"},{"text":"b"})", kStop)});
  EXPECT_EQ(textIn(followed.events), "ab");
  EXPECT_EQ(reasonOf(followed), FinishReason::Stop);
}

TEST(AnswerTranslatorTest, ThoughtsAreReasoningAndNeverContent) {
  const auto followed = follow({parts(R"({"text":"hm","thought":true},{"text":"a"})", kStop)});
  EXPECT_EQ(thoughtsIn(followed.events), "hm");
  EXPECT_EQ(textIn(followed.events), "a");
}

TEST(AnswerTranslatorTest, AThoughtBetweenTextsKeepsItsPlace) {
  const auto followed =
      follow({parts(R"({"text":"a"},{"text":"hm","thought":true},{"text":"b"})", kStop)});
  EXPECT_EQ(orderOf(followed.all()), "thtf");
}

TEST(AnswerTranslatorTest, ACallAnywhereMakesTheFinishToolCalls) {
  const auto followed =
      follow({parts(R"({"functionCall":{"name":"f","args":{}}})"), parts(R"({"text":""})", kStop)});
  EXPECT_EQ(reasonOf(followed), FinishReason::Calls);
}

TEST(AnswerTranslatorTest, TheOlderStyleGetsOneCall) {
  const auto followed =
      follow({parts(R"({"functionCall":{"name":"f"}},{"functionCall":{"name":"g"}})", kStop)},
             context(R"("functions":[{"name":"f"}])"));
  EXPECT_EQ(reasonOf(followed), FinishReason::Calls);
  EXPECT_EQ(only<Call>(followed.all()).size(), 1u);
}

TEST(AnswerTranslatorTest, WithoutParallelCallsTheFirstIsKept) {
  const auto followed =
      follow({parts(R"({"functionCall":{"name":"f"}},{"functionCall":{"name":"g"}})", kStop)},
             context(R"("parallel_tool_calls":false)"));
  const auto calls = only<Call>(followed.all());
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].name, "f");
}

std::vector<Call> callsIn(const Followed& followed) { return only<Call>(followed.all()); }

const std::string kBare = R"({"functionCall":{"name":"f","args":{}}})";
const std::string kArguments = R"({"functionCall":{"args":{"a":1}}})";

TEST(CallInTwoPartsTest, ArgumentsWithoutANameBelongToTheCallDirectlyBefore) {
  for (const auto& events :
       {std::vector{parts(kBare + "," + kArguments, kStop)},
        std::vector{parts(kBare), parts(kArguments, kStop)},
        std::vector{parts(kBare), event("{}"), parts(kArguments), parts("", kStop)}}) {
    const auto followed = follow(events);
    const auto calls = callsIn(followed);
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].name, "f");
    EXPECT_EQ(calls[0].arguments, R"({"a":1})");
    EXPECT_EQ(reasonOf(followed), FinishReason::Calls);
  }
}

TEST(CallInTwoPartsTest, AnywhereElseTheyAreAMalformedCall) {
  const std::string full = R"({"functionCall":{"name":"f","args":{"b":1}}})";
  for (const std::string& list :
       {kArguments, full + "," + kArguments, kBare + "," + kArguments + "," + kArguments,
        kBare + R"(,{"text":"a"},)" + kArguments,
        R"({"functionCall":{"name":"","args":{}}})" + ("," + kBare)}) {
    const auto followed = follow({parts(list, kStop)});
    EXPECT_EQ(faultOf(followed), "malformed_answer") << list;
    for (const auto& call : callsIn(followed)) EXPECT_EQ(call.name, "f") << list;
  }
}

TEST(CallInTwoPartsTest, ALimitOrAFilterExplainsAMalformedCall) {
  EXPECT_EQ(reasonOf(follow({parts(kArguments, R"(,"finishReason":"MAX_TOKENS")")})),
            FinishReason::Length);
}

TEST(CallInTwoPartsTest, AnotherChoiceStandsBetweenNothing) {
  const auto followed =
      follow({parts(kBare), event(R"({"candidates":[{"index":1,"content":{"parts":[
      {"text":"x"}]},"finishReason":"STOP"}]})"),
              parts(kArguments, kStop)});
  ASSERT_EQ(callsIn(followed).size(), 1u);
  EXPECT_EQ(callsIn(followed)[0].arguments, R"({"a":1})");
}

TEST(CallInTwoPartsTest, EitherPartMayTellTheSignatureAndTheId) {
  const std::string told = R"({"functionCall":{"name":"f","id":"i"},"thoughtSignature":"s"})";
  const std::string more = R"({"functionCall":{"args":{"a":1},"id":"j"},"thoughtSignature":"t"})";
  const auto first = callsIn(follow({parts(told + "," + more, kStop)})).at(0);
  EXPECT_EQ(first.id + first.signature.value, "is");
  const auto second = callsIn(follow({parts(kBare + "," + more, kStop)})).at(0);
  EXPECT_EQ(second.id + second.signature.value, "jt");
}

TEST(CallInTwoPartsTest, ArgumentsOfACallThatIsDroppedGoWithIt) {
  const std::string first = R"({"functionCall":{"name":"g","args":{"b":1}}})";
  const auto followed = follow({parts(first + "," + kBare + "," + kArguments, kStop)},
                               context(R"("parallel_tool_calls":false)"));
  ASSERT_EQ(callsIn(followed).size(), 1u);
  EXPECT_EQ(callsIn(followed)[0].arguments, R"({"b":1})");
  EXPECT_EQ(reasonOf(followed), FinishReason::Calls);
}

TEST(CallInTwoPartsTest, CallsAndTextsKeepTheirOrder) {
  const auto followed =
      follow({parts(kBare + R"(,{"functionCall":{"name":"g"}},{"text":"a"},)" + kBare),
              parts(R"({"text":"hm","thought":true})"), parts(kBare, kStop)});
  EXPECT_EQ(orderOf(followed.all()), "cctchcf");
  std::string names;
  for (const Call& call : callsIn(followed)) names += call.name + call.id.back();
  EXPECT_EQ(names, "f0g1f2f3");
}

TEST(CallInTwoPartsTest, AHeldCallIsShownAtTheEndAtTheLatest) {
  const auto followed = follow({parts(kBare)}, context(), nullptr, AnswerForm::Whole);
  EXPECT_TRUE(followed.events.empty());
  EXPECT_EQ(reasonOf(followed), FinishReason::Calls);
  ASSERT_EQ(callsIn(followed).size(), 1u);
  EXPECT_EQ(callsIn(followed)[0].arguments, "{}");
}

TEST(AnswerTranslatorTest, CallsBeyondAnyMeasureAreMalformed) {
  std::string list = kBare;
  for (int i = 0; i < 4096; ++i) list += "," + kBare;
  const auto followed = follow({parts(list, kStop)});
  EXPECT_EQ(faultOf(followed), "malformed_answer");
  EXPECT_EQ(callsIn(followed).size(), 4096u);
}

TEST(AnswerTranslatorTest, GooglesCallIdIsKeptWhereClientsTakeIt) {
  const auto followed = follow({parts(R"({"functionCall":{"id":"fc-1_x","name":"f"}})", kStop)});
  EXPECT_EQ(callsIn(followed).at(0).id, "fc-1_x");
}

TEST(AnswerTranslatorTest, AnIdIsMadeWhereGoogleGaveNoUsableOne) {
  const auto followed = follow({parts(R"({"functionCall":{"name":"f"}},
      {"functionCall":{"id":"a b","name":"f"}},
      {"functionCall":{"id":"0123456789012345678901234567890123456789x","name":"f"}},
      {"functionCall":{"id":"same","name":"f"}},{"functionCall":{"id":"same","name":"f"}})",
                                      kStop)});
  std::set<std::string> ids;
  for (const auto& call : callsIn(followed)) {
    EXPECT_LE(call.id.size(), 40u);
    EXPECT_EQ(call.id.find_first_not_of(
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"),
              std::string::npos);
    ids.insert(call.id);
  }
  EXPECT_EQ(ids.size(), 5u);
  EXPECT_TRUE(ids.contains("call_seed_0"));
}

TEST(AnswerTranslatorTest, TheClientsNameForAFunctionComesBack) {
  const auto followed =
      follow({parts(R"({"functionCall":{"name":"a_b"}})", kStop)},
             context(R"("tools":[{"type":"function","function":{"name":"a b"}}])"));
  EXPECT_EQ(callsIn(followed).at(0).name, "a b");
}

TEST(AnswerTranslatorTest, ACustomToolGetsItsInput) {
  const auto followed =
      follow({parts(R"({"functionCall":{"name":"g","args":{"input":"free \"text\""}}})", kStop)},
             context(R"("tools":[{"type":"custom","custom":{"name":"g"}}])"));
  EXPECT_EQ(callsIn(followed).at(0).arguments, "free \"text\"");
  EXPECT_EQ(callsIn(followed)[0].kind, conversation::ToolKind::Custom);
}

TEST(AnswerTranslatorTest, ASignedCallCarriesItsSignatureAndIsRemembered) {
  SignatureStore kept;
  ClientSignatures store(kept, "me");
  const auto followed = follow(
      {parts(
          R"({"functionCall":{"name":"f"},"thoughtSignature":"c2ln"},{"functionCall":{"name":"g"}})",
          kStop)},
      context(), &store);
  const auto calls = callsIn(followed);
  EXPECT_EQ(calls[0].signature, "c2ln");
  EXPECT_EQ(calls[1].signature, "");
  ASSERT_NE(store.find(calls[0].id), nullptr);
  EXPECT_EQ(store.find(calls[0].id)->signature, "c2ln");
  EXPECT_EQ(store.find(calls[0].id)->origin.group, "gemini-4");
}

TEST(AnswerTranslatorTest, OnlySignaturesThatThereAreAreToldToWhoeverKeepsThem) {
  std::vector<conversation::Envelope> told;
  auto keeping = context();
  keeping.told = &told;
  const auto followed = follow(
      {parts(
          R"({"functionCall":{"name":"f"},"thoughtSignature":"c2ln"},{"functionCall":{"name":"g"}})",
          kStop)},
      std::move(keeping));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].callId, callsIn(followed)[0].id);
  EXPECT_EQ(told[0].value, "c2ln");
  EXPECT_EQ(told[0].origin.group, "gemini-4");
}

TEST(AnswerTranslatorTest, ASignatureOnAnEmptyTextIsKept) {
  const auto followed =
      follow({parts(R"({"text":"a"})"), parts(R"({"text":"","thoughtSignature":"c2ln"})", kStop)});
  EXPECT_EQ(orderOf(followed.all()), "tgf");
  EXPECT_EQ(only<Signature>(followed.events).at(0).value, "c2ln");
}

TEST(AnswerTranslatorTest, MadeImagesAreToldByTheirAddress) {
  const auto followed =
      follow({parts(R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})"),
              parts(R"({"fileData":{"mimeType":"image/png","fileUri":"gs://a"}})", kStop)});
  const auto images = only<Image>(followed.events);
  ASSERT_EQ(images.size(), 2u);
  EXPECT_EQ(images[0].url, "data:image/png;base64,AAAA");
  EXPECT_EQ(images[1].url, "gs://a");
  EXPECT_EQ(reasonOf(followed), FinishReason::Stop);
}

TEST(AnswerTranslatorTest, CodeThatWasRunIsFenced) {
  const auto followed = follow({parts(R"({"text":"Look:"},
      {"executableCode":{"language":"PYTHON","code":"print(1)\n"}},
      {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}},
      {"codeExecutionResult":{"outcome":"OUTCOME_FAILED","output":"boom"}})",
                                      kStop)});
  EXPECT_EQ(
      textIn(followed.events),
      "Look:\n```python\nprint(1)\n```\n```output\n1\n```\n```output\nOUTCOME_FAILED\nboom\n```\n");
}

AnswerContext apart() {
  AnswerContext made = context();
  made.hosted = conversation::HostedStyle::Apart;
  return made;
}

const std::string kCode = R"({"text":"a"},{"executableCode":{"language":"PYTHON","code":"1/0"}},)"
                          R"({"codeExecutionResult":{"outcome":"OUTCOME_FAILED","output":"no"}})";

TEST(AnswerTranslatorTest, CodeIsAnEventOfItsOwnWhereTheDialectHasAPlaceForIt) {
  const auto events = follow({parts(kCode, kStop)}, apart()).all();
  EXPECT_EQ(textIn(events), "a");
  const auto runs = only<conversation::CodeRun>(events);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].language, "python");
  EXPECT_EQ(runs[0].code, "1/0");
  const auto outputs = only<conversation::CodeOutput>(events);
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].text, "no");
  EXPECT_EQ(outputs[0].outcome, conversation::ToolOutcome::Failed);
}

TEST(AnswerTranslatorTest, CodeAloneIsAnAnswer) {
  const auto followed =
      follow({parts(R"({"executableCode":{"language":"PYTHON","code":"1"}})", kStop)}, apart());
  EXPECT_TRUE(followed.end);
}

constexpr const char* kSearches =
    R"(,"groundingMetadata":{"webSearchQueries":["q","r","q"],"groundingChunks":[)"
    R"({"web":{"uri":"https://a.example","title":"A"}},{"retrievedContext":{"uri":"gs://b/c"}},)"
    R"({"web":{"uri":"https://a.example","title":"again"}},{"web":{"title":"nowhere"}}]})";

TEST(AnswerTranslatorTest, SearchesAreToldOnceBeforeTheEnd) {
  const auto followed = follow(
      {parts(R"({"text":"a"})", kSearches), parts("", std::string(kSearches) + kStop)}, apart());
  ASSERT_TRUE(followed.end);
  const auto searches = only<conversation::WebSearch>(*followed.end);
  ASSERT_EQ(searches.size(), 1u);
  EXPECT_EQ(searches[0].queries, (std::vector<std::string>{"q", "r"}));
  ASSERT_EQ(searches[0].sources.size(), 1u);
  EXPECT_EQ(searches[0].sources[0].url, "https://a.example");
  EXPECT_EQ(searches[0].sources[0].title, "A");
}

TEST(AnswerTranslatorTest, SearchesHaveALimit) {
  std::string queries;
  for (int i = 0; i < 5000; ++i) queries += (i ? ",\"q" : "\"q") + std::to_string(i) + '"';
  const auto followed =
      follow({parts(R"({"text":"a"})",
                    R"(,"groundingMetadata":{"webSearchQueries":[)" + queries + "]}" + kStop)},
             apart());
  EXPECT_EQ(only<conversation::WebSearch>(*followed.end).at(0).queries.size(), 4096u);
}

const std::string kServerSide =
    R"({"toolCall":{"id":"t1","toolType":"GOOGLE_SEARCH","args":{"q":"x"}},"thoughtSignature":"s="},)"
    R"({"toolResponse":{"id":"t1","toolType":"GOOGLE_SEARCH","response":{"n":1.50}}},{"text":"a"})";

TEST(AnswerTranslatorTest, PartsOfHostedToolsAreToldAsTheyCameWithTheirOrigin) {
  const auto events = follow({parts(kServerSide, kStop)}, apart()).events;
  const auto hosted = only<conversation::HostedPart>(events);
  ASSERT_EQ(hosted.size(), 2u);
  EXPECT_EQ(hosted[0].json,
            R"({"toolCall":{"id":"t1","toolType":"GOOGLE_SEARCH","args":{"q":"x"}},)"
            R"("thoughtSignature":"s="})");
  EXPECT_EQ(hosted[1].json, R"({"toolResponse":{"id":"t1","toolType":"GOOGLE_SEARCH",)"
                            R"("response":{"n":1.50}}})");
  EXPECT_EQ(hosted[0].origin, (conversation::SignatureOrigin{"api_key", "gemini-4"}));
}

TEST(AnswerTranslatorTest, NothingOfHostedToolsIsToldInline) {
  const auto events = follow({parts(kServerSide, std::string(kSearches) + kStop)}).all();
  EXPECT_TRUE(only<conversation::HostedPart>(events).empty());
  EXPECT_TRUE(only<conversation::WebSearch>(events).empty());
}

TEST(AnswerTranslatorTest, ACallsIdCarriesItsSignatureWhereThatIsAskedFor) {
  AnswerContext made = context();
  made.signatures = SignaturePlace::CallId;
  SignatureStore kept;
  ClientSignatures store(kept, "me");
  AnswerTranslator translator(std::move(made), &store);
  const auto events = translator.feed(parts(
      R"({"functionCall":{"id":"c1","name":"f","args":{"a":1}},"thoughtSignature":"c2+n/w=="},)"
      R"({"functionCall":{"id":"c2","name":"f","args":{"a":1}}})"));
  const auto calls = only<Call>(events);
  EXPECT_EQ(calls.at(0).id, "c1__thought__c2-n_w");
  EXPECT_EQ(calls.at(1).id, "c2");
  EXPECT_NE(store.find("c1"), nullptr);
}

TEST(AnswerTranslatorTest, AFenceIsLongerThanTheOnesInside) {
  const auto followed =
      follow({parts(R"({"executableCode":{"language":"PYTHON","code":"s = '```'"}})", kStop)});
  EXPECT_EQ(textIn(followed.events), "````python\ns = '```'\n````\n");
}

struct ReasonCase {
  const char* reason;
  FinishReason finish;
};

class FinishReasonTest : public testing::TestWithParam<ReasonCase> {};

TEST_P(FinishReasonTest, HasAWordOfOurs) {
  const std::string reason = R"(,"finishReason":")" + std::string(GetParam().reason) + '"';
  EXPECT_EQ(reasonOf(follow({parts(R"({"text":"a"})", reason)})), GetParam().finish);
}

INSTANTIATE_TEST_SUITE_P(Reasons, FinishReasonTest,
                         testing::Values(ReasonCase{"STOP", FinishReason::Stop},
                                         ReasonCase{"MAX_TOKENS", FinishReason::Length},
                                         ReasonCase{"CONTINUATION", FinishReason::Length},
                                         ReasonCase{"SAFETY", FinishReason::Filtered},
                                         ReasonCase{"RECITATION", FinishReason::Filtered},
                                         ReasonCase{"LANGUAGE", FinishReason::Filtered},
                                         ReasonCase{"BLOCKLIST", FinishReason::Filtered},
                                         ReasonCase{"PROHIBITED_CONTENT", FinishReason::Filtered},
                                         ReasonCase{"SPII", FinishReason::Filtered},
                                         ReasonCase{"MODEL_ARMOR", FinishReason::Filtered},
                                         ReasonCase{"IMAGE_SAFETY", FinishReason::Filtered},
                                         ReasonCase{"IMAGE_RECITATION", FinishReason::Filtered},
                                         ReasonCase{"OTHER", FinishReason::Stop},
                                         ReasonCase{"NO_IMAGE", FinishReason::Stop},
                                         ReasonCase{"SOMETHING_NEW", FinishReason::Stop}));

class MalformedReasonTest : public testing::TestWithParam<const char*> {};

TEST_P(MalformedReasonTest, IsAnErrorAndNeverAStop) {
  const std::string reason = R"(,"finishReason":")" + std::string(GetParam()) + '"';
  EXPECT_EQ(faultOf(follow({parts(R"({"text":"a"})", reason)})), "malformed_answer");
}

INSTANTIATE_TEST_SUITE_P(Reasons, MalformedReasonTest,
                         testing::Values("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL",
                                         "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
                                         "MISSING_THOUGHT_SIGNATURE"));

TEST(AnswerTranslatorTest, CallsThatEndInALimitOrAFilterKeepThatReason) {
  const auto ending = [](const char* reason) {
    return reasonOf(follow({parts(R"({"functionCall":{"name":"f"}})",
                                  R"(,"finishReason":")" + std::string(reason) + '"')}));
  };
  EXPECT_EQ(ending("MAX_TOKENS"), FinishReason::Length);
  EXPECT_EQ(ending("SAFETY"), FinishReason::Filtered);
}

TEST(AnswerTranslatorTest, ALimitWithNoVisibleTextIsALength) {
  EXPECT_EQ(reasonOf(follow({event(R"({"candidates":[{"finishReason":"MAX_TOKENS"}]})")})),
            FinishReason::Length);
}

TEST(AnswerTranslatorTest, ABlockedPromptIsAChoiceWithContentFilter) {
  const auto followed =
      follow({event(R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}})")});
  EXPECT_TRUE(followed.events.empty());
  EXPECT_EQ(reasonOf(followed), FinishReason::Filtered);
}

TEST(AnswerTranslatorTest, ABlockAfterTextHasBegunIsAContentFilterToo) {
  EXPECT_EQ(reasonOf(follow({parts(R"({"text":"a"})"),
                             event(R"({"promptFeedback":{"blockReason":"SAFETY"}})")})),
            FinishReason::Filtered);
}

TEST(AnswerTranslatorTest, AnAnswerWithoutAReasonBrokeOff) {
  EXPECT_EQ(faultOf(follow({parts(R"({"text":"a"})")})), "upstream_incomplete");
}

TEST(AnswerTranslatorTest, NothingAtAllIsAnEmptyAnswer) {
  EXPECT_EQ(faultOf(follow({})), "empty_answer");
  EXPECT_EQ(faultOf(follow({event("{}")})), "empty_answer");
  EXPECT_EQ(faultOf(follow({parts("", kStop)})), "empty_answer");
  EXPECT_EQ(faultOf(follow({parts(R"({"text":""})", kStop)})), "empty_answer");
}

class ExplainedTest : public testing::TestWithParam<ReasonCase> {};

TEST_P(ExplainedTest, AReasonThatExplainsWhyThereIsNothingIsAnAnswer) {
  const std::string reason = R"("finishReason":")" + std::string(GetParam().reason) + '"';
  for (const char* content : {"", R"("content":{"role":"model"},)",
                              R"("content":{"parts":[{"text":"hm","thought":true}]},)"}) {
    const std::string text = R"({"candidates":[{)" + std::string(content) + reason + "}]}";
    EXPECT_EQ(reasonOf(follow({event(text)})), GetParam().finish) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Reasons, ExplainedTest,
                         testing::Values(ReasonCase{"NO_IMAGE", FinishReason::Stop},
                                         ReasonCase{"IMAGE_OTHER", FinishReason::Filtered},
                                         ReasonCase{"IMAGE_SAFETY", FinishReason::Filtered},
                                         ReasonCase{"SAFETY", FinishReason::Filtered},
                                         ReasonCase{"LANGUAGE", FinishReason::Filtered},
                                         ReasonCase{"OTHER", FinishReason::Stop},
                                         ReasonCase{"SOMETHING_NEW", FinishReason::Stop}));

TEST(AnswerTranslatorTest, AWholeAnswerIsCompleteWithoutAReason) {
  const auto whole = [](const std::string& text) {
    return follow({event(text)}, context(), nullptr, AnswerForm::Whole);
  };
  EXPECT_EQ(reasonOf(whole(R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]})")),
            FinishReason::Stop);
  EXPECT_EQ(faultOf(whole(R"({"candidates":[{}]})")), "empty_answer");
  EXPECT_EQ(faultOf(whole("{}")), "empty_answer");
}

std::string choice(std::size_t index, const std::string& text, const std::string& reason) {
  return R"({"index":)" + std::to_string(index) + R"(,"content":{"parts":[{"text":")" + text +
         R"("}]},"finishReason":")" + reason + R"("})";
}

TEST(SeveralChoicesTest, AGoodOneMakesTheAnswerGood) {
  for (const char* reason : {"STOP", "MALFORMED_FUNCTION_CALL"}) {
    for (const std::size_t good : {std::size_t{0}, std::size_t{1}}) {
      const auto followed = follow({event(R"({"candidates":[)" + choice(good, "a", "MAX_TOKENS") +
                                          "," + choice(1 - good, "", reason) + "]}")});
      ASSERT_TRUE(followed.end);
      ASSERT_EQ(followed.end->size(), 2u);
      EXPECT_EQ(reasonOf(followed, good), FinishReason::Length);
      EXPECT_EQ(reasonOf(followed, 1 - good), FinishReason::Stop);
    }
  }
}

TEST(SeveralChoicesTest, WithoutAGoodOneTheFirstFaultIsTold) {
  EXPECT_EQ(faultOf(follow({event(R"({"candidates":[)" + choice(0, "", "STOP") + "," +
                                  choice(1, "a", "MALFORMED_RESPONSE") + "]}")})),
            "empty_answer");
}

TEST(SeveralChoicesTest, OneWithoutAnEndMeansThatTheAnswerBrokeOff) {
  EXPECT_EQ(faultOf(follow({event(R"({"candidates":[)" + choice(0, "a", "STOP") + "," +
                                  choice(1, "a", "") + "]}")})),
            "upstream_incomplete");
}

TEST(AnswerTranslatorTest, WhatGoogleSaysOfAReasonIsCutShort) {
  const auto followed = follow({event(R"({"candidates":[{"finishReason":"MALFORMED_RESPONSE",
      "finishMessage":")" + std::string(100'000, 'x') +
                                      R"("}]})")});
  ASSERT_FALSE(followed.end);
  EXPECT_LT(followed.end.error().message.size(), 1000u);
}

TEST(AnswerTranslatorTest, ThoughtsAloneAreAnEmptyAnswer) {
  EXPECT_EQ(faultOf(follow({parts(R"({"text":"hm","thought":true})", kStop)})), "empty_answer");
}

TEST(AnswerTranslatorTest, TheLastUsageWins) {
  AnswerTranslator translator(context(), nullptr);
  translator.feed(event(R"({"usageMetadata":{"promptTokenCount":30,"totalTokenCount":30}})"));
  translator.feed(event(R"({"usageMetadata":{"promptTokenCount":30,"cachedContentTokenCount":8,
      "candidatesTokenCount":12,"thoughtsTokenCount":40,"toolUsePromptTokenCount":5,"totalTokenCount":87}})"));
  translator.feed(event("{}"));
  ASSERT_TRUE(translator.usage());
  EXPECT_EQ(translator.usage()->prompt, 35);
  EXPECT_EQ(translator.usage()->completion, 52);
  EXPECT_EQ(translator.usage()->total, 87);
  EXPECT_EQ(translator.usage()->cached, 8);
  EXPECT_EQ(translator.usage()->reasoning, 40);
}

TEST(AnswerTranslatorTest, SeveralCandidatesAreSeveralChoices) {
  const auto followed = follow({event(R"({"candidates":[
      {"index":0,"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},
      {"index":1,"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS"}]})")});
  ASSERT_EQ(followed.events.size(), 2u);
  EXPECT_EQ(followed.events[1].choice, 1);
  EXPECT_EQ(reasonOf(followed, 1), FinishReason::Length);
}

TEST(AnswerTranslatorTest, LogprobsComeWithTheirText) {
  const auto followed = follow({event(R"({"candidates":[{"content":{"parts":[{"text":"a"}]},
      "finishReason":"STOP","logprobsResult":{"chosenCandidates":[{"token":"a","logProbability":-0.5}]}}]})")});
  EXPECT_EQ(orderOf(followed.all()), "tsf");
  EXPECT_EQ(only<TokenScore>(followed.events).at(0).token, "a");
}

std::vector<Citation> annotations(const Followed& followed) {
  EXPECT_TRUE(followed.end);
  return only<Citation>(followed.all());
}

std::string grounding(int start, int end, const std::string& more = "") {
  return R"(,"groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a","title":"A"}}],
      "groundingSupports":[{"segment":{"startIndex":)" +
         std::to_string(start) + R"(,"endIndex":)" + std::to_string(end) + more +
         R"(},"groundingChunkIndices":[0]}]})";
}

TEST(AnnotationsTest, ByteOffsetsBecomeCodePoints) {
  // "é" takes 2 bytes, "😀" 4.
  const auto cited =
      annotations(follow({parts(R"({"text":"é😀 abc"})", kStop + grounding(7, 10))}));
  ASSERT_EQ(cited.size(), 1u);
  EXPECT_EQ(cited[0].start, 3);
  EXPECT_EQ(cited[0].end, 6);
  EXPECT_EQ(cited[0].title, "A");
}

TEST(AnnotationsTest, OffsetsCountOverAllEventsOfAStream) {
  const auto cited = annotations(follow(
      {parts(R"({"text":"é"})"), parts(R"({"text":"abc"})"), parts("", kStop + grounding(2, 5))}));
  ASSERT_EQ(cited.size(), 1u);
  EXPECT_EQ(cited[0].start, 1);
  EXPECT_EQ(cited[0].end, 4);
}

TEST(AnnotationsTest, OffsetsOfAPartCountFromThatPart) {
  const auto cited =
      annotations(follow({parts(R"({"text":"hm","thought":true},{"text":"abc"},{"text":"def"})",
                                kStop + grounding(1, 3, R"(,"partIndex":2)"))}));
  ASSERT_EQ(cited.size(), 1u);
  EXPECT_EQ(cited[0].start, 4);
  EXPECT_EQ(cited[0].end, 6);
}

TEST(AnnotationsTest, AThoughtBetweenEventsEndsTheTextPartBeforeIt) {
  const auto cited = annotations(
      follow({parts(R"({"text":"ab"})"), parts(R"({"text":"hm","thought":true})"),
              parts(R"({"text":"cd"})", kStop + grounding(0, 2, R"(,"partIndex":2)"))}));
  ASSERT_EQ(cited.size(), 1u);
  EXPECT_EQ(cited[0].start, 2);
  EXPECT_EQ(cited[0].end, 4);
}

TEST(AnnotationsTest, BlocksOfCodeMoveWhatFollows) {
  const auto cited = annotations(
      follow({parts(R"({"executableCode":{"language":"PYTHON","code":"1"}},{"text":"abc"})",
                    kStop + grounding(0, 3))}));
  const std::int64_t block = 16;  // "```python\n1\n```\n"
  ASSERT_EQ(cited.size(), 1u);
  EXPECT_EQ(cited[0].start, block);
  EXPECT_EQ(cited[0].end, block + 3);
}

TEST(AnnotationsTest, PlainTextOnBothSidesOfABlockOfCodeKeepsItsPlaces) {
  const std::string supports = R"(,"groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],
      "groundingSupports":[{"segment":{"startIndex":1,"endIndex":2},"groundingChunkIndices":[0]},
      {"segment":{"startIndex":2,"endIndex":4},"groundingChunkIndices":[0]},
      {"segment":{"startIndex":0,"endIndex":4},"groundingChunkIndices":[0]}]})";
  const auto cited = annotations(follow(
      {parts(R"({"text":"ab"},{"executableCode":{"language":"PYTHON","code":"1"}},{"text":"cd"})",
             kStop + supports)}));
  const std::int64_t block = 17;  // "\n```python\n1\n```\n"
  ASSERT_EQ(cited.size(), 3u);
  EXPECT_EQ(cited[0].start, 0);
  EXPECT_EQ(cited[0].end, 4 + block);
  EXPECT_EQ(cited[1].start, 1);
  EXPECT_EQ(cited[1].end, 2);
  EXPECT_EQ(cited[2].start, 2 + block);
  EXPECT_EQ(cited[2].end, 4 + block);
}

TEST(AnnotationsTest, CodePointsCountBeforeABlockOfCodeAsWell) {
  const auto cited = annotations(follow(
      {parts(R"({"text":"é"},{"executableCode":{"language":"PYTHON","code":"1"}},{"text":"abc"})",
             kStop + grounding(2, 5))}));
  const std::int64_t block = 18;  // "é\n```python\n1\n```\n"
  ASSERT_EQ(cited.size(), 1u);
  EXPECT_EQ(cited[0].start, block);
  EXPECT_EQ(cited[0].end, block + 3);
}

TEST(AnnotationsTest, OffsetsBeyondTheTextAreMovedToItsEnd) {
  const auto cited = annotations(follow({parts(R"({"text":"abc"})", kStop + grounding(-5, 900))}));
  ASSERT_EQ(cited.size(), 1u);
  EXPECT_EQ(cited[0].start, 0);
  EXPECT_EQ(cited[0].end, 3);
}

std::string citations(int first, int count, const std::string& title) {
  std::string list;
  for (int i = first; i < first + count; ++i) {
    list += (list.empty() ? "" : ",") + (R"({"startIndex":0,"endIndex":)" + std::to_string(i)) +
            R"(,"uri":"u","title":")" + title + R"("})";
  }
  return R"(,"citationMetadata":{"citations":[)" + list + "]}";
}

TEST(AnnotationsTest, OfCitationsOfOnePlaceTheFirstIsKeptHoweverManyThereAre) {
  const auto cited = annotations(follow({parts(R"({"text":"abc"})", citations(3, 30, "first")),
                                         parts("", citations(3, 30, "second")),
                                         parts("", kStop + citations(1, 40, "third"))}));
  ASSERT_EQ(cited.size(), 3u);
  EXPECT_EQ(cited[0].title, "third");
  EXPECT_EQ(cited[2].title, "first");
}

TEST(AnnotationsTest, SourcesThatAreToldAgainWithEachEventLeaveRoomForNewOnes) {
  const std::string text(200, 'a');
  std::vector<google::Answer> events = {parts(R"({"text":")" + text + R"("})")};
  for (int i = 0; i < 100; ++i) events.push_back(parts("", citations(1, 100, "t")));
  events.push_back(parts("", kStop + citations(101, 50, "t")));
  EXPECT_EQ(annotations(follow(std::move(events))).size(), 150u);
}

TEST(AnnotationsTest, CitationsHaveALimit) {
  const std::string text(10'000, 'a');
  EXPECT_EQ(annotations(follow({parts(R"({"text":")" + text + R"("})", citations(1, 3000, "t")),
                                parts("", kStop + citations(3001, 3000, "t"))}))
                .size(),
            4096u);
}

TEST(AnnotationsTest, ACitationThatIsRepeatedIsToldOnce) {
  EXPECT_EQ(annotations(follow({parts(R"({"text":"abc"})", grounding(0, 3)),
                                parts("", kStop + grounding(0, 3))}))
                .size(),
            1u);
}

}  // namespace
}  // namespace rondo::translation
