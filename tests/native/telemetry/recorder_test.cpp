#include "telemetry/recorder.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/fake_host.h"

namespace rondo::telemetry {
namespace {

using std::chrono::minutes;

RequestEntry request(int status = 200) {
  RequestEntry entry;
  entry.operation = "chat_completions";
  entry.status = status;
  entry.took = Millis{400};
  entry.firstByte = Millis{90};
  entry.promptTokens = 10;
  entry.completionTokens = 5;
  return entry;
}

const Labels kAlice{"gemini-3.8-flash", "alice"};

struct Isolate {
  fake::ManualClock clock;
  Recorder recorder{clock};

  const Numbers& total(const std::string& key) { return recorder.own().totals().at(key); }
  bool has(const std::string& key) { return recorder.own().totals().contains(key); }
};

TEST(Recorder, CountsARequestInAllByModelAndByClient) {
  Isolate isolate;
  isolate.recorder.countRequest(request(), kAlice);
  isolate.recorder.countRequest(request(503), kAlice);
  for (const std::string key : {"total", "model\tgemini-3.8-flash", "client\talice"}) {
    const auto& numbers = isolate.total(key);
    EXPECT_EQ(at(numbers, Place::kRequests), 2U) << key;
    EXPECT_EQ(at(numbers, Place::kErrors), 1U) << key;
    EXPECT_EQ(at(numbers, Place::kPromptTokens), 20U) << key;
    EXPECT_EQ(at(numbers, Place::kCompletionTokens), 10U) << key;
    EXPECT_EQ(at(numbers, Place::kLatencySum), 800U) << key;
    EXPECT_EQ(at(numbers, Place::kLatency + bucketOf(Millis{400})), 2U) << key;
    EXPECT_EQ(at(numbers, Place::kFirstByte + bucketOf(Millis{90})), 2U) << key;
  }
  EXPECT_EQ(isolate.total("requests\tgemini-3.8-flash\talice\t200\tchat_completions"), Numbers{1});
  EXPECT_EQ(isolate.total("requests\tgemini-3.8-flash\talice\t503\tchat_completions"), Numbers{1});
}

TEST(Recorder, TakesWhatTheClientDidWrongForAnErrorToo) {
  Isolate isolate;
  isolate.recorder.countRequest(request(399), kAlice);
  isolate.recorder.countRequest(request(400), kAlice);
  EXPECT_EQ(at(isolate.total("total"), Place::kErrors), 1U);
}

TEST(Recorder, TellsEveryStatusApart) {
  Isolate isolate;
  for (int status = 200; status < 600; ++status) {
    isolate.recorder.countRequest(request(status), kAlice);
  }
  for (int status = 200; status < 600; ++status) {
    EXPECT_EQ(isolate.total("requests\tgemini-3.8-flash\talice\t" + std::to_string(status) +
                            "\tchat_completions"),
              Numbers{1});
  }
}

TEST(Recorder, CountsAnAttemptByItsCredentialWithTheTokensOfTheLast) {
  Isolate isolate;
  isolate.recorder.countAttempt({"u1", "m", "day", {}, 429, {}, Millis{50}}, kAlice, 0, 0);
  isolate.recorder.countAttempt({"u2", "m", "ok", {}, 200, {}, Millis{90}}, kAlice, 10, 5);
  EXPECT_EQ(at(isolate.total("credential\tu1"), Place::kErrors), 1U);
  EXPECT_EQ(at(isolate.total("credential\tu2"), Place::kErrors), 0U);
  EXPECT_EQ(at(isolate.total("credential\tu2"), Place::kPromptTokens), 10U);
  EXPECT_EQ(at(isolate.total("credential\tu2"), Place::kCompletionTokens), 5U);
  EXPECT_EQ(at(isolate.total("credential\tu2"), Place::kLatencySum), 90U);
  EXPECT_EQ(at(isolate.total("total"), Place::kAttempts), 2U);
  EXPECT_EQ(isolate.total("attempts\tu1\tgemini-3.8-flash\tday"), Numbers{1});
}

TEST(Recorder, TakesAnAttemptWhoseClientLeftForNoFailureAndForNoMeasure) {
  Isolate isolate;
  isolate.recorder.countAttempt({"u1", "m", "under_way"}, kAlice, 0, 0);
  EXPECT_EQ(at(isolate.total("credential\tu1"), Place::kErrors), 0U);
  EXPECT_EQ(isolate.total("credential\tu1").size(), Place::kAttempts + 1);
}

TEST(Recorder, CountsByTheMinuteInWhichItHappened) {
  Isolate isolate;
  const Instant first = isolate.clock.now();
  isolate.recorder.countRequest(request(), kAlice);
  isolate.clock.advance(minutes(1));
  isolate.recorder.countRequest(request(), kAlice);
  isolate.recorder.countRequest(request(), kAlice);
  const auto& steps = isolate.recorder.own().minutes();
  EXPECT_EQ(at(steps.at(first)->at("total"), Place::kRequests), 1U);
  EXPECT_EQ(at(steps.at(first + minutes(1))->at("total"), Place::kRequests), 2U);
}

TEST(Recorder, CountsEventsByWord) {
  Isolate isolate;
  isolate.recorder.count(Event::CoolDown, "day");
  isolate.recorder.count(Event::CoolDown, "day");
  isolate.recorder.count(Event::Kv, "get", 3);
  isolate.recorder.count(Event::Mint, "ok", 0);
  isolate.recorder.count(Event::Mint, "failed");
  isolate.recorder.count(Event::Object, "get");
  EXPECT_EQ(isolate.total("cool_downs\tday"), Numbers{2});
  EXPECT_EQ(isolate.total("kv\tget"), Numbers{3});
  EXPECT_EQ(isolate.total("object\tget"), Numbers{1});
  EXPECT_EQ(isolate.total("mints\tfailed"), Numbers{1});
  EXPECT_FALSE(isolate.has("mints\tok"));
}

TEST(Recorder, TellsOneRowForAllOfAMinute) {
  Isolate isolate;
  isolate.recorder.keepUntold();
  for (int i = 0; i < 3; ++i) {
    isolate.recorder.countRequest(request(), kAlice);
    isolate.clock.advance(std::chrono::seconds(1));
  }
  const auto rows = isolate.recorder.takeUntold();
  const auto ofTotal = [](const Row& row) { return row.key == "total" && row.at != Instant{}; };
  ASSERT_EQ(std::ranges::count_if(rows, ofTotal), 1);
  EXPECT_EQ(at(std::ranges::find_if(rows, ofTotal)->numbers, Place::kRequests), 3U);
}

TEST(Recorder, KeepsNoMoreToTellThanTwoThousandRows) {
  Isolate isolate;
  isolate.recorder.keepUntold();
  for (int minute = 0; minute < 1000; ++minute) {
    isolate.recorder.countRequest(request(), kAlice);
    isolate.clock.advance(minutes(1));
  }
  const auto rows = isolate.recorder.takeUntold();
  EXPECT_EQ(rows.size(), 2000U);
  const auto isSum = [](const Row& row) { return row.at == Instant{} && row.key == "total"; };
  const auto sum = std::ranges::find_if(rows, isSum);
  ASSERT_NE(sum, rows.end());
  EXPECT_EQ(at(sum->numbers, Place::kRequests), 1000U);
}

TEST(Recorder, TellsEachNumberOnce) {
  Isolate isolate;
  isolate.recorder.keepUntold();
  isolate.recorder.count(Event::Kv, "get");
  EXPECT_TRUE(isolate.recorder.hasUntold());
  EXPECT_EQ(isolate.recorder.untold().size(), 1U);
  EXPECT_EQ(isolate.recorder.takeUntold().size(), 1U);
  EXPECT_FALSE(isolate.recorder.hasUntold());
  isolate.recorder.count(Event::Kv, "get");
  const auto rows = isolate.recorder.takeUntold();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key, "kv\tget");
  EXPECT_EQ(rows[0].numbers, Numbers{1});
  EXPECT_EQ(isolate.total("kv\tget"), Numbers{2});
}

TEST(Recorder, KeepsNothingToTellWhereNobodyIsTold) {
  Isolate isolate;
  isolate.recorder.countRequest(request(), kAlice);
  EXPECT_TRUE(isolate.recorder.untold().empty());
}

TEST(Recorder, CountsNamesThatComeTooLateAsOther) {
  Isolate isolate;
  for (int i = 0; i < 70; ++i) {
    const auto name = "client-" + std::to_string(i);
    isolate.recorder.countRequest(request(), {"gemini-3.8-flash", name});
  }
  EXPECT_EQ(at(isolate.total("client\tother"), Place::kRequests), 6U);
  EXPECT_EQ(at(isolate.total("total"), Place::kRequests), 70U);
}

TEST(Recorder, KeepsAThousandCombinationsOfLabels) {
  Isolate isolate;
  for (int status = 100; status < 600; ++status) {
    for (const std::string_view client : {"a", "b", "c"}) {
      isolate.recorder.countRequest(request(status), {"m", client});
    }
  }
  EXPECT_LE(isolate.recorder.own().totals().size(), 1010U);
  EXPECT_EQ(at(isolate.total("total"), Place::kRequests), 1500U);
}

TEST(Recorder, CountsByOtherNamesWhatFindsNoRoom) {
  Isolate isolate;
  for (int model = 0; model < 60; ++model) {
    for (int client = 0; client < 60; ++client) {
      const auto modelName = "m" + std::to_string(model);
      const auto clientName = "c" + std::to_string(client);
      isolate.recorder.countRequest(request(), {modelName, clientName});
    }
  }
  isolate.recorder.count(Event::CoolDown, "day");
  std::uint64_t all = 0;
  for (const auto& [key, numbers] : isolate.recorder.own().totals()) {
    if (key.starts_with("requests\t")) all += at(numbers, 0);
  }
  EXPECT_EQ(all, 3600U);
  EXPECT_EQ(isolate.total("requests\tother\tother\t200\tchat_completions"), Numbers{2800});
  EXPECT_EQ(isolate.total("cool_downs\tday"), Numbers{1});
}

}  // namespace
}  // namespace rondo::telemetry
