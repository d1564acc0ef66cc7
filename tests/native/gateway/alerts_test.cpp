#include "gateway/alerts.h"

#include <gtest/gtest.h>

#include "support/fake_board.h"
#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

using std::chrono::minutes;

const std::string kHook = "https://hooks.example/secret-path";

struct Isolate {
  Isolate() {
    settings.alertUrl = Secret(kHook);
    host.fetcher.handler = [this](const http::Request&) { return fake::answer(status, ""); };
  }

  void send() { host.run(sendAll()); }

  std::vector<json::Value> posts() const {
    std::vector<json::Value> posts;
    for (const auto& call : host.fetcher.calls) posts.push_back(*json::parse(call.body));
    return posts;
  }

  int status = 200;
  Settings settings;
  fake::FakeHost host;
  Alerts alerts{settings, host.host};

 private:
  Task<bool> sendAll() {
    co_await alerts.send(host.io);
    co_return true;
  }
};

TEST(Alerts, PostOnceWhatThereIsToTell) {
  Isolate isolate;
  isolate.alerts.quarantined("main", "service_disabled", "Enable the API.");
  isolate.send();
  isolate.send();
  ASSERT_EQ(isolate.host.fetcher.calls.size(), 1U);
  const auto& call = isolate.host.fetcher.calls[0];
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.url, kHook);
  EXPECT_EQ(call.timeout, Millis{5000});
  const auto body = isolate.posts()[0];
  EXPECT_EQ(body["event"], "credential_quarantined");
  EXPECT_EQ(body["subject"], "main");
  EXPECT_EQ(body["text"],
            "Rondo: the credential `main` is out (service_disabled). Enable the API.");
}

TEST(Alerts, TellWhenItHappenedAndAreLogged) {
  Isolate isolate;
  const Instant happened = isolate.host.clock.now();
  isolate.alerts.quarantined("main", "gone", "");
  isolate.host.advance(minutes(1));
  isolate.send();
  EXPECT_EQ(isolate.posts()[0]["at"], formatRfc3339(happened));
  EXPECT_TRUE(isolate.host.logger.contains("alert_sent about=credential_quarantined subject=main"));
}

TEST(Alerts, TellWhenASpentModelIsFreeAgain) {
  Isolate isolate;
  isolate.alerts.spent("m", fromUnixMillis(0));
  isolate.alerts.spent("n", {});
  isolate.send();
  EXPECT_EQ(isolate.posts()[0]["text"],
            "Rondo: every credential has spent its day's quota for `m`. The first is free again at "
            "1970-01-01T00:00:00.000Z.");
  EXPECT_EQ(isolate.posts()[1]["text"],
            "Rondo: every credential has spent its day's quota for `n`.");
}

TEST(Alerts, WaitSixteenAtMost) {
  Isolate isolate;
  for (int i = 0; i < 20; ++i) isolate.alerts.quarantined(std::to_string(i), "gone", "");
  isolate.send();
  EXPECT_EQ(isolate.posts().size(), 16U);
}

TEST(Alerts, AreTwoHundredAndFiftySixInTenMinutesAtMost) {
  Isolate isolate;
  for (int i = 0; i < 300; ++i) {
    isolate.alerts.quarantined(std::to_string(i), "gone", "");
    isolate.send();
  }
  EXPECT_EQ(isolate.posts().size(), 256U);
}

TEST(Alerts, ThatAreSentElsewhereHaveFailed) {
  Isolate isolate;
  isolate.status = 302;
  isolate.alerts.quarantined("main", "gone", "");
  isolate.send();
  EXPECT_TRUE(isolate.host.logger.contains(
      "alert_failed about=credential_quarantined subject=main status=302"));
}

TEST(Alerts, AreOffWithoutAnAddress) {
  Isolate isolate;
  isolate.settings.alertUrl = {};
  isolate.alerts.quarantined("main", "gone", "");
  isolate.alerts.spent("m", {});
  isolate.alerts.credentialWell("main");
  isolate.send();
  EXPECT_TRUE(isolate.host.fetcher.calls.empty());
}

