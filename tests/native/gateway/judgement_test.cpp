#include "gateway/judgement.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

using Names = std::vector<std::string>;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kOtherModel =
    R"({"model":"gemini-4-neon","messages":[{"role":"user","content":"x"}]})";

fake::Answer refusal(int status, std::string_view word, std::string_view details = "") {
  return fake::answer(status, R"({"error":{"code":)" + std::to_string(status) + R"(,"status":")" +
                                  std::string(word) + R"(","message":"No.","details":[)" +
                                  std::string(details) + "]}}");
}

fake::Answer spent(std::string_view quotaId, std::string_view delay,
                   std::string_view dimensions = "{}") {
  return refusal(
      429, "RESOURCE_EXHAUSTED",
      R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":")" +
          std::string(quotaId) + R"(","quotaDimensions":)" + std::string(dimensions) +
          R"(}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":")" +
          std::string(delay) + R"("})");
}

fake::Answer perMinute(std::string_view delay) {
  return spent("GenerateRequestsPerMinutePerProjectPerModel", delay);
}

fake::Answer noCapacity() {
  return refusal(429, "RESOURCE_EXHAUSTED",
                 R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
                 R"("MODEL_CAPACITY_EXHAUSTED","domain":"googleapis.com"})");
}

fake::Answer sharedPoolBusy() {
  return fake::answer(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED",)"
                           R"("message":"Resource exhausted. Please try again later."}})");
}

fake::Answer deadFor(std::string_view reason, std::string_view metadata = "{}") {
  return refusal(403, "PERMISSION_DENIED",
                 R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":")" +
                     std::string(reason) + R"(","domain":"googleapis.com","metadata":)" +
                     std::string(metadata) + "}");
}

fake::Answer hi() { return fake::answer(200, greeting("Hi")); }

// Everybody answers alike; what was asked before is forgotten.
void answerAll(PoolUnderTest& pool, const fake::Answer& answer) {
  pool.callees.clear();
  pool.answers = [answer](const std::string&, const http::Request&) { return answer; };
}

// This one answers so, the others well.
void answerOne(PoolUnderTest& pool, const std::string& who, const fake::Answer& answer) {
  pool.callees.clear();
  pool.answers = [who, answer](const std::string& user, const http::Request&) {
    return user == who ? answer : hi();
  };
}

int countOf(const PoolUnderTest& pool, std::string_view event) {
  return static_cast<int>(std::ranges::count_if(
      pool.host.logger.lines, [event](const auto& line) { return line.text.starts_with(event); }));
}

std::string inWords(Millis time) {
  if (time >= hours(48)) return std::to_string(time / hours(24)) + " days";
  if (time >= hours(1)) return std::to_string(time / hours(1)) + " h";
  if (time >= minutes(2)) return std::to_string(time / minutes(1)) + " min";
  return std::to_string(time / seconds(1)) + " s";
}

// The columns of docs/pool.md that the code knows.
std::string tableEnd(const Rule& rule) {
  std::string bound = "–";
  if (rule.reach != Reach::ThisRequest) {
    const auto least = rule.least == Millis{} ? "at once" : inWords(rule.least);
    bound = least + " to " + (rule.most == Millis{} ? "for good" : inWords(rule.most));
  }
  return "| " + std::string(faultName(rule.fault)) + " | " + std::string(reachName(rule.reach)) +
         " | " + bound + " | " + std::string(verdictName(rule.verdict)) + " |";
}

std::string detail(const fake::FakeReply& reply, std::size_t index, std::string_view field) {
  const auto body = document(reply);
  const auto* details = json::findArray(*json::findObject(body, "error"), "details");
  if (!details || details->size() <= index) return "no detail";
  return std::string(json::findString((*details)[index], field).value_or(""));
}

TEST(Judgement, AModelWithoutCapacityRestsForThePoolAndNobodyElseIsAsked) {
  PoolUnderTest pool(3);
  answerAll(pool, noCapacity());
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorCode(reply), "model_overloaded");
  EXPECT_EQ(header(reply, "retry-after"), "5");
  EXPECT_EQ(pool.callees, (Names{"u1"}));
  EXPECT_EQ(errorCode(pool.chat()), "model_overloaded");
  EXPECT_EQ(pool.callees, (Names{"u1"}));
  EXPECT_TRUE(pool.host.logger.contains("model_resting"));
}

