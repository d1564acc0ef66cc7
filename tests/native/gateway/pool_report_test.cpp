// What an operator is told of the pool and its credentials, member by member.
#include <gtest/gtest.h>

#include "native/gateway/operator_questions.h"
#include "support/fake_board.h"

namespace rondo::gateway {
namespace {

using std::chrono::minutes;

const std::string kApiKey =
    R"({"type":"api_key","api_key":"AIzaKey","alias":"k","models":["gemini-2*"],"weight":3})";

json::Value credentialIn(const json::Value& answer, std::string_view alias) {
  for (const auto& each : answer["credentials"]) {
    if (each["alias"] == alias) return each;
  }
  return json::Value::object();
}

json::Value statusOf(PoolUnderTest& pool, std::string_view alias) {
  return credentialIn(ask(pool, "pool_status"), alias);
}

std::string writtenAt(Instant instant) { return formatRfc3339(instant); }

TEST(PoolReport, TellsWhatACredentialIs) {
  PoolUnderTest pool(1, {{"GCP_SERVICE_ACCOUNT_9", kApiKey}});
  const auto key = statusOf(pool, "k");
  EXPECT_EQ(key["variable"], "GCP_SERVICE_ACCOUNT_9");
  EXPECT_EQ(key["kind"], "api_key");
  EXPECT_TRUE(key["project"].is_null());
  EXPECT_EQ(json::dump(key["models"]), R"(["gemini-2*"])");
  EXPECT_EQ(key["weight"], 3);
  EXPECT_NE(key["backend"], key["kind"]);
  const auto user = statusOf(pool, "u1");
  EXPECT_EQ(user["kind"], "authorized_user");
  EXPECT_EQ(user["weight"], 1);
  EXPECT_NE(user["location"], user["project"]);
}

TEST(PoolReport, TellsHowLongATokenLasts) {
  PoolUnderTest pool(1, {{"GCP_SERVICE_ACCOUNT_9", kApiKey}});
  EXPECT_EQ(statusOf(pool, "u1")["token"]["state"], "none");
  EXPECT_EQ(statusOf(pool, "k")["token"]["state"], "not_needed");
  const Instant minted = pool.host.clock.now();
  pool.chat();
  const auto token = statusOf(pool, "u1")["token"];
  EXPECT_EQ(token["state"], "valid");
  EXPECT_EQ(token["minted"], writtenAt(minted));
  EXPECT_EQ(token["expires"], writtenAt(minted + std::chrono::seconds(3599)));
  pool.host.advance(minutes(55));
  EXPECT_EQ(statusOf(pool, "u1")["token"]["state"], "expiring");
  pool.host.advance(minutes(5));
  EXPECT_EQ(statusOf(pool, "u1")["token"]["state"], "expired");
}

TEST(PoolReport, CountsFailuresApartFromAttempts) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  const auto answer = ask(pool, "pool_status");
  EXPECT_EQ(credentialIn(answer, "u2")["attempts"], 1);
  EXPECT_EQ(credentialIn(answer, "u2")["failures"], 0);
}

TEST(PoolReport, TellsALastErrorWithAllThatIsKnownOfIt) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", apiIsOff());
  const Instant before = pool.host.clock.now();
  pool.chat();
  const auto error = statusOf(pool, "u1")["last_error"];
  EXPECT_EQ(error["at"], writtenAt(before));
  EXPECT_EQ(error["model"], kModel);
  EXPECT_EQ(error["message"], "The API is off.");
  EXPECT_EQ(error["remedy"], "Enable the API in the project `project-u1`.");
}

TEST(PoolReport, TakesAFaultOfTheRequestForNoErrorOfTheCredential) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", fake::answer(400, R"({"error":{"code":400,"status":)"
                                                R"("INVALID_ARGUMENT","message":"Odd."}})"));
  EXPECT_EQ(pool.chat().head->status, 400);
  EXPECT_TRUE(statusOf(pool, "u1")["last_error"].is_null());
}

