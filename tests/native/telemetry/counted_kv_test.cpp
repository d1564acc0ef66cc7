#include "telemetry/counted_kv.h"

#include <gtest/gtest.h>

#include "support/fake_host.h"

namespace rondo::telemetry {
namespace {

TEST(CountedKv, CountsEachOperationByItsKind) {
  fake::FakeHost host;
  Recorder recorder(host.clock);
  CountedKv kv(host.kv, recorder);
  kv.putLater("a", "1", std::chrono::minutes(1));
  kv.putLater("b", "2", std::chrono::minutes(1));
  EXPECT_EQ(host.run(kv.get("a")).value_or(std::nullopt), "1");
  for (int i = 0; i < 3; ++i) kv.eraseLater("a");
  const auto& totals = recorder.own().totals();
  EXPECT_EQ(totals.at("kv\tget"), Numbers{1});
  EXPECT_EQ(totals.at("kv\tput"), Numbers{2});
  EXPECT_EQ(totals.at("kv\tdelete"), Numbers{3});
  EXPECT_FALSE(host.kv.entries.contains("a"));
}

}  // namespace
}  // namespace rondo::telemetry