TEST(Judgement, ARestForCapacityDoublesUpToAMinute) {
  PoolUnderTest pool(1);
  answerAll(pool, noCapacity());
  for (const int wait : {5, 10, 20, 40, 60, 60}) {
    EXPECT_EQ(header(pool.chat(), "retry-after"), std::to_string(wait));
    pool.host.advance(seconds(wait));
  }
}

TEST(Judgement, OtherModelsAreServedWhileOneHasNoCapacity) {
  PoolUnderTest pool(1);
  answerAll(pool, noCapacity());
  pool.chat();
  answerAll(pool, hi());
  EXPECT_EQ(pool.chat(kOtherModel).head->status, 200);
}

TEST(Judgement, ABusySharedPoolIsTriedThroughOneOtherCredential) {
  PoolUnderTest pool(4);
  answerOne(pool, "u1", sharedPoolBusy());
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u2"}));
  answerAll(pool, sharedPoolBusy());
  EXPECT_EQ(errorCode(pool.chat()), "model_overloaded");
  EXPECT_EQ(pool.callees, (Names{"u3", "u4"}));
}

TEST(Judgement, TheLogTellsHowLongABusyCredentialReallyRests) {
  PoolUnderTest pool(1);
  answerAll(pool, sharedPoolBusy());
  pool.chat();
  pool.host.advance(seconds(5));
  const auto until = formatRfc3339(pool.host.clock.now() + seconds(10));
  pool.chat();
  EXPECT_TRUE(pool.host.logger.contains("reason=capacity until=" + until));
}

TEST(Judgement, ABusySharedPoolIsTriedAtAnotherPlaceFirst) {
  PoolUnderTest pool(
      3, {{"GCP_SERVICE_ACCOUNT_9",
           R"({"type":"authorized_user","client_id":"c","client_secret":"hush","alias":"far",)"
           R"("refresh_token":"refresh-far","project_id":"p","location":"europe-west4"})"}});
  answerOne(pool, "u1", sharedPoolBusy());
  EXPECT_EQ(header(pool.chat(), "x-rondo-credential"), "far");
}

TEST(Judgement, AQuotaThatNamesNoModelCoolsTheCredentialForAll) {
  PoolUnderTest pool(2);
  answerOne(pool, "u1", spent("GenerateRequestsPerMinutePerProject", "30s"));
  pool.chat();
  pool.callees.clear();
  pool.chat(kOtherModel);
  pool.chat(kOtherModel);
  EXPECT_EQ(pool.callees, (Names{"u2", "u2"}));
}

TEST(Judgement, AQuotaOfTheBaseModelCoolsThatNameToo) {
  PoolUnderTest pool(2);
  answerOne(pool, "u1",
            spent("generate_requests_per_minute_per_base_model", "30s",
                  R"({"base_model":"gemini-4-neon"})"));
  pool.chat();
  pool.callees.clear();
  pool.chat(kOtherModel);
  EXPECT_EQ(pool.callees, (Names{"u2"}));
}

TEST(Judgement, ADayThatIsSpentForAllIsToldAsSpentQuota) {
  PoolUnderTest pool(2);
  answerAll(pool, spent("GenerateRequestsPerDayPerProjectPerModel", "3s"));
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_EQ(errorCode(reply), "insufficient_quota");
  EXPECT_EQ(detail(reply, 1, "credential"), "u2");
  EXPECT_EQ(detail(reply, 1, "reason"), "day");
  EXPECT_EQ(header(reply, "x-should-retry"), "false");
}

TEST(Judgement, NobodyIsToldToSleepForLongerThanFiveMinutesButWhenTheResetIs) {
  for (const int wait : {300, 301}) {
    PoolUnderTest pool(1);
    answerAll(pool, perMinute(std::to_string(wait) + "s"));
    const auto reply = pool.chat();
    const bool isShort = wait == 300;
    EXPECT_EQ(header(reply, "retry-after"), isShort ? "300" : "");
    EXPECT_EQ(header(reply, "retry-after-ms"), isShort ? "300000" : "");
    EXPECT_EQ(header(reply, "x-rondo-reset"), formatRfc3339(pool.host.clock.now() + seconds(wait)));
    EXPECT_EQ(detail(reply, 0, "until"), formatRfc3339(pool.host.clock.now() + seconds(wait)));
  }
}