TEST(PoolReport, TellsHowLongAPairStillRests) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", dayIsSpent());
  const Instant began = pool.host.clock.now();
  pool.chat();
  const auto whole = ask(pool, "pool_status")["cooling"][0];
  EXPECT_EQ(whole["reason"], "day");
  EXPECT_EQ(whole["since"], writtenAt(began));
  pool.host.advance(minutes(1));
  const auto later = ask(pool, "pool_status")["cooling"][0];
  EXPECT_EQ(whole["left_ms"].get<std::int64_t>() - later["left_ms"].get<std::int64_t>(), 60'000);
}

TEST(PoolReport, ListsModelsThatWereServedAndThoseThatAreNamed) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"({"gpt-4o":"gemini-4-neon"})"}});
  pool.chat();
  EXPECT_EQ(json::dump(ask(pool, "pool_status")["models"]),
            R"(["gemini-3.8-flash","gemini-4-neon"])");
}

// Their counts are found by it, and labels have no control characters.
TEST(PoolReport, HasNoCredentialWhoseAliasIsNoShortPlainText) {
  for (const std::string& alias :
       {std::string(R"(a\tb)"), std::string(R"(\u007f)"), std::string(65, 'a')}) {
    PoolUnderTest pool(0, {{"GCP_SERVICE_ACCOUNT_1",
                            R"({"type":"api_key","api_key":"AIzaKey","alias":")" + alias + "\"}"}});
    const auto answer = ask(pool, "pool_status");
    EXPECT_TRUE(answer["credentials"].empty()) << alias;
    ASSERT_EQ(answer["problems"].size(), 1U);
    EXPECT_EQ(answer["problems"][0]["fault"],
              "alias may hold at most 64 characters of plain ASCII");
  }
}

TEST(PoolReport, TellsWhatIsBound) {
  PoolUnderTest pool(1);
  EXPECT_EQ(json::dump(ask(pool, "pool_status")["bindings"]),
            R"({"kv":true,"pool":false,"store":false})");
  fake::FakeBoard board;
  pool.host.io.board = &board;
  EXPECT_EQ(json::dump(ask(pool, "pool_status")["bindings"]),
            R"({"kv":true,"pool":true,"store":false})");
}

// --- Why a model is served by whom ---------------------------------------------------------------

TEST(Explanation, TellsWhoIsNextAndWhoThen) {
  PoolUnderTest pool(3, {{"CREDENTIAL_STRATEGY", "least_used"}});
  const auto answer = explained(pool);
  EXPECT_EQ(answer["order"][0]["verdict"], "next");
  EXPECT_EQ(answer["order"][0]["place"], 1);
  EXPECT_EQ(answer["order"][1]["verdict"], "then");
  EXPECT_EQ(answer["order"][2]["verdict"], "then");
}

TEST(Explanation, TellsWhenTheFirstIsFreeAgain) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", dayIsSpent());
  const Instant began = pool.host.clock.now();
  pool.chat();
  const auto answer = explained(pool);
  EXPECT_EQ(answer["state"], "cooling");
  EXPECT_EQ(answer["earliest"], answer["order"][0]["until"]);
  EXPECT_EQ(answer["order"][0]["since"], writtenAt(began));
}

TEST(Explanation, TellsThatNobodyServesAModel) {
  PoolUnderTest pool(0, {{"GCP_SERVICE_ACCOUNT_9", kApiKey}});
  EXPECT_EQ(explained(pool)["state"], "unserved");
}

TEST(Explanation, NamesTheStrategy) {
  PoolUnderTest pool(1, {{"CREDENTIAL_STRATEGY", "sticky"}});
  EXPECT_EQ(explained(pool)["strategy"], "sticky");
}

// --- A test of a credential ----------------------------------------------------------------------

TEST(CredentialTest, LeavesItsRefusalAsTheLastError) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", apiIsOff());
  const auto answer = ask(pool, "test_credential", ofModel(kModel), "u1");
  EXPECT_EQ(answer["remedy"], "Enable the API in the project `project-u1`.");
  EXPECT_EQ(answer["token"]["ok"], true);
  EXPECT_EQ(statusOf(pool, "u1")["last_error"]["status"], 403);
}

