#include "poolmodel/scenario.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "poolmodel/isolate.h"

namespace rondo::poolmodel {
namespace {

// 2026-11-24T17:00:00Z: the day in California has long to go.
const Instant kStart = fromUnixMillis(1'795'539'600'000);

// What Rondo waits rather than refuse.
constexpr Millis kWorthWaiting = std::chrono::seconds(3);

std::vector<Account> accountsOf(const Scenario& scenario) {
  std::vector<Account> accounts;
  for (int i = 0; i < scenario.credentials; ++i) {
    Account account;
    account.perMinute = scenario.perMinute;
    account.perDay = i < scenario.shortDays ? scenario.shortDay : 1'000'000'000;
    accounts.push_back(account);
  }
  return accounts;
}

credentials::Environment environmentOf(const Scenario& scenario) {
  credentials::Environment environment{{"LOG_LEVEL", "error"}};
  for (int i = 0; i < scenario.credentials; ++i) {
    const auto name = std::to_string(i);
    environment.emplace_back(
        "GCP_SERVICE_ACCOUNT_" + std::to_string(i + 1),
        R"({"type":"authorized_user","client_id":"client","client_secret":"hush","alias":"c)" +
            name + R"(","refresh_token":"refresh-)" + name + R"(","project_id":"project-)" + name +
            R"("})");
  }
  return environment;
}

// One run of a scenario.
class Run {
 public:
  explicit Run(const Scenario& scenario)
      : scenario_(scenario), random_(scenario.seed), environment_(environmentOf(scenario)) {}

  Outcome finish() {
    seedTokens();
    for (int i = 0; i < scenario_.isolates; ++i) {
      isolates_.push_back(std::make_unique<Isolate>(world_, i % scenario_.locations, environment_));
    }
    google_.counts = {};
    stores_ = {};
    end_ = queue_.now() + scenario_.length;
    if (scenario_.kill) {
      queue_.after(scenario_.length / 2,
                   [this] { google_.kill(static_cast<std::size_t>(scenario_.credentials) - 1); });
    }
    arrive();
    queue_.runUntil(end_ + std::chrono::minutes(1));
    outcome_.google = google_.counts;
    outcome_.stores = stores_;
    return outcome_;
  }

 private:
  // An isolate of the last deployment left tokens of all ages, as one finds in a running system.
  void seedTokens() {
    for (int i = 0; i < scenario_.credentials; ++i) {
      earlier_.chat([](int) {});
      queue_.runUntil(queue_.now() + std::chrono::minutes(45) / scenario_.credentials);
    }
  }

  double perMilli() const {
    const int left = scenario_.credentials - scenario_.shortDays - (scenario_.kill ? 1 : 0);
    return scenario_.load * scenario_.perMinute * left / 60'000.0;
  }

  // One request at a random isolate, and the next one as a Poisson process has it.
  void arrive() {
    const auto wait = std::exponential_distribution<double>(perMilli())(random_);
    carry_ += wait;
    const auto millis = static_cast<std::int64_t>(carry_);
    carry_ -= static_cast<double>(millis);
    queue_.after(Millis{millis}, [this] {
      if (queue_.now() >= end_) return;
      ask();
      arrive();
    });
  }

  void ask() {
    ++outcome_.requests;
    const bool isServable = google_.canServe(kWorthWaiting);
    if (isServable) ++outcome_.servable;
    if (google_.allows()) ++outcome_.allowed;
    auto& isolate = *isolates_[random_() % isolates_.size()];
    isolate.chat([this, isServable](int status) {
      if (status == 200) {
        ++outcome_.served;
      } else if (isServable) {
        ++outcome_.refusedServable;
      }
    });
  }

  Scenario scenario_;
  std::mt19937 random_;
  credentials::Environment environment_;
  StoreCounts stores_;
  EventQueue queue_{kStart};
  Google google_{queue_, accountsOf(scenario_), scenario_.failureRate, scenario_.seed + 1};
  Kv kv_{queue_, stores_};
  Object object_{queue_, stores_, scenario_.objectCallLasts, scenario_.tokenObjects};
  Caches caches_{queue_, stores_};
  World world_{queue_,
               google_,
               kv_,
               scenario_.sharing == Sharing::WithObject ? &object_ : nullptr,
               scenario_.nearby == Nearby::Cache ? &caches_ : nullptr,
               random_};
  Isolate earlier_{world_, 0, environment_};  // Its last chat may outlast the seeding.
  std::vector<std::unique_ptr<Isolate>> isolates_;
  Outcome outcome_;
  Instant end_;
  double carry_ = 0;
};

}  // namespace

Outcome run(const Scenario& scenario) { return Run(scenario).finish(); }

}  // namespace rondo::poolmodel
