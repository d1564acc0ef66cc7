#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "native/gateway/operator_questions.h"
#include "support/pool_under_test.h"

// Chat completions that go to Google's own endpoint for OpenAI's clients.

namespace rondo::gateway {
namespace {

// As Google's endpoint answers, which is told from ours by its spelling.
constexpr std::string_view kAnswer =
    "{ \"choices\" : [{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\","
    "\"content\":\"Hi\"}}], \"model\":\"google/x\",\"object\":\"chat.completion\"}\n";

constexpr std::string_view kStreamed = R"({"model":"gemini-3.8-flash","stream":true,"messages":[)"
                                       R"({"role":"user","content":"Hello"}]})";

credentials::Environment passing(credentials::Environment more = {}) {
  more.emplace_back("CHAT_MODE", "passthrough");
  return more;
}

// A pool whose Google answers with these, one after the other, the last one for good.
PoolUnderTest::Answers saying(std::vector<fake::Answer> answers) {
  return [answers, next = std::size_t{0}](const std::string&, const http::Request&) mutable {
    return answers[std::min(next++, answers.size() - 1)];
  };
}

fake::Answer fine() {
  auto answer = fake::answer(200, std::string(kAnswer));
  answer.headers = {{"content-type", "application/json; charset=UTF-8"}};
  return answer;
}

fake::Answer stream(std::vector<std::string> chunks) {
  return {200, {{"content-type", "text/event-stream"}}, std::move(chunks), {}, false};
}

const http::Request& lastCall(const PoolUnderTest& pool) { return pool.host.fetcher.calls.back(); }

fake::Answer minuteSpent() {
  return fake::answer(
      429, R"([{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota.","details":[)"
           R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"44s"}]}}])");
}

TEST(PassedChat, GoesToVertexWithTheModelsPublisherAndNothingElseChanged) {
  PoolUnderTest pool(1, passing());
  pool.answers = saying({fine()});
  const auto reply = pool.chat("{\"messages\" : [],\n \"model\":\"gemini-3.8-flash\",\"x\":1.0}");
  EXPECT_EQ(reply.body, kAnswer);
  EXPECT_EQ(reply.passed, kAnswer);
  EXPECT_EQ(lastCall(pool).url,
            "https://aiplatform.googleapis.com/v1/projects/project-u1/locations/global/endpoints/"
            "openapi/chat/completions");
  EXPECT_EQ(lastCall(pool).body,
            "{\"messages\" : [],\n \"model\":\"google/gemini-3.8-flash\",\"x\":1.0}");
  EXPECT_TRUE(lastCall(pool).headers.get("authorization")->starts_with("Bearer token-u1"));
  EXPECT_EQ(header(reply, "content-type"), "application/json; charset=UTF-8");
  EXPECT_EQ(header(reply, "x-rondo-credential"), "u1");
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "1");
  EXPECT_EQ(header(reply, "x-rondo-model"), kModel);
}

TEST(PassedChat, GoesToTheGeminiApiWithTheKeyAsBearer) {
  PoolUnderTest pool(0, passing({{"GCP_SERVICE_ACCOUNT_1", "AIzaSyKey"}}));
  pool.answers = saying({fine()});
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(lastCall(pool).url,
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions");
  EXPECT_EQ(lastCall(pool).body, kHello);
  EXPECT_EQ(lastCall(pool).headers.get("authorization"), "Bearer AIzaSyKey");
  EXPECT_FALSE(lastCall(pool).headers.get("x-goog-api-key"));
}

TEST(PassedChat, IsToldByItsAliasUnlessAllAre) {
  PoolUnderTest pool(
      1, {{"MODEL_ALIASES", R"({"raw":{"model":"gemini-3.8-flash","mode":"passthrough"}})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    const bool isPassed = request.url.find("/openapi/") != std::string::npos;
    return isPassed ? fine() : fake::answer(200, greeting("translated"));
  };
  const auto raw = pool.chat(R"({"model":"raw","messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(raw.body, kAnswer);
  EXPECT_NE(lastCall(pool).body.find(R"("model":"google/gemini-3.8-flash")"), std::string::npos);
  EXPECT_NE(pool.chat().body.find("translated"), std::string::npos);
}

TEST(PassedChat, IsTranslatedForAnAliasThatSaysSo) {
  PoolUnderTest pool(
      1,
      passing({{"MODEL_ALIASES", R"({"ours":{"model":"gemini-3.8-flash","mode":"translate"}})"}}));
  const auto reply = pool.chat(R"({"model":"ours","messages":[{"role":"user","content":"x"}]})");
  EXPECT_NE(reply.body.find("Hi from u1"), std::string::npos);
}

TEST(PassedChat, FailsOverWithTheSameBytesWhenACredentialIsSpent) {
  PoolUnderTest pool(2, passing());
  pool.answers = saying({minuteSpent(), fine()});
  const auto reply = pool.chat();
  EXPECT_EQ(reply.body, kAnswer);
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "2");
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "u2"}));
  EXPECT_TRUE(pool.host.logger.contains("credential_cooling"));
}

