#include "native/google/error_cases.h"

namespace rondo::google {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using enum RefusalClass;

constexpr const char* kPerMinute = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier";
constexpr const char* kPerDay = "GenerateRequestsPerDayPerProjectPerModel-FreeTier";

class QuotaRefusalTest : public RefusalTest {};

TEST_P(QuotaRefusalTest, HasItsClassItsResetAndItsReason) { check(); }

// Where the time comes from, best first.
INSTANTIATE_TEST_SUITE_P(
    Hints, QuotaRefusalTest,
    testing::Values(
        RefusalCase{"RetryInfoInSecondsWithAFraction", 429,
                    exhausted("Slow down.", quotaFailure(violation(kPerMinute)) + "," +
                                                retryInfo(R"("34.074824224s")")),
                    Minute, Millis(34'075), "quota", ""},
        RefusalCase{"RetryInfoInMillisecondsIsRoundedUpToASecond", 429,
                    exhausted("Slow down.", retryInfo(R"("900ms")")), Minute, seconds(1), "quota",
                    ""},
        RefusalCase{"RetryInfoAsSecondsAndNanos", 429,
                    exhausted("Slow down.", retryInfo(R"({"seconds":"12","nanos":500000000})")),
                    Minute, Millis(12'500), "quota", ""},
        RefusalCase{"RetryInfoAsNumericSeconds", 429,
                    exhausted("Slow down.", retryInfo(R"({"seconds":7})")), Minute, seconds(7),
                    "quota", ""},
        RefusalCase{
            "DetailsInAnyOrder", 429,
            exhausted("Slow down.", retryInfo(R"("21s")") + "," + errorInfo("RATE_LIMIT_EXCEEDED") +
                                        "," + quotaFailure(violation(kPerMinute))),
            Minute, seconds(21), "rate_limit_exceeded", ""},
        RefusalCase{
            "TimeStampBeatsDelayAndRetryInfo", 429,
            exhausted("Slow down.", errorInfo("RATE_LIMIT_EXCEEDED",
                                              R"("quotaResetDelay":"99s",)"
                                              R"("quotaResetTimeStamp":"2025-11-24T16:00:53Z")") +
                                        "," + retryInfo(R"("120s")")),
            Minute, seconds(53), "rate_limit_exceeded", ""},
        RefusalCase{
            "PassedTimeStampGivesWayToTheDelay", 429,
            exhausted("Slow down.", errorInfo("RATE_LIMIT_EXCEEDED",
                                              R"("quotaResetDelay":"41s",)"
                                              R"("quotaResetTimeStamp":"2025-11-24T15:59:59Z")")),
            Minute, seconds(41), "rate_limit_exceeded", ""},
        RefusalCase{"CompoundDelayOfHoursIsADay", 429,
                    exhausted("Come back.",
                              errorInfo("QUOTA_EXHAUSTED", R"("quotaResetDelay":"13h19m1.2s")")),
                    Day, hours(13) + minutes(19) + Millis(1'200), "quota_exhausted", ""},
        RefusalCase{"DelayOfDaysIsBelieved", 429,
                    exhausted("Come back.",
                              errorInfo("QUOTA_EXHAUSTED", R"("quotaResetDelay":"156h14m36.7s")")),
                    Day, hours(156) + minutes(14) + Millis(36'700), "quota_exhausted", ""},
        RefusalCase{"DelayOfMonthsIsCutToAWeek", 429,
                    exhausted("Come back.", retryInfo(R"("9000000s")")), Day, hours(168), "quota",
                    ""},
        RefusalCase{"MessageSaysRetryIn", 429,
                    exhausted("Quota exceeded. Please retry in 44.097740004s."), Minute,
                    Millis(44'098), "quota", ""},
        RefusalCase{"MessageSaysRetryInMilliseconds", 429,
                    exhausted("Quota exceeded. Please retry in 812.5ms."), Minute, seconds(1),
                    "quota", ""},
        RefusalCase{"MessageSaysResetAfterACompound", 429,
                    exhausted("Your quota will reset after 1h2m3s."), Day,
                    hours(1) + minutes(2) + seconds(3), "quota", ""},
        RefusalCase{"MessageSaysTryAgainInWords", 429,
                    exhausted("Too fast. Try again in 20 seconds please."), Minute, seconds(20),
                    "quota", ""},
        RefusalCase{"MessageSaysMinutesInWords", 429, exhausted("Try again in 2 minutes."), Minute,
                    minutes(2), "quota", ""},
        RefusalCase{"MessageThatSaysZeroFirst", 429,
                    exhausted("Please retry in 0s. Your quota will reset after 39s."), Minute,
                    seconds(39), "quota", ""},
        RefusalCase{"RetryInfoBeatsTheMessage", 429,
                    exhausted("Please retry in 50s.", retryInfo(R"("30s")")), Minute, seconds(30),
                    "quota", ""},
        RefusalCase{"MessageBeatsTheHeader", 429, exhausted("Please retry in 50s."), Minute,
                    seconds(50), "quota", "7"},
        RefusalCase{"HeaderInSeconds", 429,
                    exhausted("Slow down.", quotaFailure(violation(kPerMinute))), Minute,
                    seconds(17), "quota", "17"},
        RefusalCase{"HeaderAsADate", 429,
                    exhausted("Slow down.", quotaFailure(violation(kPerMinute))), Minute,
                    seconds(90), "quota", "Mon, 24 Nov 2025 16:01:30 GMT"},
        RefusalCase{"HeaderDateInThePastIsNoHint", 429,
                    exhausted("Slow down.", quotaFailure(violation(kPerMinute))), Minute,
                    seconds(60), "quota_per_minute", "Mon, 24 Nov 2025 15:00:00 GMT"},
        RefusalCase{"HeaderOfZeroIsNoHint", 429,
                    exhausted("Slow down.", errorInfo("RATE_LIMIT_EXCEEDED")), Minute, seconds(10),
                    "rate_limit_exceeded", "0"},
        RefusalCase{
            "ZeroDelayIsNoHint", 429,
            exhausted("Slow down.", errorInfo("RATE_LIMIT_EXCEEDED") + "," + retryInfo(R"("0s")")),
            Minute, seconds(10), "rate_limit_exceeded", ""},
        RefusalCase{"NegativeDelayIsNoHint", 429,
                    exhausted("Slow down.",
                              quotaFailure(violation(kPerMinute)) + "," + retryInfo(R"("-3s")")),
                    Minute, seconds(60), "quota_per_minute", ""}),
    nameOf);

// What is spent: a minute, a day, the plan, or Google's servers.
INSTANTIATE_TEST_SUITE_P(
    Classes, QuotaRefusalTest,
    testing::Values(
        RefusalCase{"PerMinuteWithoutADelay", 429,
                    exhausted("Slow down.", quotaFailure(violation(kPerMinute))), Minute,
                    seconds(60), "quota_per_minute", ""},
        RefusalCase{
            "TokensPerMinute", 429,
            exhausted("Slow down.", quotaFailure(violation(
                                        "GenerateContentPaidTierInputTokensPerModelPerMinute"))),
            Minute, seconds(60), "quota_per_minute", ""},
        RefusalCase{"OlderFormNamesItsLimitInErrorInfo", 429,
                    exhausted("Quota exceeded.",
                              errorInfo("RATE_LIMIT_EXCEEDED",
                                        R"("quota_limit":"GenerateContentRequestsPerMinutePer)"
                                        R"(ProjectPerRegion","quota_limit_value":"5")")),
                    Minute, seconds(60), "rate_limit_exceeded", ""},
        RefusalCase{"VertexNamesTheMinuteInItsMessageAlone", 429,
                    exhausted("Quota exceeded for aiplatform.googleapis.com/generate_content_"
                              "requests_per_minute_per_project_per_base_model with base model: x."),
                    Minute, seconds(60), "quota_per_minute", ""},
        RefusalCase{"RateLimitWithoutADelay", 429,
                    exhausted("Slow down.", errorInfo("RATE_LIMIT_EXCEEDED")), Minute, seconds(10),
                    "rate_limit_exceeded", ""},
        RefusalCase{"OtherRefusalWithoutADelay", 429,
                    exhausted("Slow down.", errorInfo("SOMETHING_NEW")), Minute, seconds(60),
                    "something_new", ""},
        RefusalCase{"PerDayBeatsAShortDelay", 429,
                    exhausted("Please retry in 12s.",
                              quotaFailure(violation(kPerDay)) + "," + retryInfo(R"("12s")")),
                    Day, kUntilMidnight, "quota_per_day", ""},
        RefusalCase{
            "PerDayBeatsAZeroDelay", 429,
            exhausted("No more.", quotaFailure(violation(kPerDay)) + "," + retryInfo(R"("0s")")),
            Day, kUntilMidnight, "quota_per_day", ""},
        RefusalCase{
            "PerDayBesidePerMinute", 429,
            exhausted("No more.", quotaFailure(violation(kPerMinute) + "," + violation(kPerDay)) +
                                      "," + retryInfo(R"("40s")")),
            Day, kUntilMidnight, "quota_per_day", ""},
        RefusalCase{"PerDayWithALongDelay", 429,
                    exhausted("No more.", quotaFailure(violation(kPerDay)) + "," +
                                              retryInfo(R"("51820.638305887s")")),
                    Day, Millis(51'820'639), "quota_per_day", ""},
        RefusalCase{
            "PerDayWithItsOwnTimeStamp", 429,
            exhausted("No more.", quotaFailure(violation(kPerDay)) + "," +
                                      errorInfo("QUOTA_EXHAUSTED",
                                                R"("quotaResetTimeStamp":"2025-11-24T16:00:20Z")")),
            Day, seconds(20), "quota_exhausted", ""},
        RefusalCase{
            "PerDayNamedInTheDescription", 429,
            exhausted("No more.", quotaFailure(R"({"description":"Daily limit of the project."})")),
            Day, kUntilMidnight, "quota_per_day", ""},
        RefusalCase{"PerDayInTheOlderForm", 429,
                    exhausted("No more.", errorInfo("RATE_LIMIT_EXCEEDED",
                                                    R"("quota_limit":"RequestsPerDayPerProject")")),
                    Day, kUntilMidnight, "rate_limit_exceeded", ""},
        RefusalCase{"DailyLimitInTheOldErrorsList", 403,
                    R"({"error":{"code":403,"message":"No more.",)"
                    R"("errors":[{"domain":"usageLimits","reason":"dailyLimitExceeded"}]}})",
                    Day, kUntilMidnight, "dailylimitexceeded", ""},
        RefusalCase{"RateLimitInTheOldErrorsList", 403,
                    R"({"error":{"code":403,"message":"Slow down.",)"
                    R"("errors":[{"domain":"usageLimits","reason":"rateLimitExceeded"}]}})",
                    Minute, seconds(60), "ratelimitexceeded", ""},
        RefusalCase{"QuotaExhaustedWithoutATime", 429,
                    exhausted("No more.", errorInfo("QUOTA_EXHAUSTED")), Day, kUntilMidnight,
                    "quota_exhausted", ""},
        RefusalCase{
            "QuotaExhaustedWithAShortTime", 429,
            exhausted("No more.", errorInfo("QUOTA_EXHAUSTED") + "," + retryInfo(R"("53s")")), Day,
            seconds(53), "quota_exhausted", ""},
        RefusalCase{"FiveMinutesAreStillShort", 429,
                    exhausted("Slow down.", retryInfo(R"("300s")")), Minute, seconds(300), "quota",
                    ""},
        RefusalCase{"MoreThanFiveMinutesAreADay", 429,
                    exhausted("Slow down.", retryInfo(R"("301s")")), Day, seconds(301), "quota",
                    ""},
        RefusalCase{"LimitOfZeroInTheMessage", 429,
                    exhausted("Quota exceeded for metric: x/free_tier_requests, limit: 0, model: "
                              "gemini-9-test. Please retry in 6s.",
                              retryInfo(R"("6s")")),
                    NoAccess, hours(12), "limit_zero", ""},
        RefusalCase{"LimitOfZeroInTheViolation", 429,
                    exhausted("Quota exceeded.", quotaFailure(violation(kPerDay, "0"))), NoAccess,
                    hours(12), "limit_zero", ""},
        RefusalCase{"LimitOfZeroForCaches", 429,
                    exhausted("TotalCachedContentStorageTokensPerModelFreeTier limit exceeded for "
                              "model gemini-9-test: limit=0, requested=116563"),
                    NoAccess, hours(12), "limit_zero", ""},
        RefusalCase{"LimitThatOnlyBeginsWithZero", 429,
                    exhausted("Quota exceeded for metric: x, limit: 0.5", retryInfo(R"("6s")")),
                    Minute, seconds(6), "quota", ""},
        RefusalCase{"SharedPoolOfVertex", 429,
                    exhausted("Resource exhausted. Please try again later. Please refer to "
                              "https://cloud.google.com/vertex-ai/docs/error-code-429."),
                    Capacity, seconds(5), "shared_pool_busy", ""},
        RefusalCase{"SharedPoolInOtherWords", 429,
                    exhausted("Resource has been exhausted (e.g. check quota)."), Capacity,
                    seconds(5), "shared_pool_busy", ""},
        RefusalCase{"SharedPoolWithAHeader", 429, exhausted("Resource exhausted."), Capacity,
                    seconds(9), "shared_pool_busy", "9"},
        RefusalCase{
            "CapacityReason", 429,
            exhausted("Busy.", errorInfo("MODEL_CAPACITY_EXHAUSTED", R"("model":"gemini-9-test")")),
            Capacity, seconds(5), "model_capacity_exhausted", ""},
        RefusalCase{"CapacityReasonOnA503", 503,
                    errorOf(503, "UNAVAILABLE", "Busy.", errorInfo("MODEL_CAPACITY_EXCEEDED")),
                    Capacity, seconds(5), "model_capacity_exceeded", ""},
        RefusalCase{"CapacityInTheMessageAlone", 503,
                    errorOf(503, "UNAVAILABLE",
                            "No capacity available for model gemini-9-test on the server"),
                    Capacity, seconds(5), "no_capacity", ""},
        RefusalCase{"CapacityNeverRestsLongerThanAMinute", 429,
                    exhausted("Busy.",
                              errorInfo("MODEL_CAPACITY_EXHAUSTED") + "," + retryInfo(R"("900s")")),
                    Capacity, seconds(60), "model_capacity_exhausted", ""},
        RefusalCase{"HtmlFromTheFrontEnd", 429, "<html><title>Error 429</title></html>", Minute,
                    seconds(60), "quota", ""},
        RefusalCase{"EmptyBody", 429, "", Minute, seconds(60), "quota", ""},
        RefusalCase{"EmptyBodyWithAHeader", 429, "", Minute, seconds(33), "quota", "33"}),
    nameOf);

TEST(QuotaRefusalFieldsTest, TheQuotaThatLastsLongestIsNamed) {
  const auto refusal = classify(
      429, {}, exhausted("No.", quotaFailure(violation(kPerMinute) + "," + violation(kPerDay))),
      kNow);
  EXPECT_EQ(refusal.quota.id, kPerDay);
  EXPECT_EQ(refusal.quota.metric, "generativelanguage.googleapis.com/requests");
  EXPECT_EQ(refusal.quota.model, "gemini-9-test");
}

TEST(QuotaRefusalFieldsTest, TheOlderFormNamesItsQuotaToo) {
  const auto refusal =
      classify(429, {},
               exhausted("No.", errorInfo("RATE_LIMIT_EXCEEDED",
                                          R"("quota_limit":"PerMinuteX","quota_metric":"m/x")")),
               kNow);
  EXPECT_EQ(refusal.quota.id, "PerMinuteX");
  EXPECT_EQ(refusal.quota.metric, "m/x");
  EXPECT_EQ(refusal.quota.model, "");
}

TEST(SharedQuotaTest, IsOneThatNamesNoModel) {
  EXPECT_TRUE(isShared({"RequestsPerDay", "requests", ""}));
  EXPECT_FALSE(isShared({"RequestsPerDay", "requests", "gemini-4-argon"}));
  EXPECT_FALSE(isShared({"", "requests", ""}));
  EXPECT_FALSE(isShared({"FileStorageBytesPerProject", "file_storage_bytes", ""}));
  EXPECT_FALSE(isShared({"RequestsPerMinute", "batch_embed_contents_requests", ""}));
  EXPECT_FALSE(isShared({"CountTokensRequestsPerMinutePerProjectPerRegion", "", ""}));
  EXPECT_FALSE(isShared({"RequestsPerMinute", "count_tokens_requests", ""}));
  EXPECT_FALSE(isShared({"InteractionsPerDay", "", ""}));
  EXPECT_FALSE(isShared({"GroundingRequestsPerDay", "", ""}));
  EXPECT_FALSE(isShared({"GoogleSearchPerDay", "", ""}));
  EXPECT_TRUE(isShared({"PerDay", "generate_content_free_tier_input_token_count", ""}));
}

TEST(QuotaRefusalFieldsTest, AQuotaOfTokensTellsHowMany) {
  const auto tokensOf = [](const std::string& metric, const std::string& id) {
    const auto body =
        exhausted("Quota.", quotaFailure(R"({"quotaMetric":")" + metric + R"(","quotaId":")" + id +
                                         R"(","quotaValue":"250000"})"));
    return classify(429, {}, body, kNow).quota.inputTokens;
  };
  EXPECT_EQ(
      tokensOf("generativelanguage.googleapis.com/generate_content_input_token_count", "PerMinute"),
      250000);
  EXPECT_EQ(tokensOf("requests", "GenerateContentInputTokensPerModelPerMinute"), 250000);
  EXPECT_EQ(tokensOf("requests", "GenerateRequestsPerMinute"), 0);
}

TEST(QuotaRefusalFieldsTest, SaysWhetherAnythingIsNamedThatIsSpent) {
  const auto saysNothing = [](const std::string& body) {
    return saysNoQuota(classify(429, {}, body, kNow));
  };
  EXPECT_TRUE(saysNothing(exhausted("You exceeded your current quota.", retryInfo(R"("9s")"))));
  EXPECT_TRUE(saysNothing(exhausted("Resource exhausted.")));
  EXPECT_FALSE(saysNothing(exhausted("Quota.", quotaFailure(violation("PerMinute")))));
  EXPECT_FALSE(saysNothing(exhausted("Quota.", errorInfo("MODEL_CAPACITY_EXHAUSTED"))));
  EXPECT_FALSE(
      saysNothing(exhausted("Quota.", errorInfo("RATE_LIMIT_EXCEEDED", R"("quota_limit":"A")"))));
  EXPECT_FALSE(saysNothing(exhausted("Quota.", quotaFailure(R"({"quotaMetric":"requests"})"))));
  EXPECT_FALSE(saysNoQuota(classify(403, {}, errorOf(403, "PERMISSION_DENIED", "No."), kNow)));
}

// Which service a refusal is of: https://github.com/googleapis/googleapis, error_reason.proto.
TEST(OtherServiceTest, SaysNothingOfOtherRequests) {
  const auto isNarrow = [](int status, const std::string& details) {
    return classify(status, {}, errorOf(status, "PERMISSION_DENIED", "No.", details), kNow)
        .isNarrow;
  };
  const auto ofService = [](const std::string& service) {
    return errorInfo("SERVICE_DISABLED", R"("service":")" + service + '"');
  };
  for (const auto* service : {"storage.googleapis.com", "discoveryengine.googleapis.com",
                              "modelarmor.us.rep.googleapis.com", "places.googleapis.com",
                              "fakeaiplatform.googleapis.com"}) {
    EXPECT_TRUE(isNarrow(403, ofService(service))) << service;
  }
  for (const auto* service :
       {"generativelanguage.googleapis.com", "aiplatform.googleapis.com",
        "us-central1-aiplatform.googleapis.com", "serviceusage.googleapis.com", "elsewhere.test"}) {
    EXPECT_FALSE(isNarrow(403, ofService(service))) << service;
  }
  EXPECT_FALSE(isNarrow(403, errorInfo("SERVICE_DISABLED")));
  const auto metric = [](const std::string& host) {
    return quotaFailure(R"({"quotaMetric":")" + host + R"(/requests","quotaId":"PerMinute"})");
  };
  EXPECT_TRUE(isNarrow(429, metric("discoveryengine.googleapis.com")));
  EXPECT_FALSE(isNarrow(429, metric("aiplatform.googleapis.com")));
  EXPECT_FALSE(
      isNarrow(429, quotaFailure(R"({"quotaMetric":"storage.googleapis.com/reads"},)"
                                 R"({"quotaMetric":"aiplatform.googleapis.com/requests"})")));
  EXPECT_TRUE(isNarrow(
      429, errorInfo("RATE_LIMIT_EXCEEDED", R"("quota_metric":"storage.googleapis.com/reads")")));
  EXPECT_FALSE(
      isNarrow(401, errorInfo("ACCESS_TOKEN_EXPIRED", R"("service":"storage.googleapis.com")")));
}

TEST(OtherServiceTest, IsToldByTheTitleOfAnUnusedApi) {
  const auto refusalOf = [](const std::string& title) {
    const auto words = title + " has not been used in project 12 before or it is disabled.";
    return classify(403, {}, errorOf(403, "PERMISSION_DENIED", words), kNow);
  };
  for (const auto* title : {"Generative Language API", "Vertex AI API",
                            "Gemini Enterprise Agent Platform API", "Service Usage API"}) {
    EXPECT_FALSE(refusalOf(title).isNarrow) << title;
    EXPECT_EQ(refusalOf(title).reason, "service_disabled") << title;
  }
  EXPECT_TRUE(refusalOf("Cloud Storage API").isNarrow);
  EXPECT_EQ(refusalOf("Cloud Storage API").refusal, RefusalClass::DeadCredential);
}

TEST(SharedPoolTest, IsNotWhatAnErrorWithDetailsSpeaksOf) {
  const std::string details =
      R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{}]})";
  EXPECT_EQ(
      classify(429, {}, errorOf(429, "RESOURCE_EXHAUSTED", "Resource exhausted.", details), kNow)
          .refusal,
      Minute);
}

TEST(TooEarlyTest, IsAPassingFault) {
  EXPECT_EQ(classify(425, {}, "", kNow).refusal, RefusalClass::Transient);
}

}  // namespace
}  // namespace rondo::google
