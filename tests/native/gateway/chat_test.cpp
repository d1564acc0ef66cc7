#include <gtest/gtest.h>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kStreamed =
    R"({"model":"gemini-3.8-flash","stream":true,"messages":[{"role":"user","content":"Hello"}]})";

fake::Answer events(std::vector<std::string> data) {
  fake::Answer answer;
  for (auto& each : data) answer.chunks.push_back("data: " + each + "\r\n\r\n");
  return answer;
}

const std::string kPart =
    R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hel"}]}}]})";
const std::string kGoogleError =
    R"({"error":{"code":503,"status":"UNAVAILABLE","message":"Overloaded"}})";

TEST(Chat, AnswersWithACompletion) {
  PoolUnderTest pool(1);
  const auto reply = pool.chat();
  EXPECT_EQ(header(reply, "content-type"), "application/json");
  const auto body = document(reply);
  EXPECT_EQ(json::findString(body, "object"), "chat.completion");
  EXPECT_EQ(json::findString(body, "model"), "gemini-3.8-flash");
  EXPECT_NE(reply.body.find("Hi from u1"), std::string::npos);
}

TEST(Chat, StreamsUpToDone) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    return events({kPart, greeting("lo")});
  };
  const auto reply = pool.chat(kStreamed);
  EXPECT_TRUE(header(reply, "content-type").starts_with("text/event-stream"));
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n"));
}

TEST(Chat, TellsWhatItHasCost) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, R"({"candidates":[{"content":{"parts":[{"text":"Hi"}]}}],)"
                             R"("usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4}})");
  };
  EXPECT_EQ(pool.chat().cost, 7);
  EXPECT_EQ(pool.chat("{").cost, std::nullopt);
}

TEST(Chat, EndsAStreamOnceThatShowsNothingBeforeItsEnd) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    return events({R"({"promptFeedback":{"blockReason":"SAFETY"}})"});
  };
  const auto reply = pool.chat(kStreamed);
  EXPECT_EQ(reply.body.find("[DONE]"), reply.body.rfind("[DONE]"));
  EXPECT_EQ(reply.body.find("content_filter"), reply.body.rfind("content_filter"));
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n"));
}

TEST(Chat, AsksForEventsOnlyWhenItStreams) {
  PoolUnderTest pool(1);
  pool.chat();
  EXPECT_TRUE(pool.host.fetcher.calls.back().url.ends_with(":generateContent"));
  pool.answers = [](const std::string&, const http::Request&) { return events({greeting("Hi")}); };
  pool.chat(kStreamed);
  EXPECT_TRUE(pool.host.fetcher.calls.back().url.ends_with(":streamGenerateContent?alt=sse"));
}

TEST(Chat, TriesElsewhereWhenTheStreamOpensWithAnError) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? events({kGoogleError}) : events({greeting("Hi")});
  };
  const auto reply = pool.chat(kStreamed);
  EXPECT_EQ(header(reply, "x-rondo-credential"), "u2");
  EXPECT_EQ(reply.body.find("Overloaded"), std::string::npos);
}

TEST(Chat, TriesElsewhereWhenTheAnswerIsEmpty) {
  for (const auto body : {kStreamed, kHello}) {
    PoolUnderTest pool(2);
    pool.answers = [](const std::string& user, const http::Request&) {
      return user == "u1" ? fake::answer(200, "") : fake::answer(200, greeting("Hi"));
    };
    const auto reply = pool.chat(body);
    EXPECT_EQ(reply.head->status, 200) << body;
    EXPECT_EQ(header(reply, "x-rondo-credential"), "u2") << body;
  }
}

TEST(Chat, EndsABrokenStreamWithOneErrorEvent) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string&, const http::Request&) {
    auto answer = events({kPart, kPart});
    answer.breaksAfter = 1;
    return answer;
  };
  const auto reply = pool.chat(kStreamed);
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.callees.size(), 1U);
  EXPECT_NE(reply.body.find(R"("code":"upstream_incomplete")"), std::string::npos);
  EXPECT_EQ(reply.body.find("[DONE]"), std::string::npos);
}

TEST(Chat, EndsWithGooglesErrorWhenItComesAfterTheFirstBytes) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string&, const http::Request&) {
    return events({kPart, kGoogleError});
  };
  const auto reply = pool.chat(kStreamed);
  EXPECT_NE(reply.body.find("data: {\"error\":"), std::string::npos);
  EXPECT_EQ(reply.body.find("[DONE]"), std::string::npos);
}

