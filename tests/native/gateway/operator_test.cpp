// What the operator is told, and a chat through one credential alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "native/gateway/operator_questions.h"

namespace rondo::gateway {
namespace {

// --- Explain -------------------------------------------------------------------------------------

TEST(Explain, TellsTheOrderThatIsThenFollowed) {
  PoolUnderTest pool(3);
  pool.chat();
  EXPECT_EQ(orderOf(explained(pool)), (Names{"u2", "u3", "u1"}));
  pool.callees.clear();
  pool.answers = [](const std::string&, const http::Request&) { return fake::answer(500, ""); };
  pool.chat();
  EXPECT_EQ(pool.callees, (Names{"u2", "u3", "u1"}));
}

TEST(Explain, ChangesNothing) {
  PoolUnderTest pool(3);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(orderOf(explained(pool)), (Names{"u1", "u2", "u3"}));
}

TEST(Explain, TellsWhoIsPassedOverAndWhy) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  const auto answer = explained(pool);
  EXPECT_EQ(answer["state"], "ready");
  EXPECT_EQ(orderOf(answer), (Names{"u2"}));
  const auto& line = answer["order"][1];
  EXPECT_EQ(line["verdict"], "cooling");
  EXPECT_EQ(line["reason"], "day");
  EXPECT_TRUE(line["place"].is_null());
  EXPECT_TRUE(line["until"].is_string());
}

TEST(Explain, TellsOfQuarantine) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", apiIsOff());
  pool.chat();
  const auto line = explained(pool)["order"][1];
  EXPECT_EQ(line["verdict"], "quarantined");
  EXPECT_EQ(line["reason"], "service_disabled");
}

TEST(Explain, TellsWhoseModelItIsNot) {
  PoolUnderTest pool(
      1, {{"GCP_SERVICE_ACCOUNT_9", R"({"type":"api_key","api_key":"AIzaKey","alias":"k",)"
                                    R"("models":["gemini-2*","gemma-*"]})"}});
  const auto line = explained(pool)["order"][1];
  EXPECT_EQ(line["verdict"], "not_its_model");
  EXPECT_EQ(line["reason"], "models: gemini-2*, gemma-*");
}

TEST(Explain, FollowsAliasesAndTellsFallbacks) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})"},
                         {"MODEL_FALLBACKS", R"({"gpt-4o":["gemini-3.5-flash-lite"]})"}});
  const auto answer = explained(pool, "gpt-4o");
  EXPECT_EQ(answer["asked"], "gpt-4o");
  EXPECT_EQ(answer["model"], kModel);
  EXPECT_EQ(answer["fallbacks"][0], "gemini-3.5-flash-lite");
}

TEST(Explain, WantsAModel) {
  PoolUnderTest pool(1);
  const auto answer = explained(pool, "");
  EXPECT_EQ(answer["error"]["param"], "model");
}

// --- The pool ------------------------------------------------------------------------------------

TEST(PoolStatus, HasACredentialWithItsTokenItsCountsAndItsLastError) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  const auto answer = ask(pool, "pool_status");
  const auto& one = answer["credentials"][0];
  EXPECT_EQ(one["alias"], "u1");
  EXPECT_EQ(one["project"], "project-u1");
  EXPECT_EQ(one["token"]["state"], "valid");
  EXPECT_EQ(one["attempts"], 1);
  EXPECT_EQ(one["failures"], 1);
  EXPECT_EQ(one["last_error"]["class"], "day");
  EXPECT_EQ(one["last_error"]["status"], 429);
  EXPECT_TRUE(answer["credentials"][1]["last_error"].is_null());
  EXPECT_EQ(answer["scope"], "isolate");
  EXPECT_EQ(answer["models"][0], kModel);
  ASSERT_EQ(answer["cooling"].size(), 1U);
  EXPECT_EQ(answer["cooling"][0]["credential"], "u1");
  EXPECT_EQ(answer["cooling"][0]["model"], kModel);
}

