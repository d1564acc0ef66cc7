#include <gtest/gtest.h>

#include <tuple>

#include <set>

#include "native/gateway/native_pool.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kBody = R"({ "contents" : [{"parts":[{"text":"Hello"}]}] })";

std::string errorBody(int code, const std::string& status, const std::string& message) {
  return R"({"error":{"code":)" + std::to_string(code) + R"(,"status":")" + status +
         R"(","message":")" + message + R"("}})";
}

fake::Answer refusal(int code, const std::string& status, const std::string& message) {
  return fake::answer(code, errorBody(code, status, message));
}

fake::Answer overloaded() { return refusal(503, "UNAVAILABLE", "Overloaded."); }

fake::Answer answered(std::vector<std::string> chunks) {
  fake::Answer answer;
  answer.headers = {{"content-type", "text/event-stream"}};
  answer.chunks = std::move(chunks);
  return answer;
}

const std::string kEvent = "data: " + greeting("Hi") + "\r\n\r\n";

// k1 answers so, and all others with a greeting.
void answerFirst(NativePool& pool, fake::Answer first) {
  pool.answers = [first = std::move(first)](const std::string& key, const http::Request&) {
    return key == "k1" ? first : answered({kEvent});
  };
}

fake::FakeReply stream(NativePool& pool, std::string query = "alt=sse") {
  return pool.call("streamGenerateContent", std::string(kBody), std::move(query));
}

// --- What goes to Google -------------------------------------------------------------------------

TEST(NativeQuestion, SendsTheBodyThatIsHeldAndReadsNothingOfIt) {
  NativePool pool({.keys = 1});
  const auto reply = pool.call("generateContent", std::string(kBody), "fields=a%2Cb");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.sent().method, "POST");
  EXPECT_EQ(pool.sent().url,
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:"
            "generateContent?fields=a%2Cb");
  EXPECT_EQ(pool.sent().source, http::Request::BodySource::Held);
  EXPECT_EQ(pool.host.held.reads, 0);
}

TEST(NativeQuestion, SendsOurCredentialAndTheFieldsThatItIsTold) {
  NativePool pool({.keys = 1});
  auto request = pool.calling("generateContent", std::string(kBody));
  request.native.fields.set("x-server-timeout", "5");
  pool.serve(std::move(request));
  const auto& headers = pool.sent().headers;
  EXPECT_EQ(headers.get("x-goog-api-key"), "key-k1");
  EXPECT_EQ(headers.get("authorization"), std::nullopt);
  EXPECT_EQ(headers.get("content-type"), "application/json");
  EXPECT_EQ(headers.get("x-server-timeout"), "5");
}

TEST(NativeQuestion, AsksVertexInTheVersionThatItHas) {
  NativePool pool({.users = 1});
  pool.call("countTokens", std::string(kBody));
  EXPECT_EQ(pool.sent().url,
            "https://aiplatform.googleapis.com/v1beta1/projects/project-u1/locations/global/"
            "publishers/google/models/gemini-3.8-flash:countTokens");
}

TEST(NativeQuestion, PassesTheAnswerOnWithoutALookAtIt) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    fake::Answer answer = fake::answer(200, "anything");
    answer.headers = {{"content-type", "application/json; charset=UTF-8"}, {"x-other", "1"}};
    return answer;
  };
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(reply.passed, "anything");
  EXPECT_EQ(header(reply, "content-type"), "application/json; charset=UTF-8");
  EXPECT_EQ(header(reply, "x-other"), "");
  EXPECT_EQ(header(reply, "x-rondo-credential"), "k1");
}

TEST(NativeQuestion, IsNotAskedForAModelThatTheKeyMayNotUse) {
  NativePool pool({.keys = 1});
  auto request = pool.calling("generateContent", std::string(kBody));
  request.client.models = {"gemini-2*"};
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(statusWord(reply), "NOT_FOUND");
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NativeQuestion, GoesToThoseThatHaveTheVerb) {
  NativePool pool({.users = 1, .keys = 1});
  for (int time = 0; time < 3; ++time) pool.call("computeTokens", std::string(kBody));
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "u1", "u1"}));
}

TEST(NativeQuestion, GoesToThoseThatHaveTheVerbForTheModel) {
  const std::tuple<const char*, const char*, const char*> all[] = {
      {"predict", "gemini-embedding-001", "u1"},
      {"predict", "text-embedding-005", "u1"},
      {"embedContent", "gemini-embedding-001", "k1"},
  };
  for (const auto& [verb, model, credential] : all) {
    NativePool pool({.users = 1, .keys = 1});
    for (int time = 0; time < 2; ++time) {
      auto request = pool.calling(verb, "{}");
      request.modelId = model;
      pool.serve(std::move(request));
    }
    EXPECT_EQ(pool.callees, (std::vector<std::string>{credential, credential})) << verb << model;
  }
}

TEST(NativeQuestion, GoesToAllThatHaveTheVerbForAModelThatBothHave) {
  for (const auto& [verb, model] :
       {std::pair{"embedContent", "gemini-embedding-2"}, std::pair{"predict", "imagen-5"}}) {
    NativePool pool({.users = 1, .keys = 1});
    for (int time = 0; time < 2; ++time) {
      auto request = pool.calling(verb, "{}");
      request.modelId = model;
      pool.serve(std::move(request));
    }
    EXPECT_EQ(std::set(pool.callees.begin(), pool.callees.end()).size(), 2U) << verb;
  }
}