TEST(Chat, KeepsWhatCameWithTheBytesInWhichItsStreamBreaks) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::Answer{
        200,
        {},
        {"data: " + kPart + "\n\n", "data: " + greeting("lo") + "\n\ndata: oops\n\n"},
        {},
        false};
  };
  const auto reply = pool.chat(kStreamed);
  const auto said = reply.body.find(R"("content":"lo")");
  EXPECT_LT(said, reply.body.find("upstream_malformed")) << reply.body;
}

TEST(Chat, UsesAnAliasAndShowsTheClientItsOwnName) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})"}});
  const auto reply =
      pool.chat(R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]})");
  EXPECT_NE(pool.host.fetcher.calls.back().url.find("/gemini-3.8-flash:"), std::string::npos);
  EXPECT_EQ(json::findString(document(reply), "model"), "gpt-4o");
}

constexpr std::string_view kSignedCall =
    R"({"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"id":"fc1","name":"f",)"
    R"("args":{}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"}]})";

fake::Answer callsSigned(const std::string&, const http::Request&) {
  return fake::answer(200, std::string(kSignedCall));
}

std::string idOfCall(const fake::FakeReply& reply) {
  return document(reply)["choices"][0]["message"]["tool_calls"][0]["id"].get<std::string>();
}

TEST(Chat, CarriesSignaturesInTheIdsOfCallsWhereTheOperatorWantsIt) {
  PoolUnderTest usual(1);
  usual.answers = callsSigned;
  EXPECT_EQ(idOfCall(usual.chat()), "fc1");
  PoolUnderTest pool(1, {{"SIGNATURES_IN_IDS", "true"}});
  pool.answers = callsSigned;
  EXPECT_EQ(idOfCall(pool.chat()), "fc1__thought__c2ln");
}

std::string messages(const std::string& turns) {
  return R"({"model":"gemini-3.8-flash","max_tokens":9,"messages":[)" + turns + "]}";
}

TEST(Chat, TellsOtherIsolatesWhoMadeTheSignaturesThatItsAnswerCarries) {
  const std::string question = R"({"role":"user","content":"x"})";
  PoolUnderTest one(3);
  one.chat();
  one.answers = callsSigned;
  const auto reply = one.serve("messages", messages(question));
  ASSERT_EQ(header(reply, "x-rondo-credential"), "u2");
  PoolUnderTest other(3);
  other.serve("messages", messages(question + R"(,{"role":"assistant","content":)" +
                                   json::dump(document(reply)["content"]) +
                                   R"(},{"role":"user","content":[{"type":"tool_result",)"
                                   R"("tool_use_id":"fc1","content":"1"}]})"));
  EXPECT_EQ(other.callees, std::vector<std::string>{"u2"});
}

TEST(Chat, StaysOnItsCredentialWhileAToolLoopIsOpen) {
  PoolUnderTest pool(3);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200,
                        R"({"candidates":[{"content":{"role":"model","parts":[{"functionCall":)"
                        R"({"id":"fc1","name":"f","args":{}}}]},"finishReason":"STOP"}]})");
  };
  pool.chat();
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, greeting("Hi"));
  };
  constexpr std::string_view kResult =
      R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":"x"},)"
      R"({"role":"assistant","tool_calls":[{"id":"fc1","type":"function","function":)"
      R"({"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"fc1","content":"1"}]})";
  pool.chat(kResult);
  pool.chat(kResult);
  pool.chat();
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "u1", "u1", "u2"}));
}

// An image that Google is told the address of.
constexpr std::string_view kLinked =
    R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[)"
    R"({"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]})";

constexpr std::string_view kMayNotFetch =
    R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":"Cannot fetch content from the )"
    R"(provided URL. Status: URL_ROBOTED-ROBOTED_DENIED"}})";

// What the image's own server answers.
void answerForFile(PoolUnderTest& pool, fake::Answer file) {
  pool.host.fetcher.handler = [google = pool.host.fetcher.handler,
                               file = std::move(file)](const http::Request& request) {
    return request.url == "https://a.example/b.png" ? file : google(request);
  };
}

TEST(Chat, FetchesWhatGoogleMayNotFetch) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    const bool isLinked = request.body.contains("fileUri");
    return isLinked ? fake::answer(400, std::string(kMayNotFetch))
                    : fake::answer(200, greeting("Hi"));
  };
  answerForFile(pool, {200, {{"content-type", "image/png"}}, {"png"}, {}, false});
  for (int time = 0; time < 2; ++time) {
    pool.host.fetcher.calls.clear();
    const auto reply = pool.chat(kLinked);
    EXPECT_EQ(reply.head->status, 200);
    EXPECT_EQ(header(reply, "x-rondo-adjusted"), "media");
    EXPECT_TRUE(pool.host.fetcher.calls.back().body.contains(
        R"({"inlineData":{"mimeType":"image/png","data":"cG5n"}})"));
    // That one address may not be fetched says nothing of others.
    EXPECT_TRUE(std::ranges::any_of(pool.host.fetcher.calls, [](const http::Request& call) {
      return call.body.contains("fileUri");
    }));
  }
}

