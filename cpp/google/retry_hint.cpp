#include "google/retry_hint.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "http/date.h"

namespace rondo::google {
namespace {

constexpr Millis kShortest = std::chrono::seconds(1);
constexpr Millis kLongest = std::chrono::days(7);

constexpr std::array<std::string_view, 5> kLeadIns = {"retry in ", "retry after ", "reset after ",
                                                      "reset in ", "try again in "};

// "20 seconds", "1 minute" and "44.1s", "1h2m3s" from the front of a lower-case text.
std::optional<Millis> leadingDelay(std::string_view text) {
  constexpr std::string_view kNumber = "0123456789.";
  auto word = text.substr(0, text.find_first_not_of("0123456789.hmsd"));
  while (word.ends_with('.')) word.remove_suffix(1);
  if (const auto delay = parseDuration(word)) return delay;
  if (word.empty() || word.find_first_not_of(kNumber) != std::string_view::npos)
    return std::nullopt;
  const auto unit = trim(text.substr(word.size()));
  for (const auto& [name, letter] : {std::pair("milli", "ms"), {"min", "m"}, {"hour", "h"}}) {
    if (unit.starts_with(name)) return parseDuration(std::string(word) + letter);
  }
  return parseDuration(std::string(word) + "s");
}

std::optional<RetryHint> after(Millis delay, Instant now, RetryHint::Source source) {
  if (delay <= Millis{0}) return std::nullopt;
  return RetryHint{now + std::clamp(delay, kShortest, kLongest), source};
}

std::optional<RetryHint> resetHint(const ErrorBody& body, Instant now) {
  if (const auto at = parseRfc3339(trim(body.meta("quotaResetTimeStamp")))) {
    if (const auto hint = after(*at - now, now, RetryHint::Source::Reset)) return hint;
  }
  const auto delay = parseDuration(trim(body.meta("quotaResetDelay")));
  return delay ? after(*delay, now, RetryHint::Source::Reset) : std::nullopt;
}

}  // namespace

std::optional<Millis> delayInMessage(std::string_view message) {
  const auto text = toLower(message);
  for (const auto leadIn : kLeadIns) {
    for (auto at = text.find(leadIn); at != std::string::npos; at = text.find(leadIn, at + 1)) {
      const auto delay = leadingDelay(std::string_view(text).substr(at + leadIn.size()));
      if (delay && *delay > Millis{0}) return delay;
    }
  }
  return std::nullopt;
}

std::optional<RetryHint> findRetryHint(const ErrorBody& body, const http::Headers& headers,
                                       Instant now) {
  if (const auto hint = resetHint(body, now)) return hint;
  if (body.retryDelay) return after(*body.retryDelay, now, RetryHint::Source::Details);
  if (const auto delay = delayInMessage(body.message)) {
    return after(*delay, now, RetryHint::Source::Message);
  }
  const auto field = headers.get("retry-after");
  const auto at = field ? http::parseRetryAfter(*field, now) : std::nullopt;
  return at ? after(*at - now, now, RetryHint::Source::Header) : std::nullopt;
}

}  // namespace rondo::google
