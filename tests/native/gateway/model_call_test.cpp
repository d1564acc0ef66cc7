#include "gateway/model_call.h"

#include <gtest/gtest.h>

#include <array>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

using Names = std::vector<std::string>;
using std::chrono::seconds;

constexpr std::string_view kSeeded =
    R"({"model":"gemini-3.8-flash","seed":1,"messages":[{"role":"user","content":"x"}]})";

fake::Answer refusal(int status, std::string_view word, std::string_view message) {
  return fake::answer(status, R"({"error":{"code":)" + std::to_string(status) + R"(,"status":")" +
                                  std::string(word) + R"(","message":")" + std::string(message) +
                                  R"("}})");
}

fake::Answer seedRefused() {
  return refusal(400, "INVALID_ARGUMENT", "seed is not supported by this model");
}

fake::Answer staleToken() { return refusal(401, "UNAUTHENTICATED", "Bad token."); }

fake::Answer perMinute(std::string_view delay) {
  return refusal(429, "RESOURCE_EXHAUSTED",
                 "Quota exceeded per minute. Please retry in " + std::string(delay) + ".");
}

fake::Answer noCapacity() {
  return fake::answer(
      429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"No.","details":[)"
           R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
           R"("MODEL_CAPACITY_EXHAUSTED","domain":"googleapis.com"}]}})");
}

fake::Answer hi() { return fake::answer(200, greeting("Hi")); }

bool holds(const http::Request& request, std::string_view text) {
  return request.body.find(text) != std::string::npos;
}

bool isFor(const http::Request& request, std::string_view model) {
  return request.url.find(model) != std::string::npos;
}

// The answers to the calls of a pool, in order; the last one to all that follow.
void answerInTurn(PoolUnderTest& pool, std::vector<fake::Answer> answers) {
  pool.answers = [&pool, answers](const std::string&, const http::Request&) {
    return answers[std::min(pool.callees.size(), answers.size()) - 1];
  };
}

// --- Bounds --------------------------------------------------------------------------------------

TEST(ModelCall, CountsNoMendAmongItsTries) {
  PoolUnderTest pool(2, {{"MAX_ATTEMPTS", "2"}});
  pool.answers = [](const std::string& user, const http::Request& request) {
    if (holds(request, "seed")) return seedRefused();
    return user == "u1" ? fake::answer(503, "") : hi();
  };
  const auto reply = pool.chat(kSeeded);
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u1", "u2"}));
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "seed");
  // What was found out at one credential is learned at the other.
  pool.callees.clear();
  EXPECT_EQ(pool.chat(kSeeded).head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u2"}));
}

TEST(ModelCall, MakesSixteenCallsForARequestAtMostOverAllModels) {
  for (const bool isMendable : {false, true}) {
    PoolUnderTest pool(8, {{"MAX_ATTEMPTS", "8"},
                           {"MODEL_FALLBACKS",
                            R"({"gemini-3.8-flash":["gemini-3.7-flash","gemini-3.6-flash"]})"}});
    pool.answers = [&](const std::string&, const http::Request&) {
      return pool.callees.size() == 16 && isMendable ? seedRefused() : fake::answer(503, "");
    };
    EXPECT_EQ(pool.chat(kSeeded).head->status, 503);
    EXPECT_EQ(pool.callees.size(), 16U);
  }
}

TEST(ModelCall, TellsOfARedirectAndHoldsItAgainstNobody) {
  for (const int status : {301, 302, 307, 399}) {
    PoolUnderTest pool(2);
    pool.chat();
    pool.callees.clear();
    answerInTurn(pool, {fake::answer(status, ""), hi()});
    const auto reply = pool.chat();
    EXPECT_EQ(reply.head->status, 502) << status;
    EXPECT_EQ(errorCode(reply), "upstream_redirected") << status;
    EXPECT_EQ(pool.callees.size(), 1U) << status;
    const Instant before = pool.host.clock.now();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(pool.chat().head->status, 200) << status;
    EXPECT_EQ(pool.host.clock.now(), before) << status;
    EXPECT_NE(pool.callees[1], pool.callees[2]) << status;
  }
}