TEST(Chat, TellsThatNobodyCouldFetchAFile) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, std::string(kMayNotFetch));
  };
  answerForFile(pool, fake::answer(404, ""));
  const auto reply = pool.chat(kLinked);
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(errorCode(reply), "invalid_media_url");
  EXPECT_EQ(document(reply)["error"]["param"], "messages[0].content[0].image_url.url");
}

TEST(Chat, RefusesAModelThatTheKeyMayNotUse) {
  PoolUnderTest pool(1);
  fake::FakeReply reply(pool.host.loop);
  ClientRequest request;
  request.operation = "chat_completions";
  request.client = {"team", {"gemini-4*"}};
  request.body = OwnedBytes::copyOf(kHello);
  pool.host.run(pool.gateway->serve(std::move(request), pool.host.io, reply));
  EXPECT_EQ(errorCode(reply), "model_not_found");
  EXPECT_TRUE(pool.callees.empty());
}

TEST(Chat, RefusesWhatIsNoJson) {
  PoolUnderTest pool(1);
  for (const auto body : {"", "{", "hello", "[]", R"({"model":"m"})"}) {
    const auto reply = pool.chat(body);
    EXPECT_EQ(reply.head->status, 400) << body;
  }
}

TEST(Chat, IsDroppedWithItsConnectionWhenTheClientLeaves) {
  PoolUnderTest pool(1);
  pool.chat();
  pool.host.fetcher.holding = true;
  {
    fake::FakeReply reply(pool.host.loop);
    ClientRequest request;
    request.operation = "chat_completions";
    request.body = OwnedBytes::copyOf(kHello);
    auto task = pool.gateway->serve(std::move(request), pool.host.io, reply);
    task.start();
    pool.host.loop.run();
    // The call to Google, and the request's timer.
    EXPECT_EQ(pool.host.loop.openOps(), 2U);
  }
  EXPECT_EQ(pool.host.loop.openOps(), 0U);
}

TEST(Gateway, SaysHowToMakeTheMissingKvBinding) {
  fake::FakeHost host;
  Gateway gateway({{}, KvBinding::Missing}, host.host);
  EXPECT_TRUE(host.logger.contains("kv_binding_missing"));
  fake::FakeReply reply(host.loop);
  ClientRequest request;
  request.operation = "chat_completions";
  host.run(gateway.serve(std::move(request), host.io, reply));
  EXPECT_EQ(reply.head->status, 500);
  EXPECT_EQ(errorCode(reply), "kv_binding_missing");
  EXPECT_NE(reply.body.find("wrangler kv namespace create GEMINI_CLI_KV"), std::string::npos);
}

TEST(Gateway, LogsOneLineARequest) {
  PoolUnderTest pool(1);
  pool.chat();
  EXPECT_TRUE(pool.host.logger.contains(
      "request request= operation=chat_completions client= model=gemini-3.8-flash status=200 ms=0 "
      "credential=u1 attempts=[ credential=u1 model=gemini-3.8-flash class=ok status=200 ms=0] "
      "upstream_ms=0 prompt_tokens=3 completion_tokens=2"));
}

TEST(Gateway, LogsNoMoreOfAModelThanANameMayHave) {
  PoolUnderTest pool(1);
  pool.serve("chat_completions", "{", std::string(257, 'm'));
  EXPECT_TRUE(pool.host.logger.contains(" model=" + std::string(256, 'm') + " status=400"));
}

TEST(Gateway, ReadsNothingBehindTheAnswerOfARequestThatNeedsNoCredential) {
  PoolUnderTest pool(1);
  pool.serve("health", "");
  EXPECT_EQ(pool.host.kv.reads, 0);
}

TEST(Gateway, NamesABrokenSlotAndGoesOnWithTheOthers) {
  PoolUnderTest pool(
      1, {{"GCP_SERVICE_ACCOUNT_7", R"({"type":"service_account","private_key":"s3cret"})"}});
  EXPECT_TRUE(pool.host.logger.contains("credential_skipped variable=GCP_SERVICE_ACCOUNT_7"));
  EXPECT_FALSE(pool.host.logger.contains("s3cret"));
  EXPECT_EQ(pool.chat().head->status, 200);
}

}  // namespace
}  // namespace rondo::gateway
