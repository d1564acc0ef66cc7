#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "native/cases.h"
#include "native/events.h"
#include "native/subject.h"

namespace rondo::bench {
namespace {

// Enough for the clock's own cost not to show in what takes microseconds.
constexpr int kBatch = 64;

Stream begunStream(const std::string& opening) {
  Stream stream;
  stream.feed(opening);
  return stream;
}

// Each event comes by itself. A stream keeps its text, so a new one is begun for each batch.
Work events() {
  const auto stream = std::make_shared<std::vector<Stream>>();
  std::vector<std::string> middle;
  for (int index = 0; index < kBatch; ++index) middle.push_back(middleEvent(index));
  return {[stream, middle] {
            for (const auto& event : middle) benchmark::DoNotOptimize(stream->back().feed(event));
          },
          [stream, opening = middleEvents(16)] {
            stream->clear();
            stream->push_back(begunStream(opening));
          }};
}

Work burst() {
  return {[all = middleEvents(1000)] {
    Stream stream;
    benchmark::DoNotOptimize(stream.feed(all));
  }};
}

Work finish() {
  const auto streams = std::make_shared<std::vector<Stream>>();
  return {[streams, last = lastEvent()] {
            for (Stream& stream : *streams) {
              benchmark::DoNotOptimize(stream.feed(last));
              benchmark::DoNotOptimize(stream.finish());
            }
          },
          [streams, opening = middleEvents(16)] {
            streams->clear();
            for (int index = 0; index < kBatch; ++index) streams->push_back(begunStream(opening));
          }};
}

}  // namespace

std::vector<Case> streamCases() {
  return {
      {"stream/event", kBatch, events},
      {"stream/burst_1000", 1, burst},
      {"stream/finish", kBatch, finish},
  };
}

}  // namespace rondo::bench