TEST(CredentialTest, HasNoStatusWhereGoogleGaveNone) {
  PoolUnderTest pool(1);
  fake::Answer gone;
  gone.unreachable = true;
  pool.answers = allBut("u1", gone);
  const auto answer = ask(pool, "test_credential", ofModel(kModel), "u1");
  EXPECT_EQ(answer["ok"], false);
  EXPECT_TRUE(answer["status"].is_null());
  EXPECT_EQ(answer["class"], "transient");
}

TEST(CredentialTest, KnowsADeadTokenFromABrokenConnection) {
  PoolUnderTest pool(1);
  pool.host.fetcher.handler = [](const http::Request&) {
    return fake::answer(400, R"({"error":"invalid_grant","error_description":"Revoked."})");
  };
  const auto answer = ask(pool, "test_credential", ofModel(kModel), "u1");
  EXPECT_EQ(answer["class"], "dead_credential");
  EXPECT_EQ(answer["token"]["ok"], false);
}

TEST(CredentialTest, RenewsNoApiKey) {
  PoolUnderTest pool(0, {{"GCP_SERVICE_ACCOUNT_9", kApiKey}});
  pool.host.fetcher.handler = [](const http::Request&) { return fake::answer(401, ""); };
  ask(pool, "test_credential", ofModel("gemini-2-flash"), "k");
  EXPECT_EQ(pool.host.fetcher.calls.size(), 1U);
}

TEST(CredentialTest, FollowsAliases) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})"}});
  EXPECT_EQ(ask(pool, "test_credential", ofModel("gpt-4o"), "u1")["model"], kModel);
}

TEST(CredentialTest, TakesANamedModelThatTheCredentialServes) {
  PoolUnderTest pool(0, {{"GCP_SERVICE_ACCOUNT_9", kApiKey},
                         {"MODEL_ALIASES", R"({"a":"gemini-1-neon","b":"gemini-2-flash"})"}});
  pool.host.fetcher.handler = [](const http::Request&) {
    return fake::answer(200, greeting("Hi"));
  };
  EXPECT_EQ(ask(pool, "test_credential", {}, "k")["model"], "gemini-2-flash");
}

TEST(CredentialTest, IsATinyCall) {
  PoolUnderTest pool(1);
  ask(pool, "test_credential", ofModel(kModel), "u1");
  EXPECT_TRUE(pool.host.fetcher.calls.back().body.contains(R"("maxOutputTokens":16})"));
}

// --- A reset -------------------------------------------------------------------------------------

TEST(CredentialReset, FreesTheCredentialAtOnceAndLogsIt) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", apiIsOff());
  pool.chat();
  EXPECT_EQ(statusOf(pool, "u1")["state"], "quarantined");
  const auto answer = ask(pool, "reset_credential", {}, "u1");
  EXPECT_EQ(answer["credential"], "u1");
  EXPECT_EQ(answer["state"], "ready");
  EXPECT_EQ(statusOf(pool, "u1")["state"], "ready");
  EXPECT_TRUE(pool.host.logger.contains("credential_reset request= credential=u1"));
}

TEST(CredentialReset, KnowsOnlyCredentialsOfThePool) {
  PoolUnderTest pool(1);
  EXPECT_EQ(ask(pool, "reset_credential", {}, "u9")["error"]["code"], "credential_not_found");
}

TEST(CredentialReset, IsNoRecoveryOfWhoWasWell) {
  const std::string hook = "https://hooks.example/x";
  PoolUnderTest pool(1, {{"ALERT_WEBHOOK_URL", hook}});
  ask(pool, "reset_credential", {}, "u1");
  pool.host.advance(std::chrono::seconds(5));
  for (const auto& call : pool.host.fetcher.calls) EXPECT_NE(call.url, hook);
}

}  // namespace
}  // namespace rondo::gateway
