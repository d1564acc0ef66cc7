// The pool under load, as Markdown: docs/pool.md shows the table.
#include <cstdio>
#include <string>

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

}  // namespace
}  // namespace rondo::poolmodel

int main() {
  rondo::poolmodel::printHour();
  rondo::poolmodel::printDay();
}