TEST(PassedChat, FailsOverWhenItsStreamBeginsWithAnError) {
  for (const std::string& error :
       {std::string(R"({"error":{"code":503,"status":"UNAVAILABLE","message":"Full."}})"),
        std::string(R"([{"error":{"code":503,"status":"UNAVAILABLE","message":"Full."}}])"),
        std::string(R"({"error":{"message":"Full.","type":"server_error","code":null}})")}) {
    PoolUnderTest pool(2, passing());
    pool.answers = saying({stream({"data: " + error + "\n\n"}),
                           stream({"data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"})});
    const auto reply = pool.chat(kStreamed);
    EXPECT_EQ(reply.body, "data: {\"choices\":[]}\n\ndata: [DONE]\n\n") << error;
    EXPECT_TRUE(lastCall(pool).body.contains(R"("stream":true)"));
    EXPECT_EQ(pool.callees.size(), 2U);
  }
}

TEST(PassedChat, KnowsARateLimitInOpenaisShapeInAStream) {
  PoolUnderTest pool(1, passing());
  pool.answers = saying({stream({R"(data: {"error":{"message":"Slow down.","type":"requests",)"
                                 R"("param":null,"code":"rate_limit_exceeded"}})"
                                 "\n\n"})});
  const auto reply = pool.chat(kStreamed);
  EXPECT_NE(reply.head->status, 200);
  const auto again = pool.chat(kStreamed);
  EXPECT_EQ(pool.callees.size(), 1U) << "It cools.";
  EXPECT_FALSE(header(again, "retry-after").empty());
}

TEST(PassedChat, TellsGooglesRefusalInOpenaisShapeWithTheFieldOfTheClient) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"([{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"Unknown name \"foo\": )"
       R"(Cannot find field."}}])",
       "foo"},
      {R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
       R"("Invalid value at 'generation_config.top_p' (TYPE_FLOAT), 3"}})",
       "top_p"},
      {R"({"error":{"message":"No.","type":"invalid_request_error","param":"tools[0].type",)"
       R"("code":null}})",
       "tools[0].type"},
  };
  for (const auto& [body, param] : cases) {
    PoolUnderTest pool(2, passing());
    pool.answers = saying({fake::answer(400, body)});
    const auto reply = pool.chat();
    EXPECT_EQ(reply.head->status, 400);
    const auto told = document(reply);
    const auto* error = json::findObject(told, "error");
    ASSERT_NE(error, nullptr) << reply.body;
    EXPECT_EQ(json::findString(*error, "param"), param);
    EXPECT_EQ(json::findString(*error, "type"), "invalid_request_error");
    EXPECT_EQ(pool.callees.size(), 1U) << "A fault of the request is never rotated.";
  }
}

TEST(PassedChat, IsNeverMended) {
  PoolUnderTest pool(1, passing());
  pool.answers =
      saying({fake::answer(400, R"([{"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                                R"("Seed is not supported for this model.","details":[]}}])")});
  EXPECT_EQ(pool.chat().head->status, 400);
  EXPECT_EQ(pool.callees.size(), 1U);
  EXPECT_EQ(ask(pool, "recent_requests")["requests"][0]["attempts"][0]["outcome"], "request_fault");
}