TEST(Judgement, WhenAllCoolEachCredentialIsAccountedFor) {
  PoolUnderTest pool(2);
  answerAll(pool, perMinute("20s"));
  const auto reply = pool.chat();
  EXPECT_EQ(header(reply, "retry-after-ms"), "20000");
  EXPECT_EQ(detail(reply, 0, "credential"), "u1");
  EXPECT_EQ(detail(reply, 0, "state"), "cooling");
  EXPECT_EQ(detail(reply, 0, "reason"), "minute");
  EXPECT_FALSE(detail(reply, 0, "until").empty());
}

TEST(Judgement, AResetThatIsNearIsWaitedFor) {
  PoolUnderTest pool(1);
  bool limited = true;
  pool.answers = [&limited](const std::string&, const http::Request&) {
    return std::exchange(limited, false) ? perMinute("2s") : hi();
  };
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-attempts"), "2");
}

TEST(Judgement, AResetThatIsThreeSecondsAwayIsNotWaitedFor) {
  PoolUnderTest pool(1);
  answerAll(pool, perMinute("3s"));
  const Instant before = pool.host.clock.now();
  EXPECT_EQ(pool.chat().head->status, 429);
  EXPECT_EQ(pool.host.clock.now(), before);
}

TEST(Judgement, AllAttemptsFailingAtGooglesSideLetTheModelRestAMoment) {
  PoolUnderTest pool(2);
  answerAll(pool, fake::answer(503, ""));
  EXPECT_EQ(pool.chat().head->status, 503);
  EXPECT_EQ(pool.callees.size(), 2U);
  answerAll(pool, hi());
  const Instant before = pool.host.clock.now();
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_GE(pool.host.clock.now() - before, seconds(1));
}

TEST(Judgement, AMissingRoleIsToldToTheOperatorAlone) {
  PoolUnderTest pool(1);
  answerAll(pool,
            deadFor("IAM_PERMISSION_DENIED", R"({"permission":"aiplatform.endpoints.predict",)"
                                             R"("resource":"projects/acme/locations/global"})"));
  const auto reply = pool.chat();
  EXPECT_EQ(errorCode(reply), "credentials_unavailable");
  EXPECT_EQ(detail(reply, 0, "reason"), "iam_permission_denied");
  EXPECT_EQ(reply.body.find("acme"), std::string::npos);
  EXPECT_TRUE(pool.host.logger.contains(
      "credential_quarantined request= credential=u1 reason=iam_permission_denied remedy=Grant the "
      "credential the role Vertex AI User (roles/aiplatform.user) on the project `acme`. It lacks "
      "aiplatform.endpoints.predict."));
}

