#include "google/quota_refusal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "google/quota_day.h"
#include "google/retry_hint.h"

namespace rondo::google {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// A wait that is longer than this is no matter of a minute's quota.
constexpr Millis kLongWait = minutes(5);
constexpr Millis kUnknownWait = seconds(60);
constexpr Millis kRateLimitWait = seconds(10);
constexpr Millis kCapacityWait = seconds(5);
constexpr Millis kLongestCapacityWait = seconds(60);
constexpr Millis kNoAccessWait = hours(12);

// ErrorInfo's reasons, and those of the older "errors" list.
constexpr std::array<std::string_view, 8> kQuotaReasons = {
    "RATE_LIMIT_EXCEEDED", "QUOTA_EXHAUSTED",       "RESOURCE_QUOTA_EXCEEDED",
    "rateLimitExceeded",   "quotaExceeded",         "userRateLimitExceeded",
    "dailyLimitExceeded",  "OVERLOADED_CREDENTIALS"};

constexpr std::array<std::string_view, 2> kCapacityReasons = {"MODEL_CAPACITY_EXHAUSTED",
                                                              "MODEL_CAPACITY_EXCEEDED"};

bool contains(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

bool namesCapacity(const ErrorBody& body) {
  return std::ranges::find(kCapacityReasons, body.reason) != kCapacityReasons.end();
}

bool isCapacity(const ErrorBody& body) {
  return namesCapacity(body) || contains(body.words, "model_capacity_") ||
         contains(body.words, "no capacity available");
}

// "limit: 0", and of caches "limit=0", with nothing behind the zero that makes it another number.
bool namesZeroLimit(std::string_view words) {
  constexpr std::string_view kWord = "limit";
  for (auto at = words.find(kWord); at != std::string::npos; at = words.find(kWord, at + 1)) {
    auto rest = words.substr(at + kWord.size());
    if (!rest.starts_with(':') && !rest.starts_with('=')) continue;
    rest = trim(rest.substr(1));
    if (!rest.starts_with('0')) continue;
    const auto behind = rest.substr(1, 2);
    const auto isDigit = [behind](std::size_t i) {
      return i < behind.size() && behind[i] >= '0' && behind[i] <= '9';
    };
    if (!isDigit(0) && !(behind.starts_with('.') && isDigit(1))) return true;
  }
  return false;
}

bool hasZeroLimit(const ErrorBody& body) {
  return namesZeroLimit(body.words) || body.meta("quota_limit_value") == "0" ||
         std::ranges::find(body.quotas, "0", &QuotaViolation::value) != body.quotas.end();
}

bool isOfDay(std::string_view name) {
  const auto lower = toLower(name);
  return contains(lower, "perday") || contains(lower, "per_day") || contains(lower, "per day") ||
         contains(lower, "daily");
}

bool isOfDay(const QuotaViolation& quota) {
  return isOfDay(quota.id) || isOfDay(quota.metric) || isOfDay(quota.description);
}

bool isDayQuota(const ErrorBody& body) {
  return std::ranges::any_of(body.quotas, [](const auto& quota) { return isOfDay(quota); }) ||
         isOfDay(body.meta("quota_limit")) || isOfDay(body.meta("quota_metric")) ||
         isOfDay(body.reason) || contains(body.words, "per_day") || contains(body.words, "per day");
}

bool isMinuteQuota(const ErrorBody& body) {
  const auto isOfMinute = [](std::string_view name) {
    const auto lower = toLower(name);
    return contains(lower, "perminute") || contains(lower, "per_minute") ||
           contains(lower, "per minute");
  };
  return isOfMinute(body.meta("quota_limit")) || isOfMinute(body.words) ||
         std::ranges::any_of(body.quotas, [&](const auto& quota) { return isOfMinute(quota.id); });
}

// "generativelanguage.googleapis.com/generate_content_free_tier_input_token_count"
std::int64_t inputTokensOf(const QuotaViolation& quota) {
  std::int64_t tokens = 0;
  const auto names = toLower(quota.metric + quota.id);
  if (!contains(names, "token") || !contains(names, "input")) return 0;
  std::from_chars(quota.value.data(), quota.value.data() + quota.value.size(), tokens);
  return tokens;
}

Quota quotaOf(const ErrorBody& body) {
  if (body.quotas.empty()) {
    return {std::string(body.meta("quota_limit")), std::string(body.meta("quota_metric")),
            std::string(body.meta("model"))};
  }
  // The one that lasts longest decides.
  const auto ofDay =
      std::ranges::find_if(body.quotas, [](const auto& each) { return isOfDay(each); });
  const auto& quota = ofDay == body.quotas.end() ? body.quotas.front() : *ofDay;
  return {quota.id, quota.metric, quota.model, inputTokensOf(quota)};
}

Refusal made(RefusalClass refusal, Instant resetAt, std::string_view reason) {
  Refusal made;
  made.refusal = refusal;
  made.resetAt = resetAt;
  made.reason = reason;
  return made;
}

// A 429 that says nothing but that resources are exhausted: Vertex's shared pool. An error object
// must be there, since anything on the way may answer a bare 429.
bool isSharedPool(const ErrorBody& body) {
  return body.source != ErrorBody::Source::None && body.details == ErrorBody::Details::None &&
         body.reason.empty() && !contains(body.words, "quota exceeded") &&
         !contains(body.words, "exceeded your current quota");
}

Refusal dayRefusal(const ErrorBody& body, const std::optional<RetryHint>& hint, Instant now) {
  // A short delay beside a day's quota speaks of the minute's.
  const bool isBelieved =
      hint && (hint->source == RetryHint::Source::Reset || hint->at - now > kLongWait ||
               (body.reason == "QUOTA_EXHAUSTED" && !isDayQuota(body)));
  return made(RefusalClass::Day, isBelieved ? hint->at : nextPacificMidnight(now), "quota_per_day");
}

Refusal timed(const ErrorBody& body, const std::optional<RetryHint>& hint, Instant now) {
  if (hasZeroLimit(body)) return made(RefusalClass::NoAccess, now + kNoAccessWait, "limit_zero");
  if (isDayQuota(body)) return dayRefusal(body, hint, now);
  if (isCapacity(body)) {
    const auto latest = now + kLongestCapacityWait;
    return made(RefusalClass::Capacity, hint ? std::min(hint->at, latest) : now + kCapacityWait,
                "no_capacity");
  }
  if (body.reason == "QUOTA_EXHAUSTED") return dayRefusal(body, hint, now);
  const bool inHeader = hint && hint->source == RetryHint::Source::Header;
  if (isSharedPool(body) && !isMinuteQuota(body) && (!hint || inHeader)) {
    return made(RefusalClass::Capacity, hint ? hint->at : now + kCapacityWait, kSharedPoolBusy);
  }
  if (hint) {
    const bool isLong = hint->at - now > kLongWait;
    return made(isLong ? RefusalClass::Day : RefusalClass::Minute, hint->at, "quota");
  }
  if (isMinuteQuota(body)) {
    return made(RefusalClass::Minute, now + kUnknownWait, "quota_per_minute");
  }
  const bool isRate = body.reason == "RATE_LIMIT_EXCEEDED";
  return made(RefusalClass::Minute, now + (isRate ? kRateLimitWait : kUnknownWait), "quota");
}

}  // namespace

bool isQuotaRefusal(int status, const ErrorBody& body) {
  if (status == 429 || body.status == "RESOURCE_EXHAUSTED" || !body.quotas.empty()) return true;
  // In a refusal of the request, words may be the client's.
  const bool isOfCapacity = status >= 500 ? isCapacity(body) : namesCapacity(body);
  return isOfCapacity || std::ranges::find(kQuotaReasons, body.reason) != kQuotaReasons.end();
}

Refusal readQuotaRefusal(const ErrorBody& body, const http::Headers& headers, Instant now) {
  auto refusal = timed(body, findRetryHint(body, headers, now), now);
  if (!body.reason.empty()) refusal.reason = toLower(body.reason);
  if (refusal.refusal != RefusalClass::Capacity) refusal.quota = quotaOf(body);
  refusal.namesModel = refusal.refusal == RefusalClass::NoAccess;
  return refusal;
}

}  // namespace rondo::google