TEST(NativeQuestion, SaysWhichCredentialAVerbNeeds) {
  NativePool pool({.keys = 1});
  const auto reply = pool.call("computeTokens", std::string(kBody));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(statusWord(reply), "INVALID_ARGUMENT");
  EXPECT_NE(reply.body.find("Vertex AI"), std::string::npos);
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NativeQuestion, NamesNoStoredContentThatItMayNot) {
  NativePool pool({.keys = 1}, {{"STORED_CONTENT", "off"}});
  const std::string named = R"({"cached_content":"cachedContents/x"})";
  EXPECT_EQ(pool.call("generateContent", named).head->status, 403);
  EXPECT_EQ(pool.call("generateContent", "\x1f\x8b no JSON").head->status, 400);
  EXPECT_EQ(pool.call("generateContent", std::string(kBody)).head->status, 200);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, LooksForStoredContentInWhateverMemberHasAddresses) {
  NativePool pool({.keys = 1}, {{"STORED_CONTENT", "gs://ours/"}});
  for (const std::string body :
       {R"({"instances":[{"image":{"gcsUri":"gs://theirs/a"}}]})",
        R"({"parameters":{"storageUri":" gs://theirs/"}})",
        R"({"inputUris":["gs://ours/a","gs://theirs/a"]})",
        R"({"tools":[{"file_search":{"file_search_store_names":["fileSearchStores/a"]}}]})",
        R"({"tools":[{"retrieval":{"vertexAiSearch":{"engine":"projects/p/engines/e"}}}]})"}) {
    EXPECT_EQ(pool.call("predict", body).head->status, 403) << body;
  }
  EXPECT_EQ(pool.call("predict", R"({"gcsUri":"gs://ours/a","text":"corpora/a"})").head->status,
            200);
}

TEST(NativeQuestion, LearnsOfAModelForItsClientAlone) {
  NativePool pool({.keys = 1});
  int asked = 0;
  pool.answers = [&asked](const std::string&, const http::Request&) {
    return ++asked == 1 ? refusal(400, "INVALID_ARGUMENT", "Seed is not enabled for this model.")
                        : answered({kEvent});
  };
  const std::string body = R"({"generationConfig":{"seed":1}})";
  pool.call("generateContent", body);
  ASSERT_EQ(pool.callees.size(), 2U);
  auto other = pool.calling("generateContent", body);
  other.client.name = "another";
  pool.serve(std::move(other));
  EXPECT_EQ(pool.sent().source, http::Request::BodySource::Held);
  pool.call("generateContent", body);
  EXPECT_EQ(pool.sent().source, http::Request::BodySource::Own);
}

TEST(NativeQuestion, GoesRoundWithoutTheStickyStrategy) {
  NativePool pool({.keys = 2});
  for (int time = 0; time < 2; ++time) pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2"}));
}

std::string firstTurn(int number) {
  return R"({"parts":[{"text":"talk )" + std::to_string(number) + R"("}]})";
}

std::string talk(int number, std::string_view later = {}) {
  return R"({"contents":[)" + firstTurn(number) + std::string(later) + "]}";
}

TEST(NativeQuestion, WithTheStickyStrategyStaysWhereItsFirstTurnWas) {
  NativePool pool({.keys = 4}, {{"CREDENTIAL_STRATEGY", "sticky"}});
  std::set<std::string> served;
  for (int i = 0; i < 12; ++i) {
    pool.call("generateContent", talk(i));
    const auto credential = pool.callees.back();
    pool.call("generateContent", talk(i, R"(,{"parts":[]})"));
    EXPECT_EQ(pool.callees.back(), credential);
    served.insert(credential);
  }
  EXPECT_GT(served.size(), 1U);
}

ClientRequest withTools(NativePool& pool, const std::string& first, const std::string& later = {}) {
  return pool.calling("generateContent", R"({"contents":[)" + first + later +
                                             R"(],"tools":[{"functionDeclarations":[]}]})");
}

TEST(NativeQuestion, WithToolsStaysWithOneCredentialWhateverTheStrategy) {
  NativePool pool({.keys = 4});
  std::set<std::string> served;
  for (int i = 0; i < 12; ++i) {
    const std::string first = firstTurn(i);
    pool.serve(withTools(pool, first));
    const auto credential = pool.callees.back();
    pool.serve(withTools(pool, first, R"(,{"parts":[]})"));
    EXPECT_EQ(pool.callees.back(), credential);
    served.insert(credential);
  }
  EXPECT_GT(served.size(), 1U);
}

TEST(NativeQuestion, WithToolsKeepsToTheOrderWhereThatIsTheStrategy) {
  NativePool pool({.keys = 3}, {{"CREDENTIAL_STRATEGY", "fill_first"}});
  for (int i = 0; i < 12; ++i) {
    pool.serve(withTools(pool, firstTurn(i)));
    EXPECT_EQ(pool.callees.back(), "k1");
  }
}

// That one has spent its minute, and the others answer.
void coolAt(NativePool& pool, const std::string& credential) {
  pool.answers = [credential](const std::string& key, const http::Request&) {
    return key == credential ? minuteSpent() : answered({kEvent});
  };
}

// Whoever serves it with tools when the one that does so first has spent its minute.
std::string servedByNextBest(NativePool& pool, const std::string& first) {
  pool.serve(withTools(pool, first));
  const auto best = pool.callees.back();
  coolAt(pool, best);
  pool.serve(withTools(pool, first));
  EXPECT_NE(pool.callees.back(), best);
  return pool.callees.back();
}

TEST(NativeQuestion, WithToolsStaysWithTheNextBestWhereTheBestCantServeIt) {
  NativePool pool({.keys = 4});
  const std::string first = firstTurn(0);
  const auto next = servedByNextBest(pool, first);
  for (int time = 0; time < 4; ++time) {
    pool.serve(withTools(pool, first));
    EXPECT_EQ(pool.callees.back(), next);
  }
}

TEST(NativeQuestion, WithToolsGoesRoundWhereItsTurnsAreOutOfSight) {
  NativePool pool({.keys = 3});
  std::set<std::string> served;
  for (int i = 0; i < 3; ++i) {
    pool.call("generateContent", R"({"systemInstruction":"long","tools":[]})");
    served.insert(pool.callees.back());
  }
  EXPECT_EQ(served.size(), 3U);
}

TEST(NativeQuestion, WithToolsGoesElsewhereWhereItsCredentialCools) {
  NativePool pool({.keys = 3});
  const std::string first = firstTurn(0);
  pool.serve(withTools(pool, first));
  const auto credential = pool.callees.back();
  coolAt(pool, credential);
  EXPECT_EQ(pool.serve(withTools(pool, first)).head->status, 200);
  EXPECT_NE(pool.callees.back(), credential);
}

// --- Signatures ----------------------------------------------------------------------------------

constexpr std::string_view kSigned =
    R"(,{"role":"model","parts":[{"text":"Hi","thoughtSignature":"c2ln"}]},{"parts":[]})";

TEST(NativeQuestion, WithASignatureGoesToWhoeverAnsweredItsFirstTurn) {
  NativePool pool({.keys = 3});
  std::vector<std::string> first;
  for (int i = 0; i < 5; ++i) {
    pool.call("generateContent", talk(i));
    first.push_back(pool.callees.back());
  }
  EXPECT_EQ(first, (std::vector<std::string>{"k1", "k2", "k3", "k1", "k2"}));
  for (int i = 0; i < 5; ++i) {
    pool.call("streamGenerateContent", talk(i, kSigned));
    EXPECT_EQ(pool.callees.back(), first.at(static_cast<std::size_t>(i)));
  }
}

TEST(NativeQuestion, WithASignatureStaysWithWhoeverAnsweredLast) {
  NativePool pool({.keys = 3});
  pool.call("generateContent", talk(0));
  const auto maker = pool.callees.back();
  coolAt(pool, maker);
  pool.call("generateContent", talk(0, kSigned));
  const auto next = pool.callees.back();
  EXPECT_NE(next, maker);
  pool.call("generateContent", talk(0, kSigned));
  EXPECT_EQ(pool.callees.back(), next);
}

TEST(NativeQuestion, WithASignatureStaysWithWhoeverAnsweredLastThoughABetterOneIsFreeForItsTools) {
  NativePool pool({.keys = 4});
  const std::string first = firstTurn(0);
  const auto maker = servedByNextBest(pool, first);
  answerFirst(pool, answered({kEvent}));
  pool.host.advance(std::chrono::hours(1));
  pool.serve(withTools(pool, first, std::string(kSigned)));
  EXPECT_EQ(pool.callees.back(), maker);
}

TEST(NativeQuestion, WithASignatureStaysWithWhoeverAnsweredLastThoughToolsComeAndGo) {
  NativePool pool({.keys = 4});
  for (int i = 0; i < 8; ++i) {
    const std::string first = firstTurn(i);
    pool.serve(withTools(pool, first));
    const auto called = pool.callees.back();
    pool.call("generateContent", talk(i, kSigned));
    EXPECT_EQ(pool.callees.back(), called);
    pool.call("generateContent", talk(i + 100));
    const auto spoken = pool.callees.back();
    pool.serve(withTools(pool, firstTurn(i + 100), std::string(kSigned)));
    EXPECT_EQ(pool.callees.back(), spoken);
  }
}

TEST(NativeQuestion, WithASignatureKnowsNothingOfOthersConversations) {
  NativePool pool({.keys = 2});
  auto mine = pool.calling("generateContent", talk(0));
  mine.client.name = "me";
  pool.serve(std::move(mine));
  const auto maker = pool.callees.back();
  auto yours = pool.calling("generateContent", talk(0));
  yours.client.name = "you";
  pool.serve(std::move(yours));
  EXPECT_NE(pool.callees.back(), maker);
  for (int time = 0; time < 2; ++time) {
    auto later = pool.calling("generateContent", talk(0, kSigned));
    later.client.name = "me";
    pool.serve(std::move(later));
    EXPECT_EQ(pool.callees.back(), maker);
  }
}

TEST(NativeQuestion, WithoutASignatureTakesTurnsHoweverItBegins) {
  NativePool pool({.keys = 3});
  for (int i = 0; i < 3; ++i) pool.call("generateContent", talk(0, R"(,{"parts":[]})"));
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k3"}));
}

TEST(NativeQuestion, ForAnImageStaysWithOneCredential) {
  NativePool pool({.keys = 4});
  std::set<std::string> served;
  for (int i = 0; i < 12; ++i) {
    const auto ask = [&](std::string_view later) {
      auto request = pool.calling("generateContent", talk(i, later));
      request.modelId = "gemini-3.1-flash-image-preview";
      pool.serve(std::move(request));
      return pool.callees.back();
    };
    const auto maker = ask({});
    EXPECT_EQ(ask(R"(,{"parts":[]})"), maker);
    served.insert(maker);
  }
  EXPECT_GT(served.size(), 1U);
}

// --- Attempts ------------------------------------------------------------------------------------

TEST(NativeQuestion, SendsAHeldBodyToTheNextCredential) {
  for (const auto& lost : {minuteSpent(), overloaded()}) {
    NativePool pool({.keys = 2});
    answerFirst(pool, lost);
    const auto reply = pool.call("generateContent", std::string(kBody));
    EXPECT_EQ(reply.head->status, 200);
    EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2"}));
    EXPECT_EQ(pool.sent().source, http::Request::BodySource::Held);
    EXPECT_EQ(header(reply, "x-rondo-attempts"), "2");
  }
}

TEST(NativeQuestion, SaysThatASuffixDoesNothing) {
  for (const auto* model : {"gemini-3.8-flash(high)", "gemini-2.5-flash(1024)"}) {
    NativePool pool({.keys = 1});
    auto request = pool.calling("generateContent", std::string(kBody));
    request.modelId = model;
    const auto reply = pool.serve(std::move(request));
    EXPECT_EQ(header(reply, "x-rondo-adjusted"), "model_suffix") << model;
  }
}

TEST(NativeQuestion, SendsABodyOnOnceThatIsPiped) {
  NativePool pool({.keys = 2});
  answerFirst(pool, minuteSpent());
  auto request = pool.calling("generateContent", std::string(kBody));
  request.native.body = NativeCall::Body::Piped;
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(statusWord(reply), "UNAVAILABLE");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, SendsAPipedBodyToTheNextCredentialWhereNothingWasSent) {
  NativePool pool({.users = 2});
  pool.host.fetcher.handler = [inner = pool.host.fetcher.handler](const http::Request& request) {
    const bool isFirst = request.url.ends_with("/token") && request.body.contains("refresh-u1");
    return isFirst ? fake::answer(400, R"({"error":"invalid_grant"})") : inner(request);
  };
  auto request = pool.calling("generateContent", std::string(kBody));
  request.native.body = NativeCall::Body::Piped;
  EXPECT_EQ(pool.serve(std::move(request)).head->status, 200);
  EXPECT_EQ(pool.callees, std::vector<std::string>{"u2"});
}

TEST(NativeQuestion, TellsTheLastLossInGooglesShape) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) { return overloaded(); };
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(statusWord(reply), "UNAVAILABLE");
  const auto array = stream(pool, "");
  EXPECT_TRUE(array.body.starts_with("[{\"error\"")) << array.body;
  EXPECT_TRUE(stream(pool).body.starts_with("{\"error\""));
}

