#include <benchmark/benchmark.h>

#include "native/cases.h"
#include "native/events.h"
#include "native/subject.h"

namespace rondo::bench {

std::vector<Case> answerCases() {
  return {{"answer/whole", 1, [] {
             return Work{[answer = wholeAnswer()] { benchmark::DoNotOptimize(collect(answer)); }};
           }}};
}

}  // namespace rondo::bench