TEST(PassedChat, BreaksOffWhereGooglesAnswerDoes) {
  PoolUnderTest pool(1, passing());
  auto broken = stream({"data: {\"choices\":[]}\n\n", "data: {\"cho"});
  broken.breaksAfter = 2;
  pool.answers = saying({broken});
  const auto reply = pool.chat(kStreamed);
  EXPECT_TRUE(reply.broken);
  EXPECT_TRUE(pool.host.logger.contains("stream_broken"));
}

TEST(PassedChat, TakesAModelThatMayStandInAndAsksItTheSameWay) {
  PoolUnderTest pool(1,
                     passing({{"MODEL_FALLBACKS", R"({"gemini-3.8-flash":["gemini-4-neon"]})"}}));
  pool.answers = saying({minuteSpent(), fine()});
  const auto reply = pool.chat();
  EXPECT_EQ(header(reply, "x-rondo-model"), "gemini-4-neon");
  EXPECT_NE(lastCall(pool).body.find(R"("google/gemini-4-neon")"), std::string::npos);
}

TEST(PassedChat, LetsNoModelStandInThatDoesntHaveTheCacheThatItGoesOnFrom) {
  for (const std::string extras :
       {R"("extra_body":{"google":{"cached_content":"cachedContents/x"}})",
        R"("google":{"cachedContent":"cachedContents/x"})"}) {
    PoolUnderTest pool(1,
                       passing({{"MODEL_FALLBACKS", R"({"gemini-3.8-flash":["gemini-4-neon"]})"}}));
    pool.answers = saying({minuteSpent(), fine()});
    const auto reply = pool.chat(R"({"model":"gemini-3.8-flash","messages":[],)" + extras + "}");
    EXPECT_EQ(reply.head->status, 429) << extras;
    EXPECT_EQ(pool.callees.size(), 1U) << extras;
  }
}

TEST(PassedChat, OfWhoeverSearchesCoolsNobodyForAQuotaWithoutAName) {
  for (const std::string tools :
       {R"("web_search_options":{})", R"("tools":[{"type":"web_search"}])",
        R"("extra_body":{"google":{"tools":[{"google_search":{}}]}})"}) {
    PoolUnderTest pool(2, passing({{"CREDENTIAL_STRATEGY", "fill_first"}}));
    pool.answers = saying({fake::answer(429, R"([{"error":{"code":429,)"
                                             R"("status":"RESOURCE_EXHAUSTED",)"
                                             R"("message":"You exceeded your current quota."}}])"),
                           fine()});
    const std::string search = R"({"model":"gemini-3.8-flash","messages":[],)" + tools + "}";
    EXPECT_EQ(pool.chat(search).head->status, 200) << tools;
    EXPECT_EQ(pool.chat(search).head->status, 200) << tools;
    ASSERT_EQ(pool.callees.size(), 3U) << tools;
    EXPECT_NE(pool.callees[0], pool.callees[1]) << tools;
    EXPECT_EQ(pool.callees[1], pool.callees[2]) << tools;
    EXPECT_EQ(pool.chat().head->status, 200) << tools;
    EXPECT_EQ(pool.callees[3], "u1") << tools;
  }
}

TEST(PassedChat, IsForModelsThatTheKeyAllowsAlone) {
  PoolUnderTest pool(1,
                     passing({{"MODEL_FALLBACKS", R"({"gemini-3.8-flash":["gemini-4-neon"]})"}}));
  pool.answers = saying({minuteSpent(), fine()});
  const auto ask = [&pool](std::string_view body) {
    ClientRequest request;
    request.operation = "chat_completions";
    request.client.models = {"gemini-3*"};
    request.body = OwnedBytes::copyOf(body);
    return pool.serve(std::move(request));
  };
  EXPECT_EQ(errorCode(ask(R"({"model":"gemini-4-neon","messages":[]})")), "model_not_found");
  EXPECT_TRUE(pool.callees.empty());
  EXPECT_EQ(ask(R"({"model":"gemini-3.8-flash","model":"gemini-4-neon"})").head->status, 400);
  EXPECT_TRUE(pool.callees.empty());
  EXPECT_EQ(ask(kHello).head->status, 429);
  EXPECT_EQ(pool.callees.size(), 1U) << "The other model isn't asked.";
}