TEST(Judgement, ADisabledServiceIsToldWithItsActivationLink) {
  PoolUnderTest pool(1);
  answerAll(pool, deadFor("SERVICE_DISABLED",
                          R"({"consumer":"projects/acme","activationUrl":"https://console/x"})"));
  pool.chat();
  EXPECT_TRUE(
      pool.host.logger.contains("remedy=Enable the API in the project `acme`. https://console/x"));
}

// --- What may be meant for one request alone -----------------------------------------------------

constexpr std::string_view kSearch =
    R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":"x"}],)"
    R"("web_search_options":{}})";

constexpr std::string_view kSpentInAHurry =
    R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"You exceeded your current quota, )"
    R"(please check your plan and billing details.","details":[)"
    R"({"@type":"type.googleapis.com/google.rpc.Help","links":[]}]}})";

// Nobody cools, rests or is out: the next chats go to all in turn.
void expectAllWell(PoolUnderTest& pool, const std::string& what) {
  answerAll(pool, hi());
  const Instant before = pool.host.clock.now();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pool.chat().head->status, 200) << what;
  EXPECT_EQ(std::set(pool.callees.begin(), pool.callees.end()).size(), 3U) << what;
  EXPECT_EQ(pool.host.clock.now(), before) << what;
}

TEST(Judgement, ADenialOfAnotherServiceTakesNobodyOut) {
  const std::string metadata = R"({"service":"storage.googleapis.com","consumer":"projects/999"})";
  for (const auto* reason : {"SECURITY_POLICY_VIOLATED", "SERVICE_DISABLED", "BILLING_DISABLED",
                             "CONSUMER_SUSPENDED", "USER_PROJECT_DENIED"}) {
    PoolUnderTest pool(3);
    answerAll(pool, deadFor(reason, metadata));
    const auto reply = pool.chat();
    EXPECT_EQ(reply.head->status, 403) << reason;
    EXPECT_EQ(errorCode(reply), "content_not_accessible") << reason;
    EXPECT_EQ(pool.callees.size(), 2U) << reason;
    expectAllWell(pool, reason);
  }
}

TEST(Judgement, ADenialOfAnotherServiceIsTriedWithTheNextCredential) {
  PoolUnderTest pool(3);
  answerOne(pool, "u1", deadFor("SERVICE_DISABLED", R"({"service":"storage.googleapis.com"})"));
  EXPECT_EQ(pool.chat().head->status, 200);
  expectAllWell(pool, "after a success elsewhere");
}

TEST(Judgement, AQuotaWithoutANameOfARequestThatSearchesCoolsNobody) {
  for (const auto& answer :
       {fake::answer(429, std::string(kSpentInAHurry)), refusal(403, "PERMISSION_DENIED")}) {
    PoolUnderTest pool(3);
    answerAll(pool, answer);
    EXPECT_EQ(pool.chat(kSearch).head->status, answer.status);
    expectAllWell(pool, answer.chunks[0]);
  }
}

TEST(Judgement, AQuotaWithoutANameIsTriedWithEveryCredentialAndToldAsOne) {
  PoolUnderTest pool(3);
  answerAll(pool, fake::answer(429, std::string(kSpentInAHurry)));
  const auto reply = pool.chat(kSearch);
  EXPECT_EQ(pool.callees.size(), 3U);
  EXPECT_EQ(errorCode(reply), "rate_limit_exceeded");
  EXPECT_EQ(header(reply, "retry-after"), "60");
}

TEST(Judgement, WhoeverSearchesBeginsWhereNothingIsSpentForThat) {
  PoolUnderTest pool(6, {{"CREDENTIAL_STRATEGY", "fill_first"}});
  const auto answers = [](const std::string& user, const http::Request&) {
    return user == "u6" ? hi() : fake::answer(429, std::string(kSpentInAHurry));
  };
  pool.answers = answers;
  EXPECT_EQ(pool.chat(kSearch).head->status, 429);
  pool.callees.clear();
  EXPECT_EQ(pool.chat(kSearch).head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u5", "u6"}));
  answerAll(pool, hi());
  pool.chat();
  pool.chat(kSearch);
  EXPECT_EQ(pool.callees, (Names{"u1", "u6"}));
  pool.host.advance(seconds(61));
  pool.chat(kSearch);
  EXPECT_EQ(pool.callees.back(), "u1");
}

TEST(Judgement, WhoeverSearchesIsServedWhereAllAreSpentForThat) {
  PoolUnderTest pool(2);
  answerAll(pool, fake::answer(429, std::string(kSpentInAHurry)));
  EXPECT_EQ(pool.chat(kSearch).head->status, 429);
  answerAll(pool, hi());
  EXPECT_EQ(pool.chat(kSearch).head->status, 200);
}

TEST(Judgement, AQuotaOfSearchesCoolsNobodyHoweverItIsCalled) {
  for (const auto* quota :
       {"SearchGroundingRequestsPerDayPerProject", "GroundingRequestsPerDayPerProjectPerModel",
        "GoogleSearchRequestsPerMinute"}) {
    PoolUnderTest pool(3);
    answerAll(pool, spent(quota, "40s"));
    EXPECT_EQ(pool.chat(kSearch).head->status, 429) << quota;
    expectAllWell(pool, quota);
  }
}

TEST(Judgement, ABusySharedPoolIsOneForWhoeverSearchesToo) {
  PoolUnderTest pool(3);
  answerAll(pool, sharedPoolBusy());
  const auto reply = pool.chat(kSearch);
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorCode(reply), "model_overloaded");
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(Judgement, ADenialThatIsSurelyTheCredentialsTakesItOutThoughTheRequestSearches) {
  PoolUnderTest pool(2);
  answerOne(pool, "u1", deadFor("SERVICE_DISABLED"));
  EXPECT_EQ(pool.chat(kSearch).head->status, 200);
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u2", "u2", "u2"}));
}

TEST(Judgement, AQuotaWithANameCoolsWhoeverSearches) {
  PoolUnderTest pool(3);
  answerAll(pool, perMinute("40s"));
  EXPECT_EQ(pool.chat(kSearch).head->status, 429);
  answerAll(pool, hi());
  EXPECT_EQ(pool.chat().head->status, 429);
}

TEST(Judgement, AQuotaOfAnotherServiceCoolsNobodyAndIsToldByItsTime) {
  for (const auto& [limit, code] : {std::pair{"SearchesPerMinute", "rate_limit_exceeded"},
                                    std::pair{"SearchesPerDay", "insufficient_quota"}}) {
    PoolUnderTest pool(3);
    answerAll(pool, refusal(429, "RESOURCE_EXHAUSTED",
                            R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
                            R"("RATE_LIMIT_EXCEEDED","metadata":{"service":)"
                            R"("discoveryengine.googleapis.com","quota_limit":")" +
                                std::string(limit) + R"("}})"));
    const auto reply = pool.chat();
    EXPECT_EQ(reply.head->status, 429) << limit;
    EXPECT_EQ(errorCode(reply), code);
    expectAllWell(pool, limit);
  }
}