TEST(PoolStatus, TellsWhetherClientsMayHaveSomethingKept) {
  PoolUnderTest pool(1);
  EXPECT_EQ(ask(pool, "pool_status")["bindings"]["store"], false);
  Configuration configuration;
  configuration.store = StoreBinding::Present;
  pool.gateway.emplace(std::move(configuration), pool.host.host);
  EXPECT_EQ(ask(pool, "pool_status")["bindings"]["store"], true);
}

TEST(PoolStatus, TellsWhatToDoAboutAQuarantineAndWhere) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", apiIsOff());
  pool.chat();
  const auto one = ask(pool, "pool_status")["credentials"][0];
  EXPECT_EQ(one["state"], "quarantined");
  EXPECT_EQ(one["reason"], "service_disabled");
  EXPECT_EQ(one["remedy"], "Enable the API in the project `project-u1`.");
  EXPECT_EQ(one["link"], "https://console.example/enable");
  EXPECT_EQ(one["last_error"]["link"], "https://console.example/enable");
}

TEST(PoolStatus, TellsOfAModelThatRestsForAll) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", fake::answer(503, R"({"error":{"code":503,"status":"UNAVAILABLE",)"
                                                R"("message":"The model is overloaded."}})"));
  pool.chat();
  const auto cooling = ask(pool, "pool_status")["cooling"];
  ASSERT_EQ(cooling.size(), 1U);
  EXPECT_TRUE(cooling[0]["credential"].is_null());
}

TEST(PoolStatus, TellsWhatIsWrongWithVariables) {
  PoolUnderTest pool(1, {{"GCP_SERVICE_ACCOUNT_7", "{"}, {"MAX_ATTEMPTS", "many"}});
  const auto problems = ask(pool, "pool_status")["problems"];
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0]["variable"], "MAX_ATTEMPTS");
  EXPECT_EQ(problems[1]["variable"], "GCP_SERVICE_ACCOUNT_7");
}

// --- A test --------------------------------------------------------------------------------------

TEST(TestOfACredential, MakesOneCallThroughItWhateverCools) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  pool.answers = allBut("none", dayIsSpent());
  pool.callees.clear();
  const auto answer = ask(pool, "test_credential", ofModel(kModel), "u1");
  EXPECT_EQ(pool.callees, (Names{"u1"}));
  EXPECT_EQ(answer["ok"], true);
  EXPECT_EQ(answer["status"], 200);
  EXPECT_TRUE(answer["class"].is_null());
  EXPECT_EQ(explained(pool)["order"][1]["verdict"], "cooling");
}

TEST(TestOfACredential, TellsARefusalWithItsRemedy) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", apiIsOff());
  const auto answer = ask(pool, "test_credential", ofModel(kModel), "u1");
  EXPECT_EQ(answer["ok"], false);
  EXPECT_EQ(answer["status"], 403);
  EXPECT_EQ(answer["class"], "dead_credential");
  EXPECT_EQ(answer["message"], "The API is off.");
  EXPECT_EQ(answer["link"], "https://console.example/enable");
  EXPECT_EQ(ask(pool, "pool_status")["credentials"][0]["state"], "ready");
}

TEST(TestOfACredential, RenewsATokenThatIsRefusedOnce) {
  PoolUnderTest pool(1);
  int calls = 0;
  pool.answers = [&calls](const std::string&, const http::Request&) {
    return ++calls == 1 ? fake::answer(401, "") : fake::answer(200, greeting("Hi"));
  };
  EXPECT_EQ(ask(pool, "test_credential", ofModel(kModel), "u1")["ok"], true);
  EXPECT_EQ(pool.mints, 2);
}

TEST(TestOfACredential, CountsAsAnAttemptAndAsNoRequest) {
  PoolUnderTest pool(1);
  ask(pool, "test_credential", ofModel(kModel), "u1");
  EXPECT_EQ(ask(pool, "pool_status")["credentials"][0]["attempts"], 1);
  EXPECT_EQ(ask(pool, "recent_requests")["requests"].size(), 0U);
}

TEST(TestOfACredential, TakesAModelThatWasServedWhenNoneIsNamed) {
  PoolUnderTest pool(1);
  pool.chat();
  EXPECT_EQ(ask(pool, "test_credential", {}, "u1")["model"], kModel);
}