TEST(PassedChat, HeedsWhatMayBeNamedOfStoredContent) {
  const std::string before = R"({"model":"gemini-3.8-flash",)";
  const std::vector<std::pair<std::string, std::string>> named = {
      {R"("extra_body":{"google":{"cached_content":"cachedContents/a"}}})",
       "extra_body.google.cached_content"},
      {R"("google":{"cachedContent":"cachedContents/a"}})", "google.cachedContent"},
      {R"("messages":[{"role":"user","content":[{"type":"text","text":"x"},)"
       R"({"type":"image_url","image_url":{"url":" GS://theirs/a.png"}}]}]})",
       "messages[0].content[1].image_url.url"},
      {R"("messages":[{"role":"user","content":[{"type":"image_url","image_url":"gs://a/b"}]}]})",
       "messages[0].content[0].image_url"},
      {R"("messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"files/a"}}]}]})",
       "messages[0].content[0].file.file_id"},
  };
  for (const auto& [rest, param] : named) {
    PoolUnderTest pool(1, passing({{"STORED_CONTENT", "off"}}));
    pool.answers = saying({fine()});
    const auto reply = pool.chat(before + rest);
    EXPECT_EQ(errorCode(reply), "stored_content_not_allowed") << rest;
    EXPECT_NE(reply.body.find(R"("param":")" + param + '"'), std::string::npos) << reply.body;
    EXPECT_TRUE(pool.callees.empty());
    PoolUnderTest open(1, passing());
    open.answers = saying({fine()});
    EXPECT_EQ(open.chat(before + rest).head->status, 200) << rest;
  }
}