TEST(ModelCall, DoesNotWaitBeyondItsDeadline) {
  PoolUnderTest pool(1, {{"ATTEMPT_DEADLINE_MS", "1000"}});
  answerInTurn(pool, {perMinute("2s"), hi()});
  const auto began = pool.host.clock.now();
  EXPECT_EQ(pool.chat().head->status, 429);
  EXPECT_LT(pool.host.clock.now() - began, seconds(1));
}

TEST(ModelCall, WaitsALittleLongerThanItMustSoThatNotAllComeAtOnce) {
  PoolUnderTest pool(1);
  std::vector<Instant> calls;
  pool.answers = [&](const std::string&, const http::Request&) {
    calls.push_back(pool.host.clock.now());
    return calls.size() == 1 ? perMinute("2s") : hi();
  };
  std::array<std::uint8_t, 180> drawn;
  pool.host.entropy.fill(drawn);  // It counts: what is drawn next is high.
  EXPECT_EQ(pool.chat().head->status, 200);
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_GT(calls[1] - calls[0], Millis(2200));
  EXPECT_LE(calls[1] - calls[0], Millis(2600));
}

// --- Who is next ---------------------------------------------------------------------------------

TEST(ModelCall, ComesBackToACredentialWhoseRequestWasMended) {
  PoolUnderTest pool(1);
  answerInTurn(pool, {seedRefused(), perMinute("1s"), hi()});
  EXPECT_EQ(pool.chat(kSeeded).head->status, 200);
  EXPECT_EQ(pool.callees.size(), 3U);
}

TEST(ModelCall, RenewsATokenOnceThoughTheRequestIsMendedMeanwhile) {
  PoolUnderTest pool(1);
  answerInTurn(pool, {staleToken(), seedRefused(), staleToken(), hi()});
  EXPECT_EQ(pool.chat(kSeeded).head->status, 503);
  EXPECT_EQ(pool.callees.size(), 3U);
}

TEST(ModelCall, TriesNobodyElseAtAPlaceThatIsRefused) {
  PoolUnderTest pool(2);
  answerInTurn(pool, {refusal(400, "FAILED_PRECONDITION",
                              "User location is not supported for the API use.")});
  EXPECT_EQ(errorCode(pool.chat()), "unsupported_country_region_territory");
  EXPECT_EQ(pool.callees, (Names{"u1"}));
}

TEST(ModelCall, TakesTheOtherBackEndForAnotherPlace) {
  PoolUnderTest pool(
      1, {{"GCP_SERVICE_ACCOUNT_2",
           R"({"type":"authorized_user","client_id":"client","client_secret":"hush","alias":"u2",)"
           R"("refresh_token":"refresh-u2","project_id":"project-u2","backend":"gemini"})"}});
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? refusal(400, "FAILED_PRECONDITION",
                                  "User location is not supported for the API use.")
                        : hi();
  };
  EXPECT_EQ(header(pool.chat(), "x-rondo-credential"), "u2");
}

TEST(ModelCall, OfABusyPoolRestsEachCredentialThatWasRefused) {
  PoolUnderTest pool(2);
  answerInTurn(pool, {refusal(429, "RESOURCE_EXHAUSTED", "Resource exhausted.")});
  pool.chat();
  EXPECT_TRUE(pool.host.logger.contains("credential=u1 model=gemini-3.8-flash reason=capacity"));
  EXPECT_TRUE(pool.host.logger.contains("credential=u2 model=gemini-3.8-flash reason=capacity"));
}

TEST(ModelCall, GoesToItsCredentialsOwnPlace) {
  PoolUnderTest pool(0, {{"GOOGLE_CLOUD_LOCATION", "europe-west4"},
                         {"GCP_SERVICE_ACCOUNT_1",
                          R"({"type":"authorized_user","client_id":"c","client_secret":"hush",)"
                          R"("alias":"u1","refresh_token":"refresh-u1","project_id":"p-1"})"}});
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_TRUE(pool.host.fetcher.calls.back().url.starts_with(
      "https://europe-west4-aiplatform.googleapis.com/v1/projects/p-1/locations/europe-west4/"));
}