TEST(NativeQuestion, TriesElsewhereWhenAStreamBeginsWithAnError) {
  const auto error = errorBody(503, "UNAVAILABLE", "Overloaded.");
  for (const auto& chunks : {std::vector<std::string>{"data: " + error + "\r\n\r\n"},
                             std::vector<std::string>{"da", "ta: {\"err", error.substr(5)},
                             std::vector<std::string>{"[" + error, "]"}}) {
    NativePool pool({.keys = 2});
    answerFirst(pool, answered(chunks));
    const auto reply = stream(pool);
    EXPECT_EQ(header(reply, "x-rondo-credential"), "k2");
    EXPECT_EQ(reply.body, kEvent);
  }
}

TEST(NativeQuestion, JudgesSuchAnErrorLikeARefusal) {
  NativePool pool({.keys = 2});
  answerFirst(pool, answered({"data: " + errorBody(429, "RESOURCE_EXHAUSTED", "Quota exceeded.")}));
  stream(pool);
  stream(pool);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k2"}));
}

TEST(NativeQuestion, TriesElsewhereWhenAStreamIsEmptyOrBreaksOffBeforeAnything) {
  auto broken = answered({kEvent});
  broken.breaksAfter = 0;
  for (const auto& lost : {answered({}), broken}) {
    NativePool pool({.keys = 2});
    answerFirst(pool, lost);
    EXPECT_EQ(header(stream(pool), "x-rondo-credential"), "k2");
  }
}

TEST(NativeQuestion, TellsNothingOfAStreamThatWasTurnedDown) {
  auto broken = answered({"da", "ta: "});
  broken.breaksAfter = 1;
  NativePool pool({.keys = 2});
  answerFirst(pool, broken);
  EXPECT_EQ(stream(pool).body, kEvent);
}

TEST(NativeQuestion, HoldsNoStreamOpenThatWasTurnedDown) {
  NativePool pool({.keys = 2});
  int open = -1;
  pool.answers = [&](const std::string& key, const http::Request&) {
    open = pool.host.fetcher.openBodies;
    return key == "k1" ? answered({}) : answered({kEvent});
  };
  stream(pool);
  EXPECT_EQ(open, 0);
}

TEST(NativeQuestion, JudgesAnErrorThatComesInPieces) {
  NativePool pool({.keys = 2});
  answerFirst(pool, answered({"data: {\"error\":{", "\"code\":429,\"status\":",
                              "\"RESOURCE_EXHAUSTED\",\"message\":\"Quota exceeded.\"}}\n\n"}));
  stream(pool);
  stream(pool);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k2"}));
}

TEST(NativeQuestion, PassesAStreamOnThatEndsBeforeItCanBeTold) {
  NativePool pool({.keys = 2});
  answerFirst(pool, answered({" "}));
  EXPECT_EQ(stream(pool).body, " ");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, AnswersWithGooglesStatus) {
  NativePool pool({.keys = 1});
  answerFirst(pool, fake::answer(202, "{}"));
  EXPECT_EQ(pool.call("generateContent", std::string(kBody)).head->status, 202);
}

TEST(NativeQuestion, LooksNoFurtherThanAStreamsBeginning) {
  NativePool pool({.keys = 1});
  answerFirst(pool, answered({"data: {\"can", "didates\":[]}\n\n", kEvent, kEvent}));
  const auto reply = stream(pool);
  EXPECT_EQ(reply.body, "data: {\"candidates\":[]}\n\n" + kEvent + kEvent);
  EXPECT_EQ(reply.passed, "didates\":[]}\n\n" + kEvent + kEvent);
}

