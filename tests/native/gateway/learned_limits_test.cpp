#include "gateway/learned_limits.h"

#include <gtest/gtest.h>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

using google::Feature;

constexpr std::string_view kWarm =
    R"({"model":"gemini-3.5-flash","temperature":0.5,"messages":[{"role":"user","content":"x"}]})";
const std::string kTool =
    R"({"model":"gemini-3.5-flash","temperature":0.5,"messages":[{"role":"user","content":"x"}],)"
    R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object",)"
    R"("properties":{"temperature":{"type":"string","const":"x"}}}}}]})";

fake::Answer invalid(std::string_view message) {
  return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":")" +
                               std::string(message) + R"("}})");
}

bool hasTemperature(const http::Request& request) {
  return request.body.find(R"("temperature":0.5)") != std::string::npos;
}

// The model takes no temperature, and says so.
void refuseTemperature(PoolUnderTest& pool) {
  pool.answers = [](const std::string&, const http::Request& request) {
    return hasTemperature(request) ? invalid("temperature is not supported by this model")
                                   : fake::answer(200, greeting("Hi"));
  };
}

TEST(LearnedLimits, AreLearnedFromASettingOnceTheMendedRequestWasAccepted) {
  PoolUnderTest pool(1);
  refuseTemperature(pool);
  EXPECT_EQ(pool.chat(kWarm).head->status, 200);
  EXPECT_EQ(pool.callees.size(), 2U);
  EXPECT_EQ(pool.chat(kWarm).head->status, 200);
  EXPECT_EQ(pool.callees.size(), 3U);
}

TEST(LearnedLimits, AreForgottenAfterAnHour) {
  PoolUnderTest pool(1);
  refuseTemperature(pool);
  pool.chat(kWarm);
  pool.host.advance(std::chrono::hours(1));
  pool.callees.clear();
  pool.chat(kWarm);
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST(LearnedLimits, AreNotLearnedWhenTheMendedRequestIsRefusedToo) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request& request) {
    return invalid(hasTemperature(request) ? "temperature is not supported" : "Bad contents.");
  };
  EXPECT_EQ(pool.chat(kWarm).head->status, 400);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, greeting("Hi"));
  };
  pool.chat(kWarm);
  EXPECT_TRUE(hasTemperature(pool.host.fetcher.calls.back()));
}

TEST(LearnedLimits, AreNoneForASchemaWhichConcernsItsRequestAlone) {
  PoolUnderTest pool(1);
  bool refused = false;
  pool.answers = [&refused](const std::string&, const http::Request&) {
    return std::exchange(refused, true)
               ? fake::answer(200, greeting("Hi"))
               : invalid("reference to undefined schema at properties.temperature");
  };
  const auto reply = pool.chat(kTool);
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "schema");
  const auto& calls = pool.host.fetcher.calls;
  EXPECT_NE(calls[calls.size() - 2].body.find("parametersJsonSchema"), std::string::npos);
  EXPECT_EQ(calls.back().body.find("parametersJsonSchema"), std::string::npos);
  pool.chat(kTool);
  EXPECT_NE(calls.back().body.find("parametersJsonSchema"), std::string::npos);
  EXPECT_TRUE(hasTemperature(calls.back()));
}

TEST(LearnedLimits, ThatOneOfThreeRequestsFindsDoNotHarmTheOthers) {
  PoolUnderTest pool(1);
  pool.chat();
  refuseTemperature(pool);
  pool.host.fetcher.holding = true;
  std::vector<std::unique_ptr<fake::FakeReply>> replies;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 3; ++i) {
    ClientRequest request;
    request.operation = "chat_completions";
    request.body = OwnedBytes::copyOf(kWarm);
    replies.push_back(std::make_unique<fake::FakeReply>(pool.host.loop));
    tasks.push_back(pool.gateway->serve(std::move(request), pool.host.io, *replies.back()));
    tasks.back().start();
    pool.host.loop.run();
  }
  for (int i = 0; i < 6; ++i) {
    pool.host.fetcher.release();
    pool.host.loop.run();
  }
  for (const auto& reply : replies) EXPECT_EQ(reply->head->status, 200);
}

TEST(LearnedLimits, OfASecondFindingAddToThoseOfTheFirst) {
  LearnedLimits learned;
  google::ModelLimits seed;
  seed.refused.insert(Feature::Seed);
  google::ModelLimits penalties;
  penalties.refused.insert(Feature::Penalties);
  learned.learn("m", seed, {Feature::Seed}, Instant{});
  learned.learn("m", penalties, {Feature::Penalties}, Instant{});
  EXPECT_TRUE(learned.of("m", Instant{}).refused.has(Feature::Seed));
  EXPECT_TRUE(learned.of("m", Instant{}).refused.has(Feature::Penalties));
  EXPECT_EQ(learned.of("n", Instant{}), google::ModelLimits{});
}

TEST(LearnedLimits, OfManyModelsDropTheOldestOnes) {
  LearnedLimits learned;
  google::ModelLimits seed;
  seed.refused.insert(Feature::Seed);
  for (int i = 0; i < 300; ++i) {
    learned.learn("m" + std::to_string(i), seed, {Feature::Seed}, Instant{Millis{i}});
  }
  EXPECT_EQ(learned.of("m0", Instant{Millis{300}}), google::ModelLimits{});
  EXPECT_EQ(learned.of("m299", Instant{Millis{300}}), seed);
}

TEST(LearnedLimits, OfAModelThatIsKnownDriveNoOtherOut) {
  LearnedLimits learned;
  google::ModelLimits seed;
  seed.refused.insert(Feature::Seed);
  for (int i = 0; i < 200; ++i) {
    learned.learn("m" + std::to_string(i), seed, {Feature::Seed}, Instant{Millis{i}});
  }
  learned.learn("m199", seed, {Feature::Seed}, Instant{Millis{200}});
  EXPECT_EQ(learned.of("m0", Instant{Millis{200}}), seed);
}

}  // namespace
}  // namespace rondo::gateway