TEST(ModelCall, GoesToTheBackEndsOwnBaseUrl) {
  PoolUnderTest pool(1, {{"VERTEX_BASE_URL", "https://vertex.example"},
                         {"GEMINI_BASE_URL", "https://gemini.example"}});
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_TRUE(pool.host.fetcher.calls.back().url.starts_with("https://vertex.example/v1/"));
}

TEST(ModelCall, AsksNobodyTwiceForAnAnswerThatDidNotComeInTime) {
  PoolUnderTest pool(1, {{"IDLE_TIMEOUT_MS", "1000"}});
  auto silent = hi();
  silent.silentAfter = 0;
  answerInTurn(pool, {silent, hi()});
  EXPECT_EQ(errorCode(pool.chat()), "upstream_timeout");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(ModelCall, TriesTheNextWhenAStreamBreaksBeforeItHasSomethingToShow) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    fake::Answer answer = fake::answer(200, "data: " + greeting("Hi") + "\n\n");
    if (user == "u1") answer = {200, {}, {"data: {\"candidates\""}, 1, false};
    return answer;
  };
  const auto reply = pool.chat(
      R"({"model":"gemini-3.8-flash","stream":true,"messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(pool.callees, (Names{"u1", "u2"}));
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n")) << reply.body;
}

TEST(ModelCall, FetchesMediaOnceForAllItsAttempts) {
  PoolUnderTest pool(2);
  int fetches = 0;
  const auto google = pool.host.fetcher.handler;
  pool.host.fetcher.handler = [&fetches, google](const http::Request& request) {
    if (request.method != "GET") return google(request);
    ++fetches;
    return fake::Answer{200, {{"content-type", "image/png"}}, {"png"}, {}, false};
  };
  answerInTurn(pool, {fake::answer(503, ""), hi()});
  const auto reply = pool.chat(
      R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[{"type":"image_url",)"
      R"("image_url":{"url":"http://example.com/a"}}]}]})");
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.callees.size(), 2U);
  EXPECT_EQ(fetches, 1);
}

TEST(ModelCall, FetchesNothingOfARequestThatNamesAFileMoreThanMayBeFetched) {
  PoolUnderTest pool(1);
  int fetches = 0;
  const auto google = pool.host.fetcher.handler;
  pool.host.fetcher.handler = [&fetches, google](const http::Request& request) {
    if (request.method != "GET") return google(request);
    ++fetches;
    return fake::answer(404, "");
  };
  std::string parts;
  for (int i = 0; i < 17; ++i) {
    parts += (i ? "," : "") + std::string(R"({"type":"image_url","image_url":{"url":)") +
             R"("http://example.com/)" + std::to_string(i) + R"("}})";
  }
  const auto reply = pool.chat(
      R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[)" + parts + "]}]}");
  EXPECT_EQ(document(reply)["error"]["param"], "messages[0].content[16].image_url.url");
  EXPECT_EQ(fetches, 0);
}

// --- What is told --------------------------------------------------------------------------------

TEST(ModelCall, TellsTheLastOfItsFailures) {
  PoolUnderTest pool(2);
  answerInTurn(pool, {fake::answer(500, ""), fake::answer(504, "")});
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 504);
  EXPECT_EQ(errorCode(reply), "upstream_timeout");
}

TEST(ModelCall, TellsThatTheOneThatIsNamedIsOutOnceItWasRefused) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(403, "PERMISSION_DENIED", "Your project has been denied access.");
  };
  ClientRequest request;
  request.operation = "chat_completions";
  request.body = OwnedBytes::copyOf(kHello);
  request.credential = "u1";
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(pool.callees, (Names{"u1"}));
  EXPECT_EQ(errorCode(reply), "credentials_unavailable");
}