fake::Answer tokensSpent(std::string_view limit) {
  return refusal(429, "RESOURCE_EXHAUSTED",
                 R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{)"
                 R"("quotaMetric":"generativelanguage.googleapis.com/)"
                 R"(generate_content_paid_tier_input_token_count","quotaId":)"
                 R"("GenerateContentPaidTierInputTokensPerModelPerMinute","quotaValue":")" +
                     std::string(limit) + R"("}]})");
}

// Of two thousand letters each: what is said, and what a tool gave.
const std::string kLong =
    R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":")" +
    std::string(2000, 'a') +
    R"("},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f",)"
    R"("arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":")" +
    std::string(2000, 'a') + R"("}]})";

TEST(Judgement, ARequestWhoseTextsWouldSpendAMinuteByThemselvesCoolsNobody) {
  PoolUnderTest pool(3);
  answerAll(pool, tokensSpent("1000"));
  const auto reply = pool.chat(kLong);
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_EQ(errorCode(reply), "rate_limit_exceeded");
  expectAllWell(pool, "a long request");
}

TEST(Judgement, ARequestThatFitsIntoAMinuteCoolsWhereItIsSpent) {
  PoolUnderTest pool(3);
  answerAll(pool, tokensSpent("1001"));
  EXPECT_EQ(pool.chat(kLong).head->status, 429);
  answerAll(pool, hi());
  EXPECT_EQ(pool.chat().head->status, 429);
}

TEST(Judgement, ADaysTokensCoolWhoeverSpentThem) {
  for (const auto* quota : {"GenerateContentInputTokensPerModelPerDay",
                            "GenerateContentOutputTokensPerModelPerMinute"}) {
    PoolUnderTest pool(1);
    answerAll(pool, refusal(429, "RESOURCE_EXHAUSTED",
                            R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure",)"
                            R"("violations":[{"quotaId":")" +
                                std::string(quota) + R"(","quotaValue":"1000"}]})"));
    EXPECT_EQ(pool.chat(kLong).head->status, 429) << quota;
    answerAll(pool, hi());
    EXPECT_EQ(pool.chat().head->status, 429) << quota;
  }
}

TEST(Judgement, BytesOfMediaAreNoTokens) {
  const std::string picture =
      R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[{"type":"image_url",)"
      R"("image_url":{"url":"data:image/png;base64,)" +
      std::string(8000, 'A') + R"("}}]}]})";
  PoolUnderTest pool(1);
  answerAll(pool, tokensSpent("1000"));
  EXPECT_EQ(pool.chat(picture).head->status, 429);
  answerAll(pool, hi());
  EXPECT_EQ(pool.chat().head->status, 429);
}

TEST(Judgement, ASpentQuotaOfCountsKeepsNobodyFromAnswers) {
  const auto count = [](PoolUnderTest& pool) {
    return pool.serve("count_response_tokens", R"({"model":"gemini-3.8-flash","input":"Hello"})");
  };
  for (const auto* quota : {"CountTokensRequestsPerMinutePerProjectPerRegion",
                            "GenerateRequestsPerMinutePerProjectPerModel"}) {
    PoolUnderTest pool(3);
    answerAll(pool, spent(quota, "40s"));
    EXPECT_EQ(count(pool).head->status, 429) << quota;
    EXPECT_EQ(pool.callees.size(), 3U) << quota;
    EXPECT_EQ(count(pool).head->status, 429) << quota;
    EXPECT_EQ(pool.callees.size(), 3U) << quota;
    expectAllWell(pool, quota);
  }
}