TEST(PassedChat, MayTalkOfStoredContentAndNameWhatIsAllowed) {
  PoolUnderTest pool(1, passing({{"STORED_CONTENT", "gs://ours/"}}));
  pool.answers = saying({fine()});
  for (const auto* content :
       {R"("gs://theirs/a")", R"([{"type":"text","text":"gs://theirs/a"}])",
        R"([{"type":"image_url","image_url":{"url":"gs://ours/a.png"}}])",
        R"([{"type":"image_url","image_url":{"url":"https://a.example/b"}}])"}) {
    const auto reply = pool.chat(R"({"model":"gemini-3.8-flash","messages":[{"role":"user",)"
                                 R"("content":)" +
                                 std::string(content) + "}]}");
    EXPECT_EQ(reply.head->status, 200) << content;
  }
}

TEST(PassedChat, OfAKeyThatMayNotNameStoredContentIsHeldToIt) {
  PoolUnderTest pool(1, passing());
  ClientRequest request;
  request.operation = "chat_completions";
  request.client.stored = Client::Stored::Denied;
  request.body = OwnedBytes::copyOf(
      R"({"model":"gemini-3.8-flash","google":{"cached_content":"cachedContents/a"}})");
  EXPECT_EQ(errorCode(pool.serve(std::move(request))), "stored_content_not_allowed");
}

TEST(PassedChat, PutsADeniedRightDownToTheStoredContentThatItNames) {
  PoolUnderTest pool(2, passing());
  pool.answers =
      saying({fake::answer(403, R"([{"error":{"code":403,"status":"PERMISSION_DENIED","message":)"
                                R"("Permission 'storage.objects.get' denied on resource."}}])")});
  const auto reply = pool.chat(
      R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[{"type":"image_url",)"
      R"("image_url":{"url":"gs://theirs/a.png"}}]}]})");
  EXPECT_EQ(errorCode(reply), "content_not_accessible");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(PassedChat, PutsAMissingRoleDownToTheStoredContentThatItNames) {
  PoolUnderTest pool(3, passing());
  pool.answers = saying({fake::answer(
      403, R"([{"error":{"code":403,"status":"PERMISSION_DENIED","message":"No.","details":[)"
           R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
           R"("IAM_PERMISSION_DENIED","domain":"iam.googleapis.com"}]}}])")});
  const auto reply =
      pool.chat(R"({"model":"gemini-3.8-flash","google":{"cached_content":"cachedContents/a"}})");
  EXPECT_EQ(errorCode(reply), "content_not_accessible");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(PassedChat, GoesThroughTheOneCredentialThatItNames) {
  PoolUnderTest pool(3, passing());
  pool.answers = saying({fine()});
  ClientRequest request;
  request.operation = "chat_completions";
  request.credential = "u3";
  request.body = OwnedBytes::copyOf(kHello);
  EXPECT_EQ(header(pool.serve(std::move(request)), "x-rondo-credential"), "u3");
  ClientRequest unknown;
  unknown.operation = "chat_completions";
  unknown.credential = "nobody";
  unknown.body = OwnedBytes::copyOf(kHello);
  EXPECT_EQ(errorCode(pool.serve(std::move(unknown))), "credential_not_found");
}

TEST(PassedChat, PassesOverKeysOfVertexWhichTheEndpointDoesNotTake) {
  PoolUnderTest pool(
      0,
      passing(
          {{"GCP_SERVICE_ACCOUNT_1",
            R"({"type":"api_key","api_key":"AQ.express","backend":"vertex","project_id":"p-express"})"}}));
  EXPECT_EQ(errorCode(pool.chat()), "method_not_supported");
  EXPECT_TRUE(pool.host.fetcher.calls.empty());
}

TEST(PassedChat, OfAnEmptyPoolIsToldThatThereIsNobody) {
  PoolUnderTest pool(0, passing());
  EXPECT_EQ(errorCode(pool.chat()), "no_credentials");
}

TEST(PassedChat, ThatFailsTellsItsAttempts) {
  PoolUnderTest pool(2, passing());
  pool.answers = saying({minuteSpent()});
  EXPECT_EQ(header(pool.chat(), "x-rondo-attempts"), "2");
}

TEST(PassedChat, IsLoggedWithItsModel) {
  PoolUnderTest pool(1, passing());
  pool.answers = saying({fine()});
  pool.chat();
  EXPECT_TRUE(pool.host.logger.contains("client= model=" + kModel));
}

// --- Who is asked --------------------------------------------------------------------------------

// Beginnings of conversations, each with these members more.
std::string talk(int number, const std::string& more, bool goesOn = false) {
  const std::string first = R"({"role":"user","content":"talk )" + std::to_string(number) + R"("})";
  return R"({"model":"gemini-3.8-flash","messages":[)" + first +
         (goesOn ? R"(,{"role":"assistant","content":"a"},{"role":"user","content":"b"})" : "") +
         "]" + more + "}";
}

constexpr std::string_view kTools = R"(,"tools":[{"type":"function","function":{"name":"f"}}])";

// Who serves each of twelve conversations, where that is the same for its second turn.
std::vector<std::string> keepersOf(PoolUnderTest& pool, std::string_view more) {
  pool.answers = saying({fine()});
  std::vector<std::string> keepers;
  for (int i = 0; i < 12; ++i) {
    pool.chat(talk(i, std::string(more)));
    keepers.push_back(pool.callees.back());
    pool.chat(talk(i, std::string(more), true));
    if (pool.callees.back() != keepers.back()) keepers.back() = "several";
  }
  return keepers;
}

TEST(PassedChat, WithToolsStaysWithOneCredential) {
  PoolUnderTest pool(3, passing());
  const auto keepers = keepersOf(pool, kTools);
  EXPECT_EQ(std::ranges::count(keepers, "several"), 0);
  EXPECT_LT(std::ranges::count(keepers, keepers[0]), 12);
}

TEST(PassedChat, WithToolsStaysWithACredentialThatTheEndpointTakes) {
  PoolUnderTest pool(
      2,
      passing(
          {{"GCP_SERVICE_ACCOUNT_9",
            R"({"type":"api_key","api_key":"AQ.express","backend":"vertex","project_id":"p-express"})"}}));
  EXPECT_EQ(std::ranges::count(keepersOf(pool, kTools), "several"), 0);
}

TEST(PassedChat, WithToolsFavoursACredentialByItsWeight) {
  PoolUnderTest pool(1, passing({{"GCP_SERVICE_ACCOUNT_9",
                                  R"({"type":"authorized_user","client_id":"client",)"
                                  R"("client_secret":"hush","alias":"heavy","weight":100,)"
                                  R"("refresh_token":"refresh-heavy","project_id":"p"})"}}));
  EXPECT_GT(std::ranges::count(keepersOf(pool, kTools), "heavy"), 9);
}

TEST(PassedChat, WithASignatureStaysWithWhoeverAnsweredLastThoughABetterOneIsFree) {
  PoolUnderTest pool(4, passing());
  pool.answers = saying({fine()});
  pool.chat(talk(0, std::string(kTools)));
  const auto best = pool.callees.back();
  pool.answers = [&best](const std::string& callee, const http::Request&) {
    return callee == best ? minuteSpent() : fine();
  };
  pool.chat(talk(0, std::string(kTools)));
  const auto maker = pool.callees.back();
  EXPECT_NE(maker, best);
  pool.answers = saying({fine()});
  pool.host.advance(std::chrono::hours(1));
  for (const auto* more :
       {kTools.data(), R"(,"extra_body":{"google":{"thought_signature":"c2ln"}})"}) {
    for (int time = 0; time < 2; ++time) {
      pool.chat(talk(0, more, true));
      EXPECT_EQ(pool.callees.back(), maker) << more;
    }
  }
}

TEST(PassedChat, WithoutToolsGoesRound) {
  PoolUnderTest pool(2, passing());
  EXPECT_EQ(std::ranges::count(keepersOf(pool, ""), "several"), 12);
}

TEST(PassedChat, WithTheStickyStrategyStaysWhereItsFirstMessageWas) {
  PoolUnderTest pool(3, passing({{"CREDENTIAL_STRATEGY", "sticky"}}));
  const auto keepers = keepersOf(pool, "");
  EXPECT_EQ(std::ranges::count(keepers, "several"), 0);
  EXPECT_LT(std::ranges::count(keepers, keepers[0]), 12);
}

TEST(PassedChat, HoldsNothingOnceItsAnswerHasBegun) {
  PoolUnderTest pool(1, passing());
  pool.answers = saying({fine()});
  pool.host.holdings.held = 1000;
  pool.chat();
  EXPECT_EQ(pool.host.holdings.held, 0U);
}

TEST(PassedChat, ThatBreaksOffIsTellingSoInTheListOfRequests) {
  PoolUnderTest pool(1, passing());
  auto broken = stream({"data: {\"choices\":[]}\n\n", "data: {\"cho"});
  broken.breaksAfter = 2;
  pool.answers = saying({broken});
  pool.chat(kStreamed);
  EXPECT_EQ(ask(pool, "recent_requests")["requests"][0]["error"], "upstream_incomplete");
}

TEST(PassedChat, SaysThatASuffixDoesNothing) {
  PoolUnderTest pool(1, passing());
  pool.answers = saying({fine()});
  const auto reply = pool.chat(R"x({"model":"gemini-3.8-flash(high)","messages":[]})x");
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "model_suffix");
  EXPECT_NE(lastCall(pool).body.find(R"("google/gemini-3.8-flash")"), std::string::npos);
  EXPECT_EQ(header(pool.chat(R"x({"model":"gemini-2.5-flash(1024)","messages":[]})x"),
                   "x-rondo-adjusted"),
            "model_suffix");
}

TEST(PassedChat, IsNotKeptWhateverItSaysOfStoring) {
  PoolUnderTest pool(1, passing());
  pool.answers = saying({fine()});
  ClientRequest request;
  request.operation = "chat_completions";
  request.memory = Memory::On;
  request.body = OwnedBytes::copyOf(
      R"({"model":"gemini-3.8-flash","store":true,"metadata":{"a":1},"messages":[]})");
  EXPECT_EQ(pool.serve(std::move(request)).body, kAnswer);
}

}  // namespace
}  // namespace rondo::gateway