TEST(Alerts, SayTheSameNotAgainWithinTenMinutes) {
  Isolate isolate;
  isolate.alerts.quarantined("main", "gone", "");
  isolate.send();
  isolate.host.advance(minutes(9));
  isolate.alerts.quarantined("main", "gone", "");
  isolate.alerts.quarantined("second", "gone", "");
  isolate.send();
  EXPECT_EQ(isolate.posts().size(), 2U);
  isolate.host.advance(minutes(1));
  isolate.alerts.quarantined("main", "gone", "");
  isolate.send();
  EXPECT_EQ(isolate.posts().size(), 3U);
}

TEST(Alerts, SayAtOnceThatWhatHasEndedIsSoAgain) {
  Isolate isolate;
  const auto tellAll = [&isolate] {
    isolate.alerts.quarantined("main", "gone", "");
    isolate.alerts.credentialWell("main");
    isolate.alerts.spent("m", {});
    isolate.alerts.modelWell("m");
    isolate.send();
  };
  tellAll();
  tellAll();
  EXPECT_EQ(isolate.posts().size(), 8U);
}

TEST(Alerts, TellThatAModelIsWellOnlyWhenItWasSpent) {
  Isolate isolate;
  isolate.alerts.modelWell("m");
  isolate.alerts.spent("m", isolate.host.clock.now());
  isolate.alerts.modelWell("m");
  isolate.alerts.modelWell("m");
  isolate.send();
  ASSERT_EQ(isolate.posts().size(), 2U);
  EXPECT_EQ(isolate.posts()[0]["event"], "model_spent");
  EXPECT_EQ(isolate.posts()[1]["event"], "model_well");
}

TEST(Alerts, RememberSixtyFourSpentModelsAtMost) {
  Isolate isolate;
  for (int i = 1; i <= 65; ++i) {
    isolate.alerts.spent(std::to_string(i), {});
    isolate.send();
  }
  isolate.alerts.modelWell("64");
  isolate.alerts.modelWell("65");
  isolate.send();
  ASSERT_EQ(isolate.posts().size(), 66U);
  EXPECT_EQ(isolate.posts()[65]["subject"], "64");
}

TEST(Alerts, LeaveTheWordToAnotherIsolateThatHasHadIt) {
  Isolate isolate;
  fake::FakeBoard board;
  board.isFirstAnswer = false;
  isolate.host.io.board = &board;
  isolate.alerts.quarantined("main", "gone", "");
  isolate.send();
  EXPECT_TRUE(isolate.host.fetcher.calls.empty());
  EXPECT_EQ(board.sayings, std::vector<std::string>{"alert|credential_quarantined|main"});
  EXPECT_EQ(board.remembersUntil, isolate.host.clock.now() + minutes(10));
  EXPECT_TRUE(board.forgotten.empty());
}

TEST(Alerts, LetAllIsolatesSayAgainWhatTheyHaveSaidTheEndOf) {
  Isolate isolate;
  fake::FakeBoard board;
  isolate.host.io.board = &board;
  isolate.alerts.quarantined("main", "gone", "");
  isolate.send();
  EXPECT_EQ(board.forgotten, std::vector<std::string>{"alert|credential_well|main"});
  isolate.alerts.credentialWell("main");
  isolate.send();
  EXPECT_EQ(board.forgotten.back(), "alert|credential_quarantined|main");
}

TEST(Alerts, ThatFailAreTriedTwiceMoreWhereThatMayHelp) {
  for (const auto& [status, posts] :
       {std::pair{500, 3U}, std::pair{429, 3U}, std::pair{404, 1U}, std::pair{302, 1U}}) {
    Isolate isolate;
    isolate.status = status;
    isolate.alerts.quarantined("main", "gone", "");
    for (int time = 0; time < 5; ++time) isolate.send();
    EXPECT_EQ(isolate.host.fetcher.calls.size(), posts) << status;
  }
}

TEST(Alerts, ThatFailedAreToldByWhoHasTheWord) {
  Isolate isolate;
  fake::FakeBoard board;
  isolate.host.io.board = &board;
  isolate.status = 503;
  isolate.alerts.quarantined("main", "gone", "");
  isolate.send();
  board.isFirstAnswer = false;
  isolate.status = 204;
  isolate.send();
  EXPECT_EQ(isolate.host.fetcher.calls.size(), 2U);
  EXPECT_EQ(board.sayings.size(), 1U);
}