TEST(NativeQuestion, PassesAStreamOnThatCantBeTold) {
  const std::string filler(5000, ' ');
  NativePool pool({.keys = 2});
  answerFirst(pool, answered({filler, "x"}));
  const auto reply = stream(pool);
  EXPECT_EQ(reply.body, filler + "x");
  EXPECT_EQ(reply.passed, "x");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, LooksIntoNoAnswerThatIsNoStream) {
  const auto error = errorBody(503, "UNAVAILABLE", "Overloaded.");
  NativePool pool({.keys = 2});
  answerFirst(pool, fake::answer(200, error));
  EXPECT_EQ(pool.call("generateContent", std::string(kBody)).passed, error);
}

TEST(NativeQuestion, BreaksOffWhereGoogleBreaksOff) {
  for (const auto* verb : {"generateContent", "streamGenerateContent"}) {
    NativePool pool({.keys = 2});
    auto answer = answered({kEvent, kEvent});
    answer.breaksAfter = 1;
    answerFirst(pool, answer);
    const auto reply = pool.call(verb, std::string(kBody), "alt=sse");
    EXPECT_EQ(reply.head->status, 200);
    EXPECT_EQ(reply.body, kEvent);
    EXPECT_TRUE(reply.broken);
    EXPECT_EQ(pool.callees.size(), 1U);
    EXPECT_TRUE(pool.host.logger.contains("stream_broken"));
  }
}

// --- What Google refuses -------------------------------------------------------------------------

TEST(NativeQuestion, BlotsOutWhatGooglesWordsTellOfTheCredential) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(400, "INVALID_ARGUMENT", "No, you@example.com.");
  };
  const auto reply = pool.call("generateContent", "{}");
  EXPECT_TRUE(reply.body.contains("No, ")) << reply.body;
  EXPECT_FALSE(reply.body.contains("you@example.com"));
}

TEST(NativeQuestion, TellsWhatIsWrongWithARequestInGooglesWords) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(400, "INVALID_ARGUMENT", "* GenerateContentRequest.contents: not specified");
  };
  const auto reply = pool.call("generateContent", "{}");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(reply.body,
            errorBody(400, "INVALID_ARGUMENT", "* GenerateContentRequest.contents: not specified"));
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, TellsInGooglesWordsThatWhatItNamesIsNotThere) {
  const auto missing =
      errorBody(403, "PERMISSION_DENIED", "CachedContent not found (or permission denied) for x");
  NativePool pool({.keys = 2});
  pool.answers = [&](const std::string&, const http::Request&) {
    return fake::answer(403, missing);
  };
  const auto reply = pool.call("generateContent", R"({"cachedContent":"cachedContents/x"})");
  EXPECT_EQ(reply.head->status, 403);
  EXPECT_EQ(reply.body, missing);
}

TEST(NativeQuestion, TellsInItsOwnWordsWhatIsNoJson) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, "<html>Bad Request</html>");
  };
  const auto reply = pool.call("generateContent", "{}");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(statusWord(reply), "INVALID_ARGUMENT");
}

TEST(NativeQuestion, HoldsAVerbThatAModelLacksAgainstNobody) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request& request) {
    if (request.url.ends_with(":embedContent")) {
      return refusal(404, "NOT_FOUND",
                     "models/gemini-3.8-flash is not found for API version v1beta, or is not "
                     "supported for embedContent.");
    }
    return fake::answer(200, greeting("Hi"));
  };
  const auto reply = pool.call("embedContent", R"({"content":{}})");
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_NE(reply.body.find("not supported for embedContent"), std::string::npos);
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(pool.call("generateContent", std::string(kBody)).head->status, 200);
  }
}

TEST(NativeQuestion, TellsThatThoseCoolThatHaveTheVerbThoughOthersAreFree) {
  NativePool pool({.users = 1, .keys = 1});
  pool.answers = [](const std::string&, const http::Request&) { return minuteSpent(); };
  for (int i = 0; i < 2; ++i) {
    const auto reply = pool.call("computeTokens", "{}");
    EXPECT_EQ(reply.head->status, 429);
    EXPECT_EQ(header(reply, "retry-after"), "40");
  }
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, TellsThatThoseAreOutThatHaveTheVerbThoughOthersAreWell) {
  NativePool pool({.users = 1, .keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(403, "PERMISSION_DENIED", "Your project has been denied access.");
  };
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(pool.call("computeTokens", "{}").head->status, 503);
  }
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, TellsOfASpentQuotaBeforeWhatMayBeMeantForItsBody) {
  for (const std::string spent : {"k1", "k2"}) {
    NativePool pool({.keys = 2});
    pool.answers = [&](const std::string& key, const http::Request&) {
      if (key == spent) return minuteSpent();
      return refusal(404, "NOT_FOUND", "Requested entity was not found.");
    };
    const auto reply = pool.call("generateContent", R"({"cachedContent":"cachedContents/x"})");
    EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2"})) << spent;
    EXPECT_EQ(reply.head->status, 429) << spent;
  }
}

TEST(NativeQuestion, SaysNothingOfThoseThatLackTheVerbWhenTheModelHasNoCapacity) {
  NativePool pool({.users = 1, .keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(
        429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"No.","details":[)"
             R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
             R"("MODEL_CAPACITY_EXHAUSTED","domain":"googleapis.com"}]}})");
  };
  const auto reply = pool.call("computeTokens", "{}");
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_TRUE(reply.body.contains("\"u1\"")) << reply.body;
  EXPECT_FALSE(reply.body.contains("\"k1\"")) << reply.body;
}

TEST(NativeQuestion, LeavesItToGoogleToSayThatTheOneThatIsNamedLacksTheVerbForTheModel) {
  NativePool pool({.users = 1, .keys = 1});
  auto request = pool.calling("predict", "{}");
  request.modelId = "text-embedding-005";
  request.credential = idOfKey("k1");
  pool.serve(std::move(request));
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1"}));
}

TEST(NativeQuestion, TellsInGooglesWordsThatAVerbIsKeptFromAKey) {
  const std::string words =
      R"({"error":{"code":403,"status":"PERMISSION_DENIED","message":"Blocked.","details":[)"
      R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_SERVICE_BLOCKED",)"
      R"("domain":"googleapis.com"}]}})";
  NativePool pool({.keys = 1});
  pool.answers = [&](const std::string&, const http::Request&) { return fake::answer(403, words); };
  EXPECT_EQ(pool.call("embedContent", "{}").body, words);
  answerFirst(pool, fake::answer(200, greeting("Hi")));
  EXPECT_EQ(pool.call("generateContent", "{}").head->status, 200);
}

// --- What may be meant for the client's own body -------------------------------------------------

// Everybody generates well afterwards, at once.
void expectAllWell(NativePool& pool, const std::string& what) {
  pool.callees.clear();
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, greeting("Hi"));
  };
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(pool.call("generateContent", "{}").head->status, 200) << what;
  }
  EXPECT_NE(pool.callees[0], pool.callees[1]) << what;
}

constexpr std::string_view kSpentWithoutAName =
    R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"You exceeded your current quota.",)"
    R"("details":[{"@type":"type.googleapis.com/google.rpc.Help","links":[]}]}})";

