#include <benchmark/benchmark.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>

#include "native/cases.h"

// bench_rondo [GOOGLE BENCHMARK'S OPTIONS]   times the cases
// bench_rondo --once NAME COUNT              runs one COUNT times, for a tool that counts

namespace rondo::bench {

// Callgrind counts what happens below this function alone. Hence it is external, is not inlined and
// does not end in a jump.
[[gnu::noinline]] void measured(const std::function<void()>& run) {
  run();
  benchmark::ClobberMemory();
}

namespace {

std::vector<Case> allCases() {
  std::vector<Case> all = requestCases();
  for (const auto& more : {streamCases(), answerCases()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

void time(benchmark::State& state, const Case& each) {
  const Work work = each.make();
  while (state.KeepRunningBatch(each.batch)) {
    if (work.prepare) {
      state.PauseTiming();
      work.prepare();
      state.ResumeTiming();
    }
    measured(work.run);
  }
}

int timeAll(int count, char** arguments) {
  for (const Case& each : allCases()) {
    benchmark::RegisterBenchmark(std::string(each.name).c_str(),
                                 [each](benchmark::State& state) { time(state, each); });
  }
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

int refuse(const std::string& reason) {
  std::fprintf(stderr, "bench_rondo: %s\n", reason.c_str());
  return 2;
}

int runOnce(std::string_view name, std::string_view countText) {
  std::int64_t count = 0;
  std::from_chars(countText.data(), countText.data() + countText.size(), count);
  for (const Case& each : allCases()) {
    if (each.name != name) continue;
    if (count < 1 || count % each.batch != 0) {
      return refuse("COUNT is to be a multiple of " + std::to_string(each.batch));
    }
    const Work work = each.make();
    for (std::int64_t done = 0; done < count; done += each.batch) {
      if (work.prepare) work.prepare();
      measured(work.run);
    }
    return 0;
  }
  return refuse("there is no case " + std::string(name));
}

}  // namespace
}  // namespace rondo::bench

int main(int count, char** arguments) {
  if (count == 4 && std::strcmp(arguments[1], "--once") == 0) {
    return rondo::bench::runOnce(arguments[2], arguments[3]);
  }
  return rondo::bench::timeAll(count, arguments);
}