TEST(ModelCall, TellsThatAModelWhoseCallsAllFailedIsOverloaded) {
  PoolUnderTest pool(1, {{"ATTEMPT_DEADLINE_MS", "100"}});
  answerInTurn(pool, {fake::answer(503, "")});
  EXPECT_EQ(errorCode(pool.chat()), "upstream_error");
  const auto again = pool.chat();
  EXPECT_EQ(again.head->status, 503);
  EXPECT_EQ(errorCode(again), "model_overloaded");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(ModelCall, TellsThatAnAddressIsUnknown) {
  PoolUnderTest pool(1);
  answerInTurn(pool, {fake::answer(404, "<html><title>Error 404</title></html>")});
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(errorCode(reply), "address_not_found");
}

TEST(ModelCall, TellsThatNamedContentIsMissing) {
  PoolUnderTest pool(1);
  answerInTurn(pool, {refusal(404, "NOT_FOUND", "CachedContent not found.")});
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(errorCode(reply), "content_not_found");
}

TEST(ModelCall, LogsWhenARefusalEnds) {
  PoolUnderTest pool(1);
  answerInTurn(pool, {perMinute("30s")});
  pool.chat();
  EXPECT_TRUE(pool.host.logger.contains("reset=2025-11-24T16:00:30"));
}

// --- Fallbacks -----------------------------------------------------------------------------------

TEST(ModelCall, FallsBackToWhatIsSaidOfTheAliasBeforeWhatIsSaidOfItsModel) {
  PoolUnderTest pool(1,
                     {{"MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})"},
                      {"MODEL_FALLBACKS",
                       R"({"gpt-4o":"gemini-3.6-flash","gemini-3.8-flash":"gemini-3.7-flash"})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    return isFor(request, "gemini-3.8-flash") ? noCapacity() : hi();
  };
  const auto reply = pool.chat(R"({"model":"gpt-4o","messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(header(reply, "x-rondo-model"), "gemini-3.6-flash");
}

TEST(ModelCall, TakesTheModelsSuffixAlongToAFallback) {
  PoolUnderTest pool(1, {{"MODEL_FALLBACKS", R"({"gemini-3.8-flash":"gemini-3.7-flash"})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    return isFor(request, "gemini-3.8-flash") ? noCapacity() : hi();
  };
  pool.chat(
      R"json({"model":"gemini-3.8-flash(low)","messages":[{"role":"user","content":"x"}]})json");
  ASSERT_EQ(pool.callees.size(), 2U);
  EXPECT_TRUE(holds(pool.host.fetcher.calls.back(), R"("thinkingLevel":"LOW")"));
}

TEST(ModelCall, LearnsOfTheFallbackWhatTheFallbackRefused) {
  PoolUnderTest pool(1, {{"MODEL_FALLBACKS", R"({"gemini-3.8-flash":"gemini-3.7-flash"})"}});
  pool.answers = [](const std::string&, const http::Request& request) {
    if (isFor(request, "gemini-3.8-flash")) return noCapacity();
    return holds(request, "seed") ? seedRefused() : hi();
  };
  EXPECT_EQ(pool.chat(kSeeded).head->status, 200);
  pool.callees.clear();
  pool.chat(R"({"model":"gemini-3.7-flash","seed":1,"messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(ModelCall, LogsFromWhichModelItFallsBackToWhich) {
  PoolUnderTest pool(
      1, {{"MODEL_FALLBACKS", R"({"gemini-3.8-flash":["gemini-3.7-flash","gemini-3.6-flash"]})"}});
  answerInTurn(pool, {noCapacity()});
  pool.chat();
  EXPECT_TRUE(pool.host.logger.contains("from=gemini-3.8-flash to=gemini-3.7-flash"));
  EXPECT_TRUE(pool.host.logger.contains("from=gemini-3.7-flash to=gemini-3.6-flash"));
}

TEST(ModelCall, NamesNoModelInAHeaderThatCouldNotHoldIt) {
  PoolUnderTest pool(1);
  const auto reply = pool.chat(
      "{\"model\":\"gemini-\xC3\xA9\",\"messages\":[{\"role\":\"user\","
      "\"content\":\"x\"}]}");
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(header(reply, "x-rondo-model"), "");
}

}  // namespace
}  // namespace rondo::gateway
