// What an operator is told of requests, member by member.
#include <gtest/gtest.h>

#include "native/gateway/operator_questions.h"
#include "support/fake_board.h"

namespace rondo::gateway {
namespace {

using std::chrono::seconds;

// Answers as `answers` do, after a while.
PoolUnderTest::Answers after(PoolUnderTest& pool, Millis span, PoolUnderTest::Answers answers) {
  return [&pool, span, answers](const std::string& user, const http::Request& request) {
    pool.host.clock.advance(span);
    return answers(user, request);
  };
}

fake::FakeReply chatAs(PoolUnderTest& pool, std::string client) {
  ClientRequest request;
  request.operation = "chat_completions";
  request.client.name = std::move(client);
  request.body = OwnedBytes::copyOf(kHello);
  return pool.serve(std::move(request));
}

json::Value requestsOf(PoolUnderTest& pool, OperatorQuery query = {}, std::string limit = {}) {
  ClientRequest request;
  request.operation = "recent_requests";
  request.query = std::move(query);
  request.page.limit = std::move(limit);
  return document(pool.serve(std::move(request)))["requests"];
}

TEST(RequestReport, TellsHowLongARequestAndEachAttemptTook) {
  PoolUnderTest pool(2);
  pool.answers = after(pool, Millis{40}, allBut("u1", dayIsSpent()));
  const Instant began = pool.host.clock.now();
  pool.chat();
  const auto one = requestsOf(pool)[0];
  EXPECT_EQ(one["at"], formatRfc3339(began));
  EXPECT_EQ(one["ms"], 80);
  EXPECT_EQ(one["first_byte_ms"], 80);
  EXPECT_TRUE(one["left"].is_null());
  EXPECT_EQ(one["attempts"][0]["ms"], 40);
  EXPECT_TRUE(one["attempts"][0]["until"].is_string());
  EXPECT_EQ(one["attempts"][1]["ms"], 40);
  EXPECT_TRUE(one["attempts"][1]["until"].is_null());
}

TEST(RequestReport, HasNoFirstByteWhereNothingWasAnswered) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  EXPECT_TRUE(requestsOf(pool)[0]["first_byte_ms"].is_null());
}

TEST(RequestReport, NamesTheModelThatAnswered) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})"}});
  pool.chat(R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]})");
  EXPECT_EQ(requestsOf(pool)[0]["model"], kModel);
}

TEST(RequestReport, IsFilteredByClientAndByWhoeverWasTried) {
  PoolUnderTest pool(2);
  pool.answers = allBut("u1", dayIsSpent());
  chatAs(pool, "alice");
  chatAs(pool, "bob");
  OperatorQuery ofAlice;
  ofAlice.client = "alice";
  const auto found = requestsOf(pool, ofAlice);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["client"], "alice");
  EXPECT_EQ(ask(pool, "recent_requests", {}, "u1")["requests"].size(), 1U);
}

TEST(RequestReport, HasAsManyRequestsAsAreAskedFor) {
  PoolUnderTest pool(1);
  for (int i = 0; i < 3; ++i) pool.chat();
  EXPECT_EQ(requestsOf(pool, {}, "2").size(), 2U);
  for (const std::string limit : {"", "999", "99999999999999999999"}) {
    EXPECT_EQ(requestsOf(pool, {}, limit).size(), 3U) << limit;
  }
}

void expectRefused(OperatorQuery query, std::string limit, std::string_view param) {
  PoolUnderTest pool(1);
  const std::string what = query.status + limit;
  ClientRequest request;
  request.operation = "recent_requests";
  request.query = std::move(query);
  request.page.limit = std::move(limit);
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 400) << what;
  EXPECT_EQ(document(reply)["error"]["param"], param) << what;
}

OperatorQuery ofStatus(std::string status) {
  OperatorQuery query;
  query.status = std::move(status);
  return query;
}

TEST(RequestReport, RefusesALimitThatIsNoneAndNamesIt) {
  for (const std::string limit : {"0", "-1", "many", "2x", " 2"}) expectRefused({}, limit, "limit");
}