TEST(Alerts, ThatFailCostALogLineWithoutTheAddress) {
  Isolate isolate;
  isolate.status = 500;
  isolate.alerts.quarantined("main", "gone", "");
  isolate.send();
  EXPECT_TRUE(isolate.host.logger.contains(
      "alert_failed about=credential_quarantined subject=main status=500"));
  EXPECT_FALSE(isolate.host.logger.contains("secret-path"));
}

TEST(Alerts, ThatAreGivenUpOnTheirWayAreSentByAnother) {
  Isolate isolate;
  isolate.alerts.quarantined("main", "gone", "");
  isolate.host.fetcher.holding = true;
  {
    auto sending = isolate.alerts.send(isolate.host.io);
    sending.start();
  }
  isolate.host.fetcher.holding = false;
  isolate.send();
  EXPECT_EQ(isolate.host.fetcher.calls.size(), 2U);
}

TEST(AlertBody, IsWhatTheHostShows) {
  const News news{"model_spent", "m", "Words.", Instant{}};
  EXPECT_EQ(alertBody("https://hooks.slack.com/services/T/B/x", news), R"({"text":"Words."})");
  for (const std::string host : {"discord.com", "discordapp.com"}) {
    EXPECT_EQ(alertBody("https://" + host + "/api/webhooks/1/x", news),
              R"({"content":"Words.","allowed_mentions":{"parse":[]}})");
  }
  EXPECT_EQ(
      alertBody("https://slack.com.example/x", news),
      R"({"event":"model_spent","subject":"m","text":"Words.","at":"1970-01-01T00:00:00.000Z"})");
}

TEST(AlertBody, IsNoLongerThanDiscordTakes) {
  const News news{"credential_quarantined", "m", std::string(1999, 'a') + "\u00e9\u00e9",
                  Instant{}};
  const auto discord = *json::parse(alertBody("https://discord.com/api/webhooks/1/x", news));
  EXPECT_EQ(discord["content"], std::string(1999, 'a'));
  const auto slack = *json::parse(alertBody("https://hooks.slack.com/services/T/B/x", news));
  EXPECT_EQ(slack["text"], news.text);
}

