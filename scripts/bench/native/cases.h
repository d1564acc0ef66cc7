#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace rondo::bench {

// Something to measure. `run` is as many iterations as the case's `batch` says; what it needs anew
// each time is made by `prepare`, which is not measured and may be absent.
struct Work {
  std::function<void()> run;
  std::function<void()> prepare = {};
};

// `make` does what is needed once.
struct Case {
  std::string_view name;
  std::int64_t batch;
  Work (*make)();
};

std::vector<Case> requestCases();
std::vector<Case> streamCases();
std::vector<Case> answerCases();

}  // namespace rondo::bench