TEST(Judgement, ASpentQuotaOfCountsKeepsNobodyFromAnswersThoughItNamesTheModel) {
  PoolUnderTest pool(3);
  answerAll(pool, spent("CountTokensRequestsPerMinutePerProjectPerModel", "40s",
                        R"({"model":"gemini-3.8-flash"})"));
  pool.serve("count_response_tokens", R"({"model":"gemini-3.8-flash","input":"Hello"})");
  expectAllWell(pool, "counts");
}

TEST(Judgement, ASpentQuotaOfAnswersKeepsNobodyFromCounts) {
  PoolUnderTest pool(1);
  answerAll(pool, perMinute("40s"));
  EXPECT_EQ(pool.chat().head->status, 429);
  answerAll(pool, fake::answer(200, R"({"totalTokens":3})"));
  const auto counted =
      pool.serve("count_response_tokens", R"({"model":"gemini-3.8-flash","input":"Hello"})");
  EXPECT_EQ(counted.head->status, 200);
}

TEST(Judgement, AModelThatGoogleCallsOverloadedIsTriedElsewhereAndToldAsOverloaded) {
  for (const auto* words :
       {"The model is overloaded. Please try again later.",
        "This model is currently experiencing high demand. Spikes are short."}) {
    PoolUnderTest pool(2);
    answerAll(pool, fake::answer(503, R"({"error":{"code":503,"status":"UNAVAILABLE","message":")" +
                                          std::string(words) + R"("}})"));
    const auto reply = pool.chat();
    EXPECT_EQ(reply.head->status, 503) << words;
    EXPECT_EQ(errorCode(reply), "model_overloaded") << words;
    EXPECT_EQ(pool.callees.size(), 2U) << words;
  }
}

TEST(Judgement, WhoHasWaitedForAMomentsRestDoesNotWaitForOthersFailures) {
  PoolUnderTest pool(1);
  EXPECT_EQ(pool.chat().head->status, 200);
  answerAll(pool, fake::answer(500, ""));
  pool.host.fetcher.holding = true;
  const auto begin = [&pool](fake::FakeReply& reply) {
    ClientRequest request;
    request.operation = "chat_completions";
    request.body = OwnedBytes::copyOf(kHello);
    auto task =
        std::make_unique<Task<void>>(pool.gateway->serve(std::move(request), pool.host.io, reply));
    task->start();
    pool.host.loop.run();
    return task;
  };
  fake::FakeReply first(pool.host.loop);
  fake::FakeReply second(pool.host.loop);
  fake::FakeReply waiting(pool.host.loop);
  const auto failing = begin(first);
  const auto failingLater = begin(second);
  const auto go = [&pool] {
    pool.host.fetcher.release();
    pool.host.loop.run();
  };
  go();
  ASSERT_TRUE(first.ended);
  // It counts: what is drawn next is high, so that the wait is long.
  for (std::uint8_t drawn = 0; drawn != 150;) pool.host.entropy.fill({&drawn, 1});
  const auto waits = begin(waiting);
  // The rest is over, and who waits comes a little later.
  pool.host.advance(std::chrono::milliseconds(1001));
  go();
  ASSERT_TRUE(second.ended);
  answerAll(pool, hi());
  const auto calls = pool.host.fetcher.calls.size();
  pool.host.advance(std::chrono::milliseconds(300));
  ASSERT_EQ(pool.host.fetcher.calls.size(), calls + 1);
  go();
  ASSERT_TRUE(waiting.ended);
  EXPECT_EQ(waiting.head->status, 200);
}

TEST(Judgement, OneRequestTakesOneCredentialOutAtMost) {
  PoolUnderTest pool(4);
  answerAll(pool, deadFor("SERVICE_DISABLED"));
  EXPECT_EQ(pool.chat().head->status, 503);
  EXPECT_EQ(pool.callees.size(), 4U);
  EXPECT_EQ(countOf(pool, "credential_quarantined"), 1);
  answerAll(pool, hi());
  for (int i = 0; i < 3; ++i) pool.chat();
  EXPECT_EQ(pool.callees, (Names{"u2", "u3", "u4"}));
}

TEST(Judgement, ADenialThatASecondCredentialMeetsTooIsTheRequests) {
  PoolUnderTest pool(3);
  answerAll(pool, deadFor("IAM_PERMISSION_DENIED"));
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 403);
  EXPECT_EQ(errorCode(reply), "content_not_accessible");
  EXPECT_EQ(pool.callees, (Names{"u1", "u2"}));
  EXPECT_FALSE(pool.host.logger.contains("credential_quarantined"));
}