TEST(TestOfACredential, KnowsOnlyCredentialsOfThePool) {
  PoolUnderTest pool(1);
  EXPECT_EQ(ask(pool, "test_credential", {}, "u9")["error"]["code"], "credential_not_found");
}

// --- A chat through one credential ---------------------------------------------------------------

TEST(PinnedChat, GoesThroughThatCredentialAlone) {
  PoolUnderTest pool(3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(chatThrough(pool, "u2").head->status, 200);
  EXPECT_EQ(pool.callees, (Names{"u2", "u2", "u2"}));
}

TEST(PinnedChat, TriesNoOtherOneWhenItIsRefused) {
  PoolUnderTest pool(3);
  pool.answers = allBut("u2", dayIsSpent());
  const auto reply = chatThrough(pool, "u2");
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_EQ(pool.callees, (Names{"u2"}));
  const auto again = chatThrough(pool, "u2");
  EXPECT_EQ(again.head->status, 429);
  EXPECT_EQ(document(again)["error"]["message"],
            "The credential `u2` cools for the model `gemini-3.8-flash`: day. No other one can "
            "serve what is asked of it, or lies with it.");
  EXPECT_EQ(pool.callees, (Names{"u2"}));
}

TEST(PinnedChat, LeavesTheTurnsOfOthersAsTheyAre) {
  PoolUnderTest pool(3);
  chatThrough(pool, "u2");
  pool.chat();
  EXPECT_EQ(pool.callees, (Names{"u2", "u1"}));
}

TEST(PinnedChat, SaysThatACredentialIsOut) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u2", apiIsOff());
  chatThrough(pool, "u2");
  const auto reply = chatThrough(pool, "u2");
  EXPECT_EQ(errorCode(reply), "credentials_unavailable");
}

TEST(PinnedChat, TakesNoOtherModel) {
  PoolUnderTest pool(2, {{"MODEL_FALLBACKS", R"({"gemini-3.8-flash":["gemini-4-neon"]})"}});
  pool.answers = allBut("u2", dayIsSpent());
  EXPECT_EQ(chatThrough(pool, "u2").head->status, 429);
}

TEST(PinnedChat, RestsNoModelForOthersWhenGoogleFails) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u2", fake::answer(500, ""));
  chatThrough(pool, "u2");
  EXPECT_EQ(explained(pool)["state"], "ready");
}

TEST(PinnedChat, KnowsOnlyCredentialsOfThePool) {
  PoolUnderTest pool(1);
  EXPECT_EQ(errorCode(chatThrough(pool, "u9")), "credential_not_found");
}

// --- Requests ------------------------------------------------------------------------------------

TEST(RecentRequests, TellARequestWithItsAttempts) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  const auto requests = ask(pool, "recent_requests")["requests"];
  ASSERT_EQ(requests.size(), 1U);
  const auto& one = requests[0];
  EXPECT_EQ(one["operation"], "chat_completions");
  EXPECT_EQ(one["model"], kModel);
  EXPECT_EQ(one["status"], 200);
  EXPECT_EQ(one["credential"], "u2");
  EXPECT_EQ(one["prompt_tokens"], 3);
  EXPECT_EQ(one["completion_tokens"], 2);
  EXPECT_TRUE(one["error"].is_null());
  ASSERT_EQ(one["attempts"].size(), 2U);
  EXPECT_EQ(one["attempts"][0]["outcome"], "day");
  EXPECT_EQ(one["attempts"][1]["outcome"], "ok");
}

TEST(RecentRequests, TellTheErrorThatAClientGot) {
  PoolUnderTest pool(0);
  pool.chat();
  EXPECT_EQ(ask(pool, "recent_requests")["requests"][0]["error"], "no_credentials");
}

TEST(RecentRequests, AreFiltered) {
  PoolUnderTest pool(1);
  pool.chat();
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  const auto count = [&pool](OperatorQuery query, std::string credential = {}) {
    return ask(pool, "recent_requests", std::move(query), std::move(credential))["requests"].size();
  };
  EXPECT_EQ(count(ofStatus("200")), 1U);
  EXPECT_EQ(count(ofStatus("4xx")), 1U);
  EXPECT_EQ(count(ofStatus("5xx")), 0U);
  EXPECT_EQ(count(ofModel("another")), 0U);
  EXPECT_EQ(count({}, "u1"), 2U);
  EXPECT_EQ(count({}, "u2"), 0U);
}