TEST(NativeQuestion, HoldsARefusalThatSaysNothingAgainstNobodyWhereTheBodyMayHaveBroughtIt) {
  const std::string bodies[] = {
      R"({"contents":[{"parts":[{"fileData":{"fileUri":"gs://b/a.png"}}]}]})",
      R"({"cachedContent":"cachedContents/x"})", R"({"tools":[{"googleMaps":{}}]})",
      R"({"tools":[{"functionDeclarations":[]},{"google_search":{}}]})"};
  const std::pair<int, std::string> refusals[] = {
      {403, errorBody(403, "PERMISSION_DENIED", "The caller does not have permission")},
      {404, errorBody(404, "NOT_FOUND", "Requested entity was not found.")},
      {429, std::string(kSpentWithoutAName)}};
  for (const auto& body : bodies) {
    for (const auto& [status, words] : refusals) {
      NativePool pool({.keys = 2});
      pool.answers = [&](const std::string&, const http::Request&) {
        return fake::answer(status, words);
      };
      const auto reply = pool.call("generateContent", body);
      EXPECT_EQ(reply.head->status, status) << body;
      EXPECT_EQ(reply.body, words) << body;
      EXPECT_EQ(pool.callees.size(), 2U) << body;
      expectAllWell(pool, body + words);
    }
  }
}

TEST(NativeQuestion, HoldsThemAgainstNobodyWhereTheBodyCantBeRead) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(429, std::string(kSpentWithoutAName));
  };
  EXPECT_EQ(pool.call("generateContent", "{").head->status, 429);
  expectAllWell(pool, "no JSON");
}

TEST(NativeQuestion, HoldsThemAgainstTheCredentialWhereTheBodyNamesNothing) {
  for (const auto& words :
       {errorBody(403, "PERMISSION_DENIED", "The caller does not have permission"),
        std::string(kSpentWithoutAName)}) {
    NativePool pool({.keys = 1});
    pool.answers = [&](const std::string&, const http::Request&) {
      return fake::answer(words.contains("429") ? 429 : 403, words);
    };
    pool.call("generateContent", R"({"tools":[{"functionDeclarations":[]}]})");
    pool.call("generateContent", "{}");
    EXPECT_EQ(pool.callees.size(), 1U) << words;
  }
}

TEST(NativeQuestion, HoldsASpentCapacityThatTheClientAskedForAgainstNobody) {
  for (const auto* field :
       {"x-vertex-ai-llm-request-type", "x-vertex-ai-llm-shared-request-type"}) {
    NativePool pool({.keys = 2});
    pool.answers = [](const std::string&, const http::Request&) {
      return fake::answer(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":)"
                               R"("Too many requests. Exceeded the Provisioned Throughput."}})");
    };
    auto request = pool.calling("generateContent", "{}");
    request.native.fields.set(field, "dedicated");
    EXPECT_EQ(pool.serve(std::move(request)).head->status, 429);
    expectAllWell(pool, field);
  }
}

TEST(NativeQuestion, HoldsAQuotaWithANameAgainstTheCredentialWhateverCapacityIsAskedFor) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) { return minuteSpent(); };
  for (int i = 0; i < 2; ++i) {
    auto request = pool.calling("generateContent", "{}");
    request.native.fields.set("x-vertex-ai-llm-request-type", "dedicated");
    EXPECT_EQ(pool.serve(std::move(request)).head->status, 429);
  }
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, HoldsTextsThatWouldSpendAMinuteByThemselvesAgainstNobody) {
  const auto spent = [](std::string_view limit) {
    return fake::answer(
        429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota.","details":[)"
             R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":)"
             R"("InputTokensPerModelPerMinute","quotaValue":")" +
                 std::string(limit) + R"("}]}]}})");
  };
  const auto body = [](std::string_view key) {
    return R"({"tools":[{"googleSearch":{}}],"contents":[{"parts":[{")" + std::string(key) +
           R"(":")" + std::string(398, 'a') + R"("}]}]})";
  };
  for (const auto& [limit, key, calls] :
       {std::tuple{"100", "text", 2U}, std::tuple{"101", "text", 1U},
        std::tuple{"100", "data", 1U}}) {
    NativePool pool({.keys = 1});
    pool.answers = [&](const std::string&, const http::Request&) { return spent(limit); };
    for (int i = 0; i < 2; ++i) pool.call("generateContent", body(key));
    EXPECT_EQ(pool.callees.size(), calls) << limit << key;
  }
}

TEST(NativeQuestion, HoldsWhatAStreamBeginsWithAgainstNobodyEither) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, "data: " + std::string(kSpentWithoutAName) + "\r\n\r\n");
  };
  const auto reply =
      pool.call("streamGenerateContent", R"({"tools":[{"googleSearch":{}}]})", "alt=sse");
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_EQ(pool.callees.size(), 2U);
  expectAllWell(pool, "a stream");
}

TEST(NativeQuestion, PassesOnThatTheTimeIsOverWhichTheClientHasSet) {
  const auto words = errorBody(504, "DEADLINE_EXCEEDED", "Deadline expired.");
  NativePool pool({.keys = 2});
  pool.answers = [&](const std::string&, const http::Request&) { return fake::answer(504, words); };
  auto request = pool.calling("generateContent", "{}");
  request.native.fields.set("x-server-timeout", "1");
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 504);
  EXPECT_EQ(reply.body, words);
  EXPECT_EQ(pool.callees.size(), 1U);
  const Instant before = pool.host.clock.now();
  expectAllWell(pool, words);
  EXPECT_EQ(pool.host.clock.now(), before);
}

TEST(NativeQuestion, CountsTokensThoughItsQuotaOfAnswersIsSpent) {
  for (const auto& [verb, size] : {std::pair{"countTokens", PoolSize{.keys = 1}},
                                   std::pair{"computeTokens", PoolSize{.users = 1}}}) {
    NativePool pool(size);
    pool.answers = [](const std::string&, const http::Request&) { return minuteSpent(); };
    EXPECT_EQ(pool.call("generateContent", "{}").head->status, 429) << verb;
    EXPECT_EQ(pool.call(verb, "{}").head->status, 429) << verb;
    EXPECT_EQ(pool.callees.size(), 2U) << verb;
  }
}

TEST(NativeQuestion, HoldsADeniedVerbAgainstTheCredential) {
  NativePool pool({.keys = 2});
  answerFirst(pool, refusal(403, "PERMISSION_DENIED", "The caller does not have permission."));
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(pool.call("countTokens", std::string(kBody)).head->status, 200);
  }
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k2"}));
}

TEST(NativeQuestion, TakesAModelThatIsntThereForOneThatTheCredentialLacks) {
  NativePool pool({.keys = 2});
  answerFirst(pool, refusal(404, "NOT_FOUND", "models/gemini-3.8-flash is not found."));
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(pool.call("generateContent", std::string(kBody)).head->status, 200);
  }
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k2"}));
}

// --- The form of another back-end ----------------------------------------------------------------

fake::Answer wrongForm() {
  return refusal(400, "INVALID_ARGUMENT", "Please use a valid role: user, model.");
}

bool isKey(const std::string& callee) { return callee.starts_with("k"); }

// What is written for the Gemini API, Vertex AI may not take, and the reverse.
void refuseAtVertex(NativePool& pool) {
  pool.answers = [](const std::string& callee, const http::Request&) {
    return isKey(callee) ? answered({kEvent}) : wrongForm();
  };
}

TEST(NativeQuestion, ThatAnotherBackEndCantReadIsAskedWhereItsFormIsAtHome) {
  NativePool pool({.users = 2, .keys = 1});
  refuseAtVertex(pool);
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "k1"}));
}

