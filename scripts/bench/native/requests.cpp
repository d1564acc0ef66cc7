#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "native/cases.h"
#include "native/chats.h"
#include "native/subject.h"

namespace rondo::bench {
namespace {

Work translating(std::string body) {
  return {[body = std::move(body)] { benchmark::DoNotOptimize(translateRequest(body)); }};
}

}  // namespace

std::vector<Case> requestCases() {
  return {
      {"request/small", 1, [] { return translating(smallChat()); }},
      {"request/history_1mb", 1, [] { return translating(longChat()); }},
      {"request/image_8mb", 1, [] { return translating(imageChat()); }},
  };
}

}  // namespace rondo::bench