TEST(Judgement, ADenialThatNoOtherCredentialMeetsIsTheCredentials) {
  PoolUnderTest pool(3);
  answerOne(pool, "u1", deadFor("IAM_PERMISSION_DENIED"));
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_TRUE(pool.host.logger.contains("credential_quarantined request= credential=u1"));
}

TEST(Judgement, ContentThatOurCredentialsCantReadCoolsNobody) {
  constexpr std::string_view kPicture =
      R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[{"type":"image_url",)"
      R"("image_url":{"url":"gs://theirs/a.png"}}]}]})";
  const auto denied = [](std::string_view message) {
    return fake::answer(403, R"({"error":{"code":403,"status":"PERMISSION_DENIED","message":")" +
                                 std::string(message) + R"("}})");
  };
  for (const auto* words :
       {"Permission 'storage.objects.get' denied on resource (or it may not exist).",
        "The caller does not have permission"}) {
    PoolUnderTest pool(3);
    answerAll(pool, denied(words));
    const auto reply = pool.chat(kPicture);
    EXPECT_EQ(reply.head->status, 403) << words;
    EXPECT_EQ(errorCode(reply), "content_not_accessible") << words;
    EXPECT_EQ(pool.callees.size(), 1U) << words;
    answerAll(pool, hi());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(pool.chat().head->status, 200);
    EXPECT_EQ(pool.callees, (Names{"u2", "u3", "u1"})) << words;
  }
}

TEST(Judgement, ABareDenialOfARequestThatNamesNothingCoolsTheModelForTheCredential) {
  PoolUnderTest pool(2);
  answerOne(pool, "u1", refusal(403, "PERMISSION_DENIED"));
  pool.chat();
  pool.chat();
  EXPECT_EQ(pool.callees, (Names{"u1", "u2", "u2"}));
}

TEST(Judgement, ATokenThatIsRefusedAfreshRestsItsCredentialForEveryModel) {
  PoolUnderTest pool(2);
  answerOne(pool, "u1", refusal(401, "UNAUTHENTICATED"));
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u1", "u2"}));
  EXPECT_EQ(pool.chat(kOtherModel).head->status, 200);
  EXPECT_EQ(pool.callees.back(), "u2");
  EXPECT_EQ(pool.callees.size(), 4U);
  EXPECT_TRUE(pool.host.logger.contains("reason=token_refused remedy="));
}

TEST(Judgement, ARefusedTokenIsTriedAgainAfterFiveMinutesThenTen) {
  PoolUnderTest pool(2);
  answerOne(pool, "u1", refusal(401, "UNAUTHENTICATED"));
  const auto asksFirst = [&pool] {
    pool.callees.clear();
    for (int i = 0; i < 2; ++i) pool.chat();
    return std::ranges::count(pool.callees, "u1") > 0;
  };
  EXPECT_TRUE(asksFirst());
  pool.host.advance(minutes(4));
  EXPECT_FALSE(asksFirst());
  pool.host.advance(minutes(1));
  EXPECT_TRUE(asksFirst());
  pool.host.advance(minutes(9));
  EXPECT_FALSE(asksFirst());
  pool.host.advance(minutes(1));
  EXPECT_TRUE(asksFirst());
}

TEST(Judgement, TheNextCredentialAfterARefusedTokenHasAFirstTryOfItsOwn) {
  PoolUnderTest pool(2);
  pool.chat();
  pool.chat();
  // Both tokens have become stale: u1's new one is refused too, u2's is taken.
  pool.callees.clear();
  int asked = 0;
  pool.answers = [&asked](const std::string& user, const http::Request&) {
    return user == "u1" || ++asked == 1 ? refusal(401, "UNAUTHENTICATED") : hi();
  };
  EXPECT_EQ(pool.chat().head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u1", "u1", "u2", "u2"}));
}

TEST(Judgement, WhenOnlySomeAttemptsFailedTheModelDoesNotRest) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? perMinute("30s") : fake::answer(503, "");
  };
  EXPECT_EQ(pool.chat().head->status, 503);
  EXPECT_FALSE(pool.host.logger.contains("model_resting"));
}