TEST(NativeQuestion, OfVertexsPathsIsAtHomeAtVertex) {
  NativePool pool({.users = 1, .keys = 1});
  pool.answers = [](const std::string& callee, const http::Request&) {
    return isKey(callee) ? wrongForm() : answered({kEvent});
  };
  for (int time = 0; time < 3; ++time) {
    auto request = pool.calling("generateContent", std::string(kBody));
    request.native.backend = google::Backend::Vertex;
    EXPECT_EQ(pool.serve(std::move(request)).head->status, 200);
  }
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "k1", "u1", "k1", "u1"}));
}

TEST(NativeQuestion, ThatNobodyCanReadIsRefusedInTheWordsOfItsHome) {
  NativePool pool({.users = 1, .keys = 1});
  pool.answers = [](const std::string& callee, const http::Request&) {
    return isKey(callee) ? refusal(400, "INVALID_ARGUMENT", "At home.") : wrongForm();
  };
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("At home."), std::string::npos);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "k1"}));
}

TEST(NativeQuestion, ThatOnlyOthersCouldReadIsRefusedInGooglesWords) {
  NativePool pool({.users = 2});
  refuseAtVertex(pool);
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("valid role"), std::string::npos);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, OfWhichAnotherBackEndRefusesWhatNothingCanMendIsAskedAtItsHome) {
  NativePool pool({.users = 1, .keys = 1});
  pool.answers = [](const std::string& callee, const http::Request&) {
    return isKey(callee) ? answered({kEvent})
                         : refusal(400, "INVALID_ARGUMENT",
                                   "Unable to submit request because it has an empty text "
                                   "parameter. Add a value to the parameter and try again.");
  };
  const auto reply = pool.call(
      "generateContent",
      R"({"systemInstruction":{"parts":[{"text":""}]},"contents":[{"parts":[{"text":"a"}]}]})");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "k1"}));
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "");
}

TEST(NativeQuestion, WhoseHomeCoolsIsToldWhatTheOthersSaid) {
  NativePool pool({.users = 1, .keys = 1});
  pool.answers = [](const std::string& callee, const http::Request&) {
    return isKey(callee) ? minuteSpent() : answered({kEvent});
  };
  pool.call("generateContent", std::string(kBody));
  pool.call("generateContent", std::string(kBody));
  refuseAtVertex(pool);
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("valid role"), std::string::npos) << reply.body;
}

TEST(NativeQuestion, WhoseHomeCoolsBecauseOfItIsToldHowLong) {
  NativePool pool({.users = 1, .keys = 1});
  pool.answers = [](const std::string& callee, const http::Request&) {
    return isKey(callee) ? minuteSpent() : wrongForm();
  };
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "k1"}));
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_NE(header(reply, "retry-after"), "");
  EXPECT_EQ(statusWord(reply), "RESOURCE_EXHAUSTED");
}

// --- Mends and wrappings -------------------------------------------------------------------------

TEST(NativeQuestion, IsSentAgainWithoutTextsThatSayNothing) {
  NativePool pool({.users = 1});
  pool.answers = [&pool](const std::string&, const http::Request&) {
    const bool isEmpty = pool.sentBody().contains(R"("text":"")");
    return isEmpty ? refusal(400, "INVALID_ARGUMENT",
                             "Unable to submit request because it has an empty text parameter. Add "
                             "a value to the parameter and try again.")
                   : answered({kEvent});
  };
  const auto reply = pool.call(
      "generateContent", R"({"contents":[{"parts":[{"text":"a"}]},{"parts":[{"text":""}]}]})");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.sentBody(), R"({"contents":[{"parts":[{"text":"a"}]}]})");
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "messages");
  // A loop of tools brings them along at each step.
  const auto calls = pool.callees.size();
  pool.call("generateContent", R"({"contents":[{"parts":[{"text":"b"},{"text":""}]}]})");
  EXPECT_EQ(pool.callees.size(), calls + 1);
  EXPECT_EQ(pool.sentBody(), R"({"contents":[{"parts":[{"text":"b"}]}]})");
}

TEST(NativeQuestion, CountsAWholeRequestThroughVertexWithoutItsWrapping) {
  const std::string wrapped =
      R"({"generateContentRequest":{"model":"models/gemini-3.8-flash","contents":[{"parts":[]}]}})";
  NativePool vertex({.users = 1});
  vertex.call("countTokens", wrapped);
  EXPECT_EQ(vertex.sentBody(), R"({"contents":[{"parts":[]}]})");
  NativePool gemini({.keys = 1});
  gemini.call("countTokens", wrapped);
  EXPECT_EQ(gemini.sentBody(), wrapped);
  EXPECT_EQ(gemini.host.held.reads, 0);
}

// --- Tools that Google runs ----------------------------------------------------------------------

constexpr std::string_view kSearch = R"({"contents":[],"tools":[{"googleSearch":{}}]})";

void answerAll(NativePool& pool, fake::Answer answer) {
  pool.answers = [answer = std::move(answer)](const std::string&, const http::Request&) {
    return answer;
  };
}

TEST(NativeQuestion, OfWhoeverSearchesBeginsWhereNothingIsSpentForThat) {
  NativePool pool({.keys = 3}, {{"CREDENTIAL_STRATEGY", "fill_first"}});
  pool.answers = [](const std::string& key, const http::Request&) {
    return key == "k3" ? answered({kEvent}) : fake::answer(429, std::string(kSpentWithoutAName));
  };
  const std::string search(kSearch);
  EXPECT_EQ(pool.call("generateContent", search).head->status, 200);
  EXPECT_EQ(pool.call("generateContent", search).head->status, 200);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k3", "k3"}));
  answerAll(pool, answered({kEvent}));
  pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(pool.callees.back(), "k1");
}

TEST(NativeQuestion, IsReadForItsToolsOnlyWhereAnybodyRestsForSuch) {
  NativePool pool({.keys = 1});
  const std::string search(kSearch);
  answerAll(pool, answered({kEvent}));
  pool.call("generateContent", search);
  EXPECT_EQ(pool.host.held.reads, 0);
  answerAll(pool, fake::answer(429, std::string(kSpentWithoutAName)));
  pool.call("generateContent", search);
  pool.host.held.reads = 0;
  answerAll(pool, answered({kEvent}));
  EXPECT_EQ(pool.call("generateContent", search).head->status, 200);
  EXPECT_EQ(pool.host.held.reads, 1);
}

TEST(NativeQuestion, OfWhoeverSearchesMeetsABusySharedPoolAsAnyOther) {
  NativePool pool({.users = 3});
  answerAll(pool,
            fake::answer(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED",)"
                              R"("message":"Resource exhausted. Please try again later."}})"));
  EXPECT_EQ(pool.call("generateContent", std::string(kSearch)).head->status, 503);
  EXPECT_EQ(pool.callees.size(), 2U);
}

// --- Fallbacks -----------------------------------------------------------------------------------

const credentials::Environment kFallbacks = {
    {"MODEL_FALLBACKS",
     R"({"gemini-3.8-flash":["gemini-3.7-flash"],"gemini-embedding-001":["gemini-embedding-2"],)"
     R"("imagen-5":["imagen-4"]})"}};

// The model has spent its minute, and others answer so.
void answerOthers(NativePool& pool, std::string model, fake::Answer other) {
  pool.answers = [model = std::move(model), other = std::move(other)](
                     const std::string&, const http::Request& request) {
    return request.url.contains("/" + model + ":") ? minuteSpent() : other;
  };
}

