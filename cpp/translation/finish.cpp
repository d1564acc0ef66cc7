#include "translation/finish.h"

#include <algorithm>
#include <array>

#include "base/redact.h"

namespace rondo::translation {
namespace {

constexpr std::array<std::string_view, 7> kFiltered = {
    "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR"};

constexpr std::array<std::string_view, 5> kMalformed = {
    "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
    "MISSING_THOUGHT_SIGNATURE"};

template <class Words>
bool contains(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string withReason(std::string text, const ChoiceOutcome& outcome) {
  constexpr std::size_t kMaxShown = 300;
  text.append(" (").append(redact(outcome.reason, kMaxShown));
  if (!outcome.message.empty()) text.append(": ").append(redact(outcome.message, kMaxShown));
  return text.append(").");
}

}  // namespace

Result<conversation::FinishReason> finishReason(const ChoiceOutcome& outcome) {
  using conversation::FinishReason;
  const std::string_view reason = outcome.reason;
  if (reason.empty()) {
    return fail(makeError(ErrorKind::Transient,
                          "A server error: Google's answer broke off before its end.",
                          "upstream_incomplete"));
  }
  if (reason == "MAX_TOKENS" || reason == "CONTINUATION") return FinishReason::Length;
  if (contains(kFiltered, reason) || reason.starts_with("IMAGE_")) {
    return FinishReason::Filtered;
  }
  if (contains(kMalformed, reason) || outcome.hasBrokenCall) {
    return fail(makeError(
        ErrorKind::Broken,
        withReason("A server error: the model ended with a call or an answer that can't be read",
                   outcome),
        "malformed_answer"));
  }
  if (outcome.hasCalls) return FinishReason::Calls;
  if (outcome.hasContent || reason != "STOP") return FinishReason::Stop;
  return fail(
      makeError(ErrorKind::Broken,
                withReason("A server error: the model gave an answer with nothing in it", outcome),
                "empty_answer"));
}

}  // namespace rondo::translation
