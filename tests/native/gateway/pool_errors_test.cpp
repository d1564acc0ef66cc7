#include <gtest/gtest.h>

#include "support/pool_under_test.h"

// What a client is told when the pool can't serve it, and what the refusals before do to it.
namespace rondo::gateway {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kOtherModel =
    R"({"model":"gemini-4-neon","messages":[{"role":"user","content":"x"}]})";

fake::Answer quota(std::string_view id, std::string_view value) {
  return fake::answer(
      429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"No.","details":[)"
           R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":")" +
               std::string(id) + R"(","quotaValue":")" + std::string(value) + R"("}]}]}})");
}

fake::Answer spentDay() { return quota("GenerateRequestsPerDayPerProjectPerModel", "250"); }

fake::Answer deadFor(std::string_view reason) {
  return fake::answer(
      403, R"({"error":{"code":403,"status":"PERMISSION_DENIED","message":"No.","details":[)"
           R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":")" +
               std::string(reason) + R"(","domain":"googleapis.com"}]}})");
}

fake::Answer hi() { return fake::answer(200, greeting("Hi")); }

TEST(PoolErrors, OneThatIsOutDoesNotHideThatTheOthersHaveSpentTheirDay) {
  PoolUnderTest pool(3);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? deadFor("SERVICE_DISABLED") : spentDay();
  };
  const auto reply = pool.chat();
  EXPECT_EQ(reply.head->status, 429);
  EXPECT_EQ(errorCode(reply), "insufficient_quota");
  EXPECT_EQ(pool.callees, (Names{"u1", "u2", "u3"}));
}

TEST(PoolErrors, AQuotaOfZeroThatAllModelsShareKeepsTheModelAloneFromTheCredential) {
  PoolUnderTest pool(2);
  pool.answers = [](const std::string& user, const http::Request&) {
    return user == "u1" ? quota("GenerateRequestsPerMinutePerProject", "0") : hi();
  };
  EXPECT_EQ(pool.chat().head->status, 200);
  pool.answers = [](const std::string&, const http::Request&) { return hi(); };
  pool.callees.clear();
  pool.chat(kOtherModel);
  pool.chat();
  pool.chat();
  EXPECT_EQ(pool.callees, (Names{"u1", "u2", "u2"}));
}

TEST(PoolErrors, InventedModelsLeaveASpentDayWhatItIs) {
  PoolUnderTest pool(1);
  pool.answers = [](const std::string&, const http::Request&) { return spentDay(); };
  pool.chat();
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(404, R"({"error":{"code":404,"status":"NOT_FOUND","message":"No."}})");
  };
  for (int i = 0; i < 200; ++i) {
    pool.chat(R"({"model":"gemini-invented-)" + std::to_string(i) +
              R"(","messages":[{"role":"user","content":"x"}]})");
  }
  pool.callees.clear();
  EXPECT_EQ(errorCode(pool.chat()), "insufficient_quota");
  EXPECT_TRUE(pool.callees.empty());
}

}  // namespace
}  // namespace rondo::gateway