TEST(RecentRequests, LeaveOutWhatIsAskedOfRondoItself) {
  PoolUnderTest pool(1);
  ask(pool, "pool_status");
  ask(pool, "health");
  ask(pool, "metrics");
  EXPECT_EQ(ask(pool, "recent_requests")["requests"].size(), 0U);
}

// --- Points --------------------------------------------------------------------------------------

class FakePoints : public host::Points {
 public:
  void add(std::string_view index, std::span<const std::string_view> texts,
           std::span<const std::int64_t> numbers) override {
    indexes.emplace_back(index);
    lastTexts.assign(texts.begin(), texts.end());
    lastNumbers.assign(numbers.begin(), numbers.end());
  }

  std::vector<std::string> indexes;
  std::vector<std::string> lastTexts;
  std::vector<std::int64_t> lastNumbers;
};

// Makes the pool's gateway anew: one that leaves points.
void noteAll(PoolUnderTest& pool, FakePoints& points, credentials::Environment environment = {}) {
  Configuration configuration;
  configuration.environment = std::move(environment);
  configuration.kv = KvBinding::Present;
  configuration.points = &points;
  pool.gateway.emplace(std::move(configuration), pool.host.host);
}

TEST(Points, AreOneForEachRequestWithWhatIsKnownOfIt) {
  PoolUnderTest pool(0);
  FakePoints points;
  noteAll(pool, points);
  ClientRequest request;
  request.operation = "chat_completions";
  request.client.name = "alice";
  request.body = OwnedBytes::copyOf(kHello);
  pool.serve(std::move(request));
  ask(pool, "pool_status");
  EXPECT_EQ(points.indexes, Names{"alice"});
  EXPECT_EQ(points.lastTexts,
            (Names{"chat_completions", "alice", kModel, "", "", "no_credentials", ""}));
  EXPECT_EQ(points.lastNumbers, (std::vector<std::int64_t>{503, 0, -1, 0, -1, -1}));
}

TEST(Points, HaveAnIndexOfNinetySixBytesAtMost) {
  PoolUnderTest pool(0);
  FakePoints points;
  noteAll(pool, points);
  ClientRequest request;
  request.operation = "chat_completions";
  for (int i = 0; i < 64; ++i) request.client.name += "\u00fc";
  request.body = OwnedBytes::copyOf(kHello);
  pool.serve(std::move(request));
  EXPECT_EQ(points.indexes.at(0).size(), 96U);
  EXPECT_EQ(points.lastTexts.at(1).size(), 128U);
}

TEST(Points, AreNoneForATestOfACredential) {
  PoolUnderTest pool(0);
  FakePoints points;
  noteAll(pool, points,
          {{"GCP_SERVICE_ACCOUNT_1", R"({"type":"api_key","api_key":"AIzaKey","alias":"k"})"}});
  pool.host.fetcher.handler = [](const http::Request&) {
    return fake::answer(200, greeting("Hi"));
  };
  EXPECT_EQ(ask(pool, "test_credential", ofModel(kModel), "k")["ok"], true);
  EXPECT_EQ(points.indexes, Names{});
}

// --- Series and metrics --------------------------------------------------------------------------

TEST(Series, CountByTheMinuteByModelCredentialAndClient) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  const auto answer = ask(pool, "counters_series", ofSpan("hour"));
  EXPECT_EQ(answer["step_ms"], 60'000);
  ASSERT_EQ(answer["at"].size(), 60U);
  EXPECT_EQ(answer["total"]["requests"][59], 1);
  EXPECT_EQ(answer["total"]["attempts"][59], 2);
  EXPECT_EQ(answer["total"]["requests"][58], 0);
  EXPECT_TRUE(answer["total"]["latency_p50_ms"][58].is_null());
  EXPECT_EQ(answer["by_model"][kModel]["prompt_tokens"][59], 3);
  EXPECT_EQ(answer["by_credential"]["u1"]["errors"][59], 1);
  EXPECT_FALSE(answer["by_credential"]["u1"].contains("requests"));
}

