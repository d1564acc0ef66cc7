#include "telemetry/prometheus.h"

#include <gtest/gtest.h>

#include "telemetry/labels.h"

namespace rondo::telemetry {
namespace {

std::string written(const Counts& counts) {
  std::string out;
  PrometheusWriter writer(out);
  writeCounts(writer, counts);
  return out;
}

TEST(Prometheus, EscapesTheValuesOfLabels) {
  std::string out;
  PrometheusWriter writer(out);
  writer.begin("a_total", "counter", "Help.");
  writer.sample({{"name", "a\"b\\c\nd"}}, std::uint64_t{1});
  EXPECT_EQ(out,
            "# HELP a_total Help.\n# TYPE a_total counter\na_total{name=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(Prometheus, HasASampleWithoutLabels) {
  std::string out;
  PrometheusWriter writer(out);
  writer.begin("a", "gauge", "Help.");
  writer.seconds({}, 1'764'028'800'250);
  EXPECT_TRUE(out.ends_with("\na 1764028800.25\n")) << out;
}

TEST(Prometheus, HasARowOfEachCounterUnderItsLabels) {
  Counts counts(Instant{});
  counts.add({Instant{}, joinKey({"requests", "m", "alice", "200", "chat_completions"}), {3}});
  counts.add({Instant{}, joinKey({"attempts", "u1", "m", "day"}), {4}});
  counts.add({Instant{}, joinKey({"kv", "get"}), {5}});
  const auto text = written(counts);
  EXPECT_TRUE(
      text.contains("rondo_requests_total{model=\"m\",client=\"alice\",status=\"200\","
                    "operation=\"chat_completions\"} 3\n"))
      << text;
  EXPECT_TRUE(
      text.contains("rondo_attempts_total{credential=\"u1\",model=\"m\",outcome=\"day\"} 4\n"));
  EXPECT_TRUE(text.contains("rondo_kv_operations_total{operation=\"get\"} 5\n"));
}

TEST(Prometheus, HasEachEventUnderItsOwnName) {
  Counts counts(Instant{});
  counts.add({Instant{}, joinKey({"cool_downs", "day"}), {1}});
  counts.add({Instant{}, joinKey({"mints", "ok"}), {2}});
  counts.add({Instant{}, joinKey({"kv", "put"}), {3}});
  counts.add({Instant{}, joinKey({"object", "note"}), {4}});
  const auto text = written(counts);
  EXPECT_TRUE(text.contains("rondo_cool_downs_total{reason=\"day\"} 1\n")) << text;
  EXPECT_TRUE(text.contains("rondo_tokens_minted_total{outcome=\"ok\"} 2\n"));
  EXPECT_TRUE(text.contains("rondo_kv_operations_total{operation=\"put\"} 3\n"));
  EXPECT_TRUE(text.contains("rondo_object_operations_total{operation=\"note\"} 4\n"));
}

TEST(Prometheus, TellsInputAndOutputTokensApart) {
  Numbers numbers(Place::kCount);
  numbers[Place::kPromptTokens] = 3;
  numbers[Place::kCompletionTokens] = 4;
  Counts counts(Instant{});
  counts.add({Instant{}, joinKey({"model", "m"}), numbers});
  const auto text = written(counts);
  EXPECT_TRUE(text.contains("rondo_tokens_total{model=\"m\",direction=\"input\"} 3\n")) << text;
  EXPECT_TRUE(text.contains("rondo_tokens_total{model=\"m\",direction=\"output\"} 4\n"));
}

TEST(Prometheus, TellsRequestsFirstBytesAndAttemptsApart) {
  Numbers numbers(Place::kCount);
  numbers[Place::kLatencySum] = 2000;
  numbers[Place::kFirstByteSum] = 500;
  Counts counts(Instant{});
  counts.add({Instant{}, joinKey({"model", "m"}), numbers});
  numbers[Place::kLatencySum] = 1500;
  counts.add({Instant{}, joinKey({"credential", "u1"}), numbers});
  const auto text = written(counts);
  EXPECT_TRUE(text.contains("rondo_request_duration_seconds_sum{model=\"m\"} 2\n")) << text;
  EXPECT_TRUE(text.contains("rondo_first_byte_seconds_sum{model=\"m\"} 0.5\n"));
  EXPECT_TRUE(text.contains("rondo_attempt_duration_seconds_sum{credential=\"u1\"} 1.5\n"));
}

TEST(Prometheus, HasHistogramsInSecondsThatAddUp) {
  Numbers numbers(Place::kCount);
  numbers[Place::kLatency] = 2;
  numbers[Place::kLatency + 2] = 1;
  numbers[Place::kLatency + kBuckets - 1] = 1;
  numbers[Place::kLatencySum] = 301'234;
  Counts counts(Instant{});
  counts.add({Instant{}, joinKey({"model", "m"}), numbers});
  const auto text = written(counts);
  const std::string name = "rondo_request_duration_seconds";
  EXPECT_TRUE(text.contains(name + "_bucket{model=\"m\",le=\"0.025\"} 2\n")) << text;
  EXPECT_TRUE(text.contains(name + "_bucket{model=\"m\",le=\"0.1\"} 3\n"));
  EXPECT_TRUE(text.contains(name + "_bucket{model=\"m\",le=\"300\"} 3\n"));
  EXPECT_TRUE(text.contains(name + "_bucket{model=\"m\",le=\"+Inf\"} 4\n"));
  EXPECT_TRUE(text.contains(name + "_sum{model=\"m\"} 301.234\n"));
  EXPECT_TRUE(text.contains(name + "_count{model=\"m\"} 4\n"));
}

TEST(Prometheus, LeavesOutARowWhoseKeyIsOfAnotherShape) {
  Counts counts(Instant{});
  counts.add({Instant{}, joinKey({"requests", "m"}), {3}});
  EXPECT_FALSE(written(counts).contains("rondo_requests_total{"));
}

}  // namespace
}  // namespace rondo::telemetry