TEST(RequestReport, RefusesAStatusThatIsNoneAndNamesIt) {
  for (const std::string status : {"9xx", "0xx", "xx", "4x", "600", "99", "4000", "ok", "4xxx"}) {
    expectRefused(ofStatus(status), {}, "status");
  }
  PoolUnderTest pool(1);
  for (const std::string status : {"", "200", "2xx", "5xx", "599"}) {
    EXPECT_TRUE(requestsOf(pool, ofStatus(status)).is_array()) << status;
  }
}

TEST(RequestReport, LeavesOutEverythingThatOperatorsAsk) {
  PoolUnderTest pool(1);
  for (const std::string operation :
       {"health", "reset_credential", "pool_status", "explain_model", "test_credential",
        "recent_requests", "counters_series", "settings_report", "metrics"}) {
    ask(pool, operation, ofModel(kModel), "u1");
  }
  EXPECT_EQ(requestsOf(pool).size(), 0U);
  EXPECT_EQ(ask(pool, "counters_series")["total"]["requests"][59], 0);
}

// --- Series --------------------------------------------------------------------------------------

TEST(SeriesReport, CountsByModelByCredentialAndByClient) {
  PoolUnderTest pool(2);
  pool.answers = after(pool, Millis{40}, allBut("u1", dayIsSpent()));
  chatAs(pool, "alice");
  const auto answer = ask(pool, "counters_series");
  const auto last = [](const json::Value& line, const char* column) { return line[column][59]; };
  const auto& model = answer["by_model"][kModel];
  EXPECT_EQ(last(model, "requests"), 1);
  EXPECT_EQ(last(model, "errors"), 0);
  EXPECT_EQ(last(model, "attempts"), 2);
  EXPECT_EQ(last(model, "completion_tokens"), 2);
  EXPECT_EQ(last(answer["by_client"]["alice"], "requests"), 1);
  EXPECT_EQ(last(answer["by_credential"]["u1"], "prompt_tokens"), 0);
  EXPECT_EQ(last(answer["by_credential"]["u2"], "prompt_tokens"), 3);
  EXPECT_EQ(last(answer["by_credential"]["u2"], "completion_tokens"), 2);
  EXPECT_TRUE(last(answer["by_credential"]["u2"], "latency_p50_ms").is_number());
  EXPECT_FALSE(answer["by_credential"]["u2"].contains("first_byte_p50_ms"));
}

TEST(SeriesReport, TellsAMedianFromWhatMostDoNotExceedAndTheFirstByteFromTheEnd) {
  PoolUnderTest pool(1);
  pool.answers = after(pool, Millis{40}, allBut("none", dayIsSpent()));
  for (int i = 0; i < 9; ++i) pool.chat();
  pool.answers = after(pool, seconds(9), allBut("none", dayIsSpent()));
  pool.chat();
  const auto total = ask(pool, "counters_series")["total"];
  const auto last = [&total](const char* name) { return total[name][59].get<int>(); };
  EXPECT_LT(last("latency_p50_ms"), 50);
  EXPECT_GT(last("latency_p95_ms"), 7500);
  EXPECT_LT(last("first_byte_p50_ms"), 50);
  EXPECT_GT(last("first_byte_p95_ms"), 7500);
}

TEST(SeriesReport, AsksTheBoardForTheSpanThatIsWanted) {
  PoolUnderTest pool(1);
  fake::FakeBoard board;
  pool.host.io.board = &board;
  for (const std::string span : {"", "hour", "day"}) ask(pool, "counters_series", ofSpan(span));
  using enum host::Board::Span;
  EXPECT_EQ(board.asked, (std::vector{Hour, Hour, Day}));
}

// --- Metrics -------------------------------------------------------------------------------------

TEST(MetricsReport, IsPrometheusText) {
  PoolUnderTest pool(1);
  EXPECT_EQ(header(pool.serve("metrics", ""), "content-type"),
            "text/plain; version=0.0.4; charset=utf-8");
}

