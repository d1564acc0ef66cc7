#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <utility>

#include "native/agent.h"
#include "native/cases.h"
#include "native/chats.h"
#include "native/subject.h"

namespace rondo::bench {
namespace {

using Translate = std::string (*)(std::string_view);

Work translating(std::string body, Translate translate = translateChat) {
  return {[body = std::move(body), translate] { benchmark::DoNotOptimize(translate(body)); }};
}

}  // namespace

std::vector<Case> requestCases() {
  return {
      {"request/small", 1, [] { return translating(smallChat()); }},
      {"request/history_1mb", 1, [] { return translating(longChat()); }},
      {"request/agent_chat", 1, [] { return translating(agentChat()); }},
      {"request/agent_responses", 1,
       [] { return translating(agentResponses(), translateResponses); }},
      {"request/agent_messages", 1, [] { return translating(agentMessages(), translateMessages); }},
      {"request/image_8mb", 1, [] { return translating(imageChat()); }},
  };
}

}  // namespace rondo::bench