TEST(Series, OfADayGoByTheQuarterOfAnHour) {
  PoolUnderTest pool(1);
  pool.chat();
  const auto answer = ask(pool, "counters_series", ofSpan("day"));
  EXPECT_EQ(answer["step_ms"], 900'000);
  ASSERT_EQ(answer["at"].size(), 96U);
  EXPECT_EQ(answer["total"]["requests"][95], 1);
}

TEST(Series, HaveNoNameThatAClientInvented) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) { return fake::answer(404, ""); };
  pool.chat(R"({"model":"invented","messages":[{"role":"user","content":"x"}]})");
  const auto answer = ask(pool, "counters_series");
  EXPECT_EQ(answer["by_model"]["unknown"]["requests"][59], 1);
  EXPECT_FALSE(answer["by_model"].contains("invented"));
}

TEST(Series, HaveNoOtherSpan) {
  PoolUnderTest pool(1);
  EXPECT_EQ(ask(pool, "counters_series", ofSpan("week"))["error"]["param"], "span");
}

TEST(Metrics, CountMintsAndCoolDowns) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  const auto text = pool.serve("metrics", "").body;
  EXPECT_TRUE(text.contains("rondo_tokens_minted_total{outcome=\"ok\"} 2\n")) << text;
  EXPECT_TRUE(text.contains("rondo_cool_downs_total{reason=\"day\"} 1\n"));
  EXPECT_TRUE(text.contains("rondo_credential_state{credential=\"u1\",state=\"ready\"} 1\n"));
  EXPECT_TRUE(text.contains("rondo_resting_pairs 1\n"));
}

// --- Settings ------------------------------------------------------------------------------------

TEST(SettingsReport, TellsWhatHoldsAndWhatIsASecret) {
  PoolUnderTest pool(1, {{"MAX_ATTEMPTS", "2"},
                         {"ALERT_WEBHOOK_URL", "https://hooks.example/canary"},
                         {"CREDENTIAL_STRATEGY", "nonsense"}});
  OperatorQuery query;
  query.worker = R"({"settings":[{"name":"MAX_BODY_BYTES"}],"clients":[1]})";
  const auto answer = ask(pool, "settings_report", std::move(query));
  const auto find = [&answer](std::string_view name) {
    for (const auto& line : answer["settings"]) {
      if (line["name"] == name) return line;
    }
    return json::Value();
  };
  EXPECT_EQ(find("MAX_ATTEMPTS")["value"], "2");
  EXPECT_EQ(find("MAX_ATTEMPTS")["default"], "4");
  EXPECT_EQ(find("MAX_ATTEMPTS")["set"], true);
  EXPECT_EQ(find("CREDENTIAL_STRATEGY")["value"], "round_robin");
  EXPECT_EQ(find("GCP_SERVICE_ACCOUNT_1")["secret"], true);
  EXPECT_TRUE(find("ALERT_WEBHOOK_URL")["value"].is_null());
  EXPECT_EQ(find("ALERT_WEBHOOK_URL")["set"], true);
  EXPECT_EQ(find("MAX_BODY_BYTES")["name"], "MAX_BODY_BYTES");
  EXPECT_EQ(answer["problems"][0]["variable"], "CREDENTIAL_STRATEGY");
  EXPECT_EQ(answer["clients"][0], 1);
  EXPECT_FALSE(json::dump(answer).contains("canary"));
}

TEST(SettingsReport, ShowsNoNameThatDoesNotHold) {
  PoolUnderTest pool(1, {{"GOOGLE_CLOUD_PROJECT", "a project"}, {"GOOGLE_CLOUD_LOCATION", "a/b"}});
  const json::Value report = ask(pool, "settings_report");
  const auto shown = [&](std::string_view name) {
    const auto& lines = report["settings"];
    return *std::ranges::find_if(lines, [&](const auto& line) { return line["name"] == name; });
  };
  EXPECT_TRUE(shown("GOOGLE_CLOUD_PROJECT")["value"].is_null());
  EXPECT_EQ(shown("GOOGLE_CLOUD_LOCATION")["value"], "global");
}

}  // namespace
}  // namespace rondo::gateway