TEST(MetricsReport, TellsOfWhomTheNumbersAreAndSinceWhen) {
  PoolUnderTest pool(1);
  const auto began = toUnixMillis(pool.host.clock.now()) / 1000;
  pool.host.advance(seconds(7));
  const auto text = pool.serve("metrics", "").body;
  EXPECT_TRUE(text.contains("rondo_scope_info{scope=\"isolate\"} 1\n")) << text;
  EXPECT_TRUE(text.contains("rondo_scope_start_time_seconds " + std::to_string(began) + "\n"));
}

TEST(MetricsReport, CountsWhatIsolatesHaveToldAndTellsFirst) {
  PoolUnderTest pool(1);
  fake::FakeBoard board;
  pool.host.io.board = &board;
  pool.chat();
  board.told.clear();
  pool.chat();
  const auto text = pool.serve("metrics", "").body;
  EXPECT_TRUE(text.contains("rondo_scope_info{scope=\"deployment\"} 1\n")) << text;
  // The board's sums know of none.
  EXPECT_FALSE(text.contains("rondo_requests_total{")) << text;
  ASSERT_EQ(board.told.size(), 1U);
  EXPECT_TRUE(board.told[0].contains("requests"));
}

TEST(MetricsReport, HasNoNumbersWhereTheSumsCantBeRead) {
  PoolUnderTest pool(1);
  fake::FakeBoard board;
  board.isBroken = true;
  pool.host.io.board = &board;
  const auto reply = pool.serve("metrics", "");
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorCode(reply), "counters_unavailable");
}

TEST(MetricsReport, CountsCredentialsByTheirState) {
  PoolUnderTest pool(3);
  pool.answers = allBut("u1", apiIsOff());
  pool.chat();
  const auto text = pool.serve("metrics", "").body;
  EXPECT_TRUE(text.contains("rondo_credentials{state=\"ready\"} 2\n")) << text;
  EXPECT_TRUE(text.contains("rondo_credentials{state=\"quarantined\"} 1\n"));
  EXPECT_TRUE(text.contains("rondo_credential_state{credential=\"u1\",state=\"quarantined\"} 1\n"));
  EXPECT_TRUE(text.contains("rondo_credential_state{credential=\"u1\",state=\"ready\"} 0\n"));
}

TEST(MetricsReport, CountsOnlyPairsThatStillRest) {
  PoolUnderTest pool(1);
  pool.answers = allBut("u1", dayIsSpent());
  pool.chat();
  EXPECT_TRUE(pool.serve("metrics", "").body.contains("rondo_resting_pairs 1\n"));
  pool.host.advance(std::chrono::hours(25));
  EXPECT_TRUE(pool.serve("metrics", "").body.contains("rondo_resting_pairs 0\n"));
}

TEST(MetricsReport, NamesNoMoreThanSixtyFourCredentials) {
  PoolUnderTest pool(66);
  const auto text = pool.serve("metrics", "").body;
  EXPECT_TRUE(text.contains("rondo_credentials{state=\"ready\"} 66\n"));
  EXPECT_TRUE(text.contains("{credential=\"u64\",state=\"ready\"} 1\n"));
  EXPECT_FALSE(text.contains("credential=\"u65\""));
}

// --- Settings ------------------------------------------------------------------------------------

TEST(SettingsOfTheWorker, AreToldWithTheirProblems) {
  PoolUnderTest pool(1, {{"CREDENTIAL_STRATEGY", "nonsense"}});
  OperatorQuery query;
  query.worker = R"({"problems":[{"variable":"CLIENT_KEYS","fault":"is no JSON"}]})";
  const auto problems = ask(pool, "settings_report", std::move(query))["problems"];
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_NE(problems[0]["fault"], "CREDENTIAL_STRATEGY");
  EXPECT_EQ(json::dump(problems[1]), R"({"variable":"CLIENT_KEYS","fault":"is no JSON"})");
}

}  // namespace
}  // namespace rondo::gateway