TEST(Judgement, WaitsForResetsAddUpToThreeSecondsAtMost) {
  PoolUnderTest pool(1, {{"MAX_ATTEMPTS", "8"}});
  answerAll(pool, perMinute("2s"));
  const Instant before = pool.host.clock.now();
  EXPECT_EQ(pool.chat().head->status, 429);
  EXPECT_LT(pool.host.clock.now() - before, seconds(3));
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(Judgement, AResetThatGoogleNamesFarAwayIsBounded) {
  PoolUnderTest pool(1);
  answerAll(pool, spent("GenerateRequestsPerDayPerProjectPerModel", "999999999s"));
  pool.chat();
  pool.host.advance(hours(24 * 7) + seconds(1));
  answerAll(pool, hi());
  EXPECT_EQ(pool.chat().head->status, 200);
}

TEST(Judgement, TheTableHasARowForEachCase) {
  std::set<std::string_view> names;
  for (const Rule& rule : rules()) EXPECT_TRUE(names.insert(rule.what).second) << rule.what;
  EXPECT_EQ(names.size(), 22U);
}

// docs/pool.md shows the table that the code goes by.
TEST(Judgement, TheDocumentShowsTheTable) {
  std::ifstream file("docs/pool.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const Rule& rule : rules()) {
    const auto row = "| `" + std::string(rule.what) + "` | ";
    const auto at = text.str().find(row);
    ASSERT_NE(at, std::string::npos) << rule.what;
    const auto line = text.str().substr(at, text.str().find('\n', at) - at);
    EXPECT_TRUE(line.ends_with(tableEnd(rule))) << line << "\n  wants: " << tableEnd(rule);
  }
}

TEST(Judgement, WhatCanHealIsProbedAfterTenMinutesAndServesAgain) {
  PoolUnderTest pool(2);
  answerOne(pool, "u1", deadFor("SERVICE_DISABLED"));
  pool.chat();
  answerAll(pool, hi());
  pool.host.advance(minutes(9));
  pool.chat();
  pool.chat();
  EXPECT_EQ(pool.callees, (Names{"u2", "u2"}));
  pool.host.advance(minutes(1));
  for (int i = 0; i < 3; ++i) pool.chat();
  EXPECT_EQ(std::ranges::count(pool.callees, "u1"), 2);
  EXPECT_TRUE(pool.host.logger.contains("credential_released"));
}

TEST(Judgement, ADeadGrantIsNeverProbed) {
  PoolUnderTest pool(2);
  const auto mint = pool.host.fetcher.handler;
  pool.host.fetcher.handler = [mint](const http::Request& request) {
    if (request.body.find("refresh-u1") == std::string::npos) return mint(request);
    return fake::answer(400, R"({"error":"invalid_grant","error_description":"Revoked."})");
  };
  pool.chat();
  const auto calls = pool.mints;
  pool.host.advance(hours(20));
  pool.chat();
  EXPECT_EQ(std::ranges::count(pool.callees, "u1"), 0);
  EXPECT_LE(pool.mints, calls + 1);
  EXPECT_TRUE(
      pool.host.logger.contains("credential_quarantined request= credential=u1 "
                                "reason=invalid_grant"));
}

TEST(Judgement, AnOperatorsResetBringsACredentialBackAtOnce) {
  PoolUnderTest pool(1);
  answerAll(pool, spent("GenerateRequestsPerDayPerProjectPerModel", "3s"));
  EXPECT_EQ(pool.chat().head->status, 429);
  answerAll(pool, hi());
  pool.host.advance(seconds(1));
  ClientRequest request;
  request.operation = "reset_credential";
  request.credential = "u1";
  EXPECT_EQ(pool.serve(std::move(request)).head->status, 200);
  EXPECT_EQ(pool.chat().head->status, 200);
}

TEST(Judgement, AResetOfACredentialThatIsNotThereIsAnError) {
  PoolUnderTest pool(1);
  ClientRequest request;
  request.operation = "reset_credential";
  request.credential = "nobody";
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(errorCode(reply), "credential_not_found");
}

TEST(Judgement, TheRequestsLogLineTellsEachAttempt) {
  PoolUnderTest pool(2);
  answerOne(pool, "u1", perMinute("30s"));
  pool.chat();
  EXPECT_TRUE(pool.host.logger.contains(
      "attempts=[ credential=u1 model=gemini-3.8-flash class=minute status=429 ms=0 reason="));
  EXPECT_TRUE(pool.host.logger.contains("[ credential=u2 model=gemini-3.8-flash class=ok"));
  EXPECT_TRUE(pool.host.logger.contains("credential_cooling request= credential=u1"));
}

}  // namespace
}  // namespace rondo::gateway
