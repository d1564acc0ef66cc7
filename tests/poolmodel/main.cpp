// The pool under load, as Markdown: docs/pool.md shows the tables. `pool_model scale` prints that
// of a large deployment, or of it with the requests a second that follow alone.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "poolmodel/scale.h"
#include "poolmodel/scenario.h"

namespace rondo::poolmodel {
namespace {

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f %%", share * 100);
  return text;
}

const char* nameOf(Sharing sharing) { return sharing == Sharing::KvAlone ? "KV" : "object"; }

void printRow(const Scenario& scenario, const Outcome& outcome) {
  std::printf("| %s | %d | %d %% | %lld | %s | %s | %lld | %s | %lld | %lld | %lld | %lld |\n",
              nameOf(scenario.sharing), scenario.isolates,
              static_cast<int>(scenario.load * 100 + 0.5), static_cast<long long>(outcome.requests),
              percent(outcome.servedOfAllowed()).c_str(), percent(outcome.servedShare()).c_str(),
              static_cast<long long>(outcome.refusedServable),
              percent(outcome.wastedShare()).c_str(), static_cast<long long>(outcome.google.mints),
              static_cast<long long>(outcome.stores.kvReads),
              static_cast<long long>(outcome.stores.tokenWrites + outcome.stores.stateWrites),
              static_cast<long long>(outcome.stores.objectCalls));
  std::fflush(stdout);
}

void printHour() {
  std::puts(
      "| shared by | isolates | load | requests | served ÷ allowed | servable served | "
      "servable refused | calls wasted | mints | KV reads | KV writes | object calls |");
  std::puts("|---|---|---|---|---|---|---|---|---|---|---|---|");
  for (const int isolates : {200, 10}) {
    for (const auto sharing : {Sharing::KvAlone, Sharing::WithObject}) {
      for (const double load : {0.6, 0.95, 1.5}) {
        Scenario scenario;
        scenario.sharing = sharing;
        scenario.load = load;
        scenario.isolates = isolates;
        printRow(scenario, run(scenario));
      }
    }
  }
}

void printDay() {
  std::puts(
      "\n| shared by | token writes a day | state writes a day | KV writes a day | deletes |");
  std::puts("|---|---|---|---|---|");
  for (const auto sharing : {Sharing::KvAlone, Sharing::WithObject}) {
    Scenario scenario;
    scenario.sharing = sharing;
    scenario.credentials = 10;
    scenario.length = std::chrono::hours(24);
    const auto outcome = run(scenario);
    std::printf("| %s | %lld | %lld | %lld | %lld |\n", nameOf(sharing),
                static_cast<long long>(outcome.stores.tokenWrites),
                static_cast<long long>(outcome.stores.stateWrites),
                static_cast<long long>(outcome.stores.tokenWrites + outcome.stores.stateWrites),
                static_cast<long long>(outcome.stores.deletes));
    std::fflush(stdout);
  }
}

const char* nameOf(Teller teller) {
  switch (teller) {
    case Teller::Kv: return "KV";
    case Teller::Object: return "object without a limit";
    case Teller::LimitedObject: return "object";
    case Teller::TokensApart: return "object, and one for each token";
    case Teller::KvAndCaches: return "KV and caches";
    case Teller::ObjectAndCaches: return "object and caches";
  }
  return "";
}

void printAtScale(Teller teller, int perSecond) {
  const auto scenario = atScale({}, teller, perSecond);
  const auto outcome = run(scenario);
  const auto& stores = outcome.stores;
  const auto aSecond = [&scenario](std::int64_t count) {
    return static_cast<long long>(count / (scenario.length / std::chrono::seconds(1)));
  };
  std::printf("| %d | %s | %lld | %s | %s | %lld | %lld | %lld | %lld | %lld | %lld | %s |\n",
              perSecond, nameOf(teller), static_cast<long long>(outcome.requests),
              percent(outcome.servedOfAllowed()).c_str(), percent(outcome.wastedShare()).c_str(),
              static_cast<long long>(outcome.google.wasted), static_cast<long long>(stores.kvReads),
              static_cast<long long>(stores.tokenWrites + stores.stateWrites),
              aSecond(stores.objectCalls), aSecond(stores.objectTokenCalls),
              static_cast<long long>(stores.objectBusiest),
              percent(outcome.objectRefusedShare()).c_str());
  std::fflush(stdout);
}

void printScale(const std::vector<int>& rates) {
  std::puts(
      "| requests a second | told by | requests | served ÷ allowed | calls wasted | "
      "wasted calls | KV reads | KV writes | object calls a second | of these for tokens | in the "
      "busiest second | object calls refused |");
  std::puts("|---|---|---|---|---|---|---|---|---|---|---|---|");
  for (const int perSecond : rates) {
    for (const auto teller :
         {Teller::Kv, Teller::KvAndCaches, Teller::Object, Teller::LimitedObject,
          Teller::TokensApart, Teller::ObjectAndCaches}) {
      printAtScale(teller, perSecond);
    }
  }
}

}  // namespace
}  // namespace rondo::poolmodel

int main(int count, char** words) {
  if (count > 1 && std::string_view(words[1]) == "scale") {
    std::vector<int> rates;
    for (int i = 2; i < count; ++i) {
      rates.push_back(std::atoi(words[i]));
      if (rates.back() > 0) continue;
      std::fprintf(stderr, "%s is no number of requests a second\n", words[i]);
      return 1;
    }
    if (rates.empty()) rates = {100, 500, 1000, 2000};
    rondo::poolmodel::printScale(rates);
    return 0;
  }
  rondo::poolmodel::printHour();
  rondo::poolmodel::printDay();
}