TEST(AlertBody, MentionsNobodyWhoeverMadeTheWords) {
  const News news{"credential_quarantined", "m", "Off: <!channel> <https://a.example|b> @everyone",
                  Instant{}};
  EXPECT_EQ(alertBody("https://hooks.slack.com/services/T/B/x", news),
            R"({"text":"Off: &lt;!channel&gt; &lt;https://a.example|b&gt; @everyone"})");
  const auto discord = *json::parse(alertBody("https://discord.com/api/webhooks/1/x", news));
  EXPECT_EQ(discord["content"], news.text);
  EXPECT_TRUE(discord["allowed_mentions"]["parse"].empty());
}

TEST(AlertAddress, IsHttpsOrOnThisMachine) {
  const auto read = [](std::string url) {
    return readSettings({{"ALERT_WEBHOOK_URL", std::move(url)}});
  };
  EXPECT_EQ(read(kHook).settings.alertUrl.reveal(), kHook);
  EXPECT_FALSE(read("http://localhost:9/x").settings.alertUrl.empty());
  for (const std::string bad : {"http://hooks.example/secret", "ftp://x/secret", "secret"}) {
    const auto settings = read(bad);
    EXPECT_TRUE(settings.settings.alertUrl.empty()) << bad;
    ASSERT_EQ(settings.problems.size(), 1U);
    EXPECT_EQ(settings.problems[0].fault, "is not an https URL");
  }
}

// --- From the pool -------------------------------------------------------------------------------

fake::Answer refused(int status, std::string error) {
  return fake::answer(status, R"({"error":{)" + std::move(error) + "}}");
}

// Keeps what goes to the webhook apart from what goes to Google.
struct PoolWithHook {
  explicit PoolWithHook(int users) : pool(users, {{"ALERT_WEBHOOK_URL", kHook}}) {
    auto google = pool.host.fetcher.handler;
    pool.host.fetcher.handler = [this, google](const http::Request& request) {
      if (request.url != kHook) return google(request);
      events.push_back(std::string(*json::findString(*json::parse(request.body), "event")));
      return fake::answer(204, "");
    };
  }

  fake::FakeReply chat() {
    auto reply = pool.chat();
    pool.host.advance(std::chrono::seconds(5));
    return reply;
  }

  PoolUnderTest pool;
  std::vector<std::string> events;
};

TEST(ThePool, TellsOfAQuarantineAndOfItsEnd) {
  PoolWithHook hooked(1);
  bool isOff = true;
  hooked.pool.answers = [&isOff](const std::string&, const http::Request&) {
    return isOff ? refused(403, R"("code":403,"status":"PERMISSION_DENIED","message":"Off.",)"
                                R"("details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",)"
                                R"("reason":"SERVICE_DISABLED","domain":"googleapis.com"}])")
                 : fake::answer(200, greeting("Hi"));
  };
  hooked.chat();
  EXPECT_EQ(hooked.events, std::vector<std::string>{"credential_quarantined"});
  isOff = false;
  hooked.pool.host.advance(minutes(11));
  EXPECT_EQ(hooked.chat().head->status, 200);
  EXPECT_EQ(hooked.events.back(), "credential_well");
}

TEST(ThePool, TellsWhenTheLastCredentialHasSpentItsDay) {
  PoolWithHook hooked(2);
  std::string spent = "u1";
  hooked.pool.answers = [&spent](const std::string& user, const http::Request&) {
    return spent.contains(user)
               ? refused(429,
                         R"("code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota.",)"
                         R"("details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure",)"
                         R"("violations":[{"quotaId":"RequestsPerDayPerProjectPerModel"}]}])")
               : fake::answer(200, greeting("Hi"));
  };
  hooked.chat();
  EXPECT_TRUE(hooked.events.empty());
  spent = "u1 u2";
  EXPECT_EQ(hooked.chat().head->status, 429);
  EXPECT_EQ(hooked.events, std::vector<std::string>{"model_spent"});
  spent = "";
  hooked.pool.host.advance(std::chrono::hours(25));
  EXPECT_EQ(hooked.chat().head->status, 200);
  EXPECT_EQ(hooked.events.back(), "model_well");
}

TEST(TheGateway, TellsTheBoardWhatItCountsOnceInTenSeconds) {
  PoolUnderTest pool(1);
  fake::FakeBoard board;
  pool.host.io.board = &board;
  pool.chat();
  pool.chat();
  EXPECT_EQ(board.told.size(), 1U);
  pool.host.advance(std::chrono::seconds(10));
  pool.chat();
  ASSERT_EQ(board.told.size(), 2U);
  EXPECT_TRUE(board.told[1].contains(R"("total",[2,)")) << board.told[1];
}

TEST(TheGateway, ShowsTheBoardsSumsAndWhatItHasNotToldYet) {
  PoolUnderTest pool(1);
  fake::FakeBoard board;
  pool.host.io.board = &board;
  pool.chat();
  pool.chat();
  const auto answer = document(pool.serve("pool_status", ""));
  EXPECT_EQ(answer["scope"], "deployment");
  EXPECT_EQ(answer["credentials"][0]["attempts"], 1);
}

TEST(TheGateway, ShowsSixtyFourNamesOfAllIsolatesAndTheOthersAsOne) {
  PoolUnderTest pool(1);
  fake::FakeBoard board;
  pool.host.io.board = &board;
  const Instant minute = std::chrono::floor<std::chrono::minutes>(pool.host.clock.now());
  std::string rows;
  for (int i = 100; i < 200; ++i) {
    rows += (rows.empty() ? "[" : ",[") + std::to_string(toUnixMillis(minute)) + R"(,"client\t)" +
            std::to_string(i) + R"(",[1]])";
  }
  board.answer = R"({"minutes":[)" + rows + "]}";
  const auto clients = document(pool.serve("counters_series", ""))["by_client"];
  EXPECT_EQ(clients.size(), 65U);
  EXPECT_EQ(clients["other"]["requests"][59], 36);
}

}  // namespace
}  // namespace rondo::gateway
