#include "google/quota_day.h"

namespace rondo::google {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;

constexpr hours kStandard{-8};
constexpr hours kDaylight{-7};

sys_days secondSundayOfMarch(std::chrono::year year) {
  return sys_days{year / std::chrono::March / std::chrono::Sunday[2]};
}

sys_days firstSundayOfNovember(std::chrono::year year) {
  return sys_days{year / std::chrono::November / std::chrono::Sunday[1]};
}

// At midnight the clocks of that day have not been moved yet.
hours offsetAtMidnight(sys_days day) {
  const auto year = std::chrono::year_month_day{day}.year();
  const bool daylight = day > secondSundayOfMarch(year) && day <= firstSundayOfNovember(year);
  return daylight ? kDaylight : kStandard;
}

}  // namespace

Instant nextPacificMidnight(Instant now) {
  auto day = std::chrono::floor<days>(now);
  while (day - offsetAtMidnight(day) <= now) day += days{1};
  return day - offsetAtMidnight(day);
}

}  // namespace rondo::google