TEST(NativeFallbacks, AnswerWhereTheModelCant) {
  NativePool pool({.keys = 1}, kFallbacks);
  answerOthers(pool, "gemini-3.8-flash", answered({kEvent}));
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(header(reply, "x-rondo-model"), "gemini-3.7-flash");
}

TEST(NativeFallbacks, GiveNoVectorsOfAnotherModel) {
  for (const auto& [verb, size] : {std::pair{"embedContent", PoolSize{.keys = 1}},
                                   std::pair{"batchEmbedContents", PoolSize{.keys = 1}},
                                   std::pair{"predict", PoolSize{.users = 1}}}) {
    NativePool pool(size, kFallbacks);
    answerOthers(pool, "gemini-embedding-001", fake::answer(200, "{}"));
    auto request = pool.calling(verb, "{}");
    request.modelId = "gemini-embedding-001";
    EXPECT_EQ(pool.serve(std::move(request)).head->status, 429) << verb;
    EXPECT_EQ(pool.callees.size(), 1U) << verb;
  }
}

TEST(NativeFallbacks, PredictWhatIsNoVector) {
  NativePool pool({.users = 1}, kFallbacks);
  answerOthers(pool, "imagen-5", fake::answer(200, "{}"));
  auto request = pool.calling("predict", "{}");
  request.modelId = "imagen-5";
  EXPECT_EQ(header(pool.serve(std::move(request)), "x-rondo-model"), "imagen-4");
}

TEST(NativeFallbacks, StandInForNothingThatGoesOnFromACache) {
  for (const std::string body : {R"({"cachedContent":"cachedContents/x"})",
                                 R"({"cached_content":"cachedContents/x","contents":[]})",
                                 R"({"generateContentRequest":{"cachedContent":"x"}})"}) {
    NativePool pool({.keys = 1}, kFallbacks);
    answerOthers(pool, "gemini-3.8-flash", answered({kEvent}));
    EXPECT_EQ(pool.call("generateContent", body).head->status, 429) << body;
    EXPECT_EQ(pool.callees.size(), 1U) << body;
  }
}

TEST(NativeFallbacks, StandInForNothingThatGoesOnFromACacheWithACredential) {
  NativePool pool({.keys = 2}, kFallbacks);
  answerOthers(pool, "gemini-3.8-flash", answered({kEvent}));
  const auto reply =
      pool.call("generateContent", R"({"cachedContent":"cachedContents/)" +
                                       std::string("rondocredential") + idOfKey("k2") + R"(x"})");
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeFallbacks, ThatRefuseTheRequestDontHideWhyTheModelCouldnt) {
  NativePool pool({.keys = 1}, kFallbacks);
  answerOthers(pool, "gemini-3.8-flash", refusal(400, "INVALID_ARGUMENT", "No prefill."));
  const auto reply = pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_TRUE(reply.body.contains("RetryInfo")) << reply.body;
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(NativeFallbacks, ThatCantAnswerDontHideWhatGoogleSaidOfTheModel) {
  NativePool pool({.keys = 1}, kFallbacks);
  pool.answers = [](const std::string&, const http::Request& request) {
    const bool isAsked = request.url.contains("/gemini-3.8-flash:");
    return isAsked ? fake::answer(429, std::string(kSpentWithoutAName)) : overloaded();
  };
  const auto reply = pool.call("generateContent", R"({"tools":[{"googleSearch":{}}]})");
  EXPECT_EQ(pool.callees.size(), 2U);
  EXPECT_EQ(reply.body, kSpentWithoutAName);
}

// --- Names of models in bodies -------------------------------------------------------------------

class NativeAliases : public testing::Test {
 protected:
  std::string sentFor(std::string verb, std::string body, std::string model = "emb") {
    auto request = pool.calling(std::move(verb), std::move(body));
    request.modelId = std::move(model);
    pool.host.held.reads = 0;
    pool.serve(std::move(request));
    return pool.sentBody();
  }

  NativePool pool{{.keys = 1}, {{"MODEL_ALIASES", R"({"emb":"gemini-embedding-001"})"}}};
};

TEST_F(NativeAliases, AreFollowedWhereABodyRepeatsItsModel) {
  EXPECT_EQ(sentFor("batchEmbedContents",
                    R"({"requests":[ {"model":"models/emb","content":{}},{"model":"emb"}]})"),
            R"({"requests":[ {"model":"models/gemini-embedding-001","content":{}},)"
            R"({"model":"gemini-embedding-001"}]})");
  EXPECT_EQ(sentFor("embedContent", R"({"model":"models/emb","content":{}})"),
            R"({"model":"models/gemini-embedding-001","content":{}})");
  EXPECT_EQ(sentFor("countTokens", R"({"generateContentRequest":{"model":"models/emb"}})"),
            R"({"generateContentRequest":{"model":"models/gemini-embedding-001"}})");
}

TEST_F(NativeAliases, LeaveWhatIsNoNameOfThatModel) {
  for (const std::string body :
       {R"({"requests":[{"model":"models/other"}]})",
        R"({"requests":[{"content":{"model":"emb"}}]})",
        R"({"requests":[{"model":"models/gemini-embedding-001"}]})", "no JSON"}) {
    EXPECT_EQ(sentFor("batchEmbedContents", body), body);
  }
}

TEST_F(NativeAliases, HaveNoOtherBodyRead) {
  sentFor("generateContent", R"({"contents":[]})");
  EXPECT_EQ(pool.host.held.reads, 0);
  sentFor("batchEmbedContents", R"({"requests":[]})", "gemini-embedding-001");
  EXPECT_EQ(pool.host.held.reads, 0);
}

TEST(NativeFallbacks, AreCountedForUnderTheirOwnNameHoweverTheModelIsCalled) {
  auto environment = kFallbacks;
  environment.emplace_back("MODEL_ALIASES", R"({"flash":"gemini-3.8-flash"})");
  for (const std::string name : {"flash(high)", "flash", "gemini-3.8-flash"}) {
    NativePool pool({.keys = 1}, environment);
    answerOthers(pool, "gemini-3.8-flash", fake::answer(200, "{}"));
    auto request = pool.calling("countTokens",
                                R"({"generateContentRequest":{"model":"models/)" + name + "\"}}");
    request.modelId = "flash(high)";
    pool.serve(std::move(request));
    EXPECT_EQ(pool.sentBody(), R"({"generateContentRequest":{"model":"models/gemini-3.7-flash"}})");
  }
}

// --- Mends ---------------------------------------------------------------------------------------

constexpr std::string_view kSeeded = R"({"contents":[ ],"generationConfig":{"seed":1,"topK":2}})";
constexpr std::string_view kUnseeded = R"({"contents":[ ],"generationConfig":{"topK":2}})";

// Refuses bodies with a seed.
void refuseSeeds(NativePool& pool, const std::string& message) {
  pool.answers = [&pool, message](const std::string&, const http::Request&) {
    return pool.sentBody().contains("seed") ? refusal(400, "INVALID_ARGUMENT", message)
                                            : fake::answer(200, greeting("Hi"));
  };
}

TEST(NativeQuestion, LeavesASettingOutThatGoogleSaysTheModelLacks) {
  NativePool pool({.keys = 2});
  refuseSeeds(pool, "Seed is not supported for this model.");
  const auto reply = pool.call("generateContent", std::string(kSeeded));
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.sentBody(), kUnseeded);
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "seed");
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k1"}));
}

