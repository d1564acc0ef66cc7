#include <benchmark/benchmark.h>

#include "native/cases.h"
#include "native/events.h"
#include "native/subject.h"

namespace rondo::bench {

std::vector<Case> answerCases() {
  return {
      {"answer/whole", 1,
       [] {
         return Work{[answer = wholeAnswer()] { benchmark::DoNotOptimize(collect(answer)); }};
       }},
      {"answer/embeddings_100", 1, [] {
         return Work{[answer = predictions(100)] { benchmark::DoNotOptimize(embed(answer, 100)); }};
       }}};
}

}  // namespace rondo::bench