TEST(NativeQuestion, LeavesItOutAtOnceFromThenOn) {
  NativePool pool({.keys = 1});
  refuseSeeds(pool, "Seed is not supported for this model.");
  pool.call("generateContent", std::string(kSeeded));
  pool.call("generateContent", std::string(kSeeded));
  EXPECT_EQ(pool.callees.size(), 3U);
  EXPECT_EQ(pool.sentBody(), kUnseeded);
  pool.call("generateContent", std::string(kBody));
  EXPECT_EQ(pool.sent().source, http::Request::BodySource::Held);
  pool.call("countTokens", std::string(kSeeded));
  EXPECT_EQ(pool.sent().source, http::Request::BodySource::Held);
}

TEST(NativeQuestion, KnowsEachWayInWhichGoogleSaysThatAModelLacksASetting) {
  const std::pair<std::string, std::string> all[] = {
      {"seed", "Seed is not enabled for this model."},
      {"seed", "Seed is not supported for this model."},
      {"seed", R"(Unknown name \"seed\" at 'generation_config'.)"},
      {"seed", "Seed is not available for this model."},
      {"frequencyPenalty", "Frequency penalty is UNSUPPORTED for this model."},
      {"temperature", "Temperature is not supported for this model."},
      {"candidateCount", "Multiple candidates is not enabled for this model."},
      {"responseLogprobs", "Logprobs is not supported for this model."},
      {"mediaResolution", "Media resolution is not supported for this model."},
      {"thinkingBudget", "Thinking budget is not supported for this model."},
      {"thinkingConfig", "Thinking is not supported for this model."},
  };
  for (const auto& [setting, words] : all) {
    NativePool pool({.keys = 1});
    pool.answers = [&](const std::string&, const http::Request&) {
      return pool.sentBody().contains(setting) ? refusal(400, "INVALID_ARGUMENT", words)
                                               : fake::answer(200, greeting("Hi"));
    };
    const auto reply = pool.call(
        "generateContent",
        R"({"generationConfig":{"seed":1,"frequencyPenalty":1,"temperature":1,"candidateCount":2,)"
        R"("responseLogprobs":true,"mediaResolution":"A",)"
        R"("thinkingConfig":{"thinkingBudget":5},"stopSequences":[]}})");
    EXPECT_EQ(reply.head->status, 200) << words;
  }
}

// Other dialects know levels that stand in for one that is refused.
TEST(NativeQuestion, LeavesThinkingOutWhereAModelHasNoLevels) {
  NativePool pool({.keys = 1});
  pool.answers = [&pool](const std::string&, const http::Request&) {
    return pool.sentBody().contains("thinkingLevel")
               ? refusal(400, "INVALID_ARGUMENT", "Thinking level is not supported for this model.")
               : fake::answer(200, greeting("Hi"));
  };
  const auto reply = pool.call(
      "generateContent",
      R"({"contents":[],"generationConfig":{"topK":2,"thinkingConfig":{"thinkingLevel":"LOW"}}})");
  EXPECT_EQ(reply.head->status, 200) << reply.body;
  EXPECT_EQ(pool.sentBody(), R"({"contents":[],"generationConfig":{"topK":2}})");
}

TEST(NativeQuestion, MendsNoValueThatIsWrong) {
  NativePool pool({.keys = 1});
  refuseSeeds(pool, "Invalid value at 'generation_config.seed' (TYPE_INT32), 1e99");
  const auto reply = pool.call("generateContent", std::string(kSeeded));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("TYPE_INT32"), std::string::npos);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, MendsNoBodyThatIsPiped) {
  NativePool pool({.keys = 1});
  refuseSeeds(pool, "Seed is not supported for this model.");
  auto request = pool.calling("generateContent", std::string(kSeeded));
  request.native.body = NativeCall::Body::Piped;
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(reply.body,
            errorBody(400, "INVALID_ARGUMENT", "Seed is not supported for this model."));
  EXPECT_EQ(pool.host.held.reads, 0);
}

TEST(NativeQuestion, MendsNoBodyThatIsPipedThoughItKnowsWhatIsRefused) {
  NativePool pool({.keys = 1});
  refuseSeeds(pool, "Seed is not supported for this model.");
  pool.call("generateContent", std::string(kSeeded));
  auto request = pool.calling("generateContent", std::string(kSeeded));
  request.native.body = NativeCall::Body::Piped;
  pool.host.held.reads = 0;
  pool.serve(std::move(request));
  EXPECT_EQ(pool.host.held.reads, 0);
}

TEST(NativeQuestion, SendsNoBodyAgainThatHasNothingOfWhatIsRefused) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(400, "INVALID_ARGUMENT", "Seed is not supported for this model.");
  };
  EXPECT_EQ(pool.call("generateContent", std::string(kBody)).head->status, 400);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, TellsTheLastLossBehindAMend) {
  NativePool pool({.keys = 1});
  pool.answers = [&pool](const std::string&, const http::Request&) {
    return pool.sentBody().contains("seed")
               ? refusal(400, "INVALID_ARGUMENT", "Seed is not supported for this model.")
               : overloaded();
  };
  EXPECT_EQ(pool.call("generateContent", std::string(kSeeded)).head->status, 503);
}

TEST(NativeQuestion, MendsStreamsToo) {
  NativePool pool({.keys = 1});
  refuseSeeds(pool, "Seed is not supported for this model.");
  EXPECT_EQ(pool.call("streamGenerateContent", std::string(kSeeded), "alt=sse").head->status, 200);
  EXPECT_EQ(pool.sentBody(), kUnseeded);
}

TEST(NativeQuestion, ChoosesNoOtherLevelOfThinkingForTheClient) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(400, "INVALID_ARGUMENT",
                   "Thinking level LOW is not supported for this model. Please retry with other "
                   "thinking level.");
  };
  pool.call("generateContent",
            R"({"generationConfig":{"thinkingConfig":{"thinkingLevel":"LOW"}}})");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeQuestion, PutsTheStandInForASignatureThatIsRefusedInThatRequestAlone) {
  const std::string body =
      R"({"contents":[{"parts":[{"functionCall":{"name":"f"},"thoughtSignature":"bad"}]}]})";
  NativePool pool({.keys = 1});
  pool.answers = [&pool](const std::string&, const http::Request&) {
    return pool.sentBody().contains("bad")
               ? refusal(400, "INVALID_ARGUMENT", "Invalid thought signature.")
               : fake::answer(200, greeting("Hi"));
  };
  for (int time = 1; time <= 2; ++time) {
    EXPECT_EQ(pool.call("generateContent", body).head->status, 200);
    EXPECT_TRUE(pool.sentBody().contains("skip_thought_signature_validator"));
    EXPECT_EQ(pool.callees.size(), static_cast<std::size_t>(2 * time));
  }
}

TEST(NativeQuestion, MendsABodyWithNamesThatAreGivenBackTheirForm) {
  NativePool pool({.keys = 2});
  refuseSeeds(pool, "Seed is not supported for this model.");
  const auto name = "cachedContents/rondocredential" + idOfKey("k2") + "x";
  const auto reply = pool.call(
      "generateContent", R"({"cachedContent":")" + name + R"(","generationConfig":{"seed":1}})");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.sentBody(), R"({"cachedContent":"cachedContents/x","generationConfig":{}})");
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k2", "k2"}));
}

}  // namespace
}  // namespace rondo::gateway
