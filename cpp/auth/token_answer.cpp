#include "auth/token_answer.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "base/redact.h"
#include "json/value.h"

namespace rondo::auth {
namespace {

constexpr std::size_t kLongestWords = 200;

// What the endpoint says is wrong: RFC 6749's word, and a description for people.
struct Complaint {
  std::string word;
  std::string description;
};

// A word that refuses the grant itself, with what an operator can do.
struct DeadlyWord {
  std::string_view word;
  std::string_view advice;
};

constexpr std::array<DeadlyWord, 7> kDeadly = {{
    {"invalid_grant",
     "The refresh token or the key was revoked, has expired or belongs to another client: make a "
     "new one and replace the secret."},
    {"invalid_client", "Check client_id and client_secret."},
    {"unauthorized_client", "The client or the service account may not use this grant."},
    {"deleted_client", "The OAuth client was deleted: make another and log in again."},
    {"disabled_client", "The OAuth client is disabled: enable it or make another."},
    {"admin_policy_enforced", "The organisation's policy forbids this client."},
    {"org_internal", "The OAuth client is for members of its own organisation alone."},
}};

constexpr std::array<std::string_view, 5> kPassing = {"rate_limit_exceeded", "internal_failure",
                                                      "temporarily_unavailable", "server_error",
                                                      "slow_down"};

Complaint complaintOf(const json::Value& answer) {
  Complaint complaint;
  if (const auto word = json::findString(answer, "error")) {
    complaint.word = redact(*word, kLongestWords);
    if (const auto text = json::findString(answer, "error_description")) {
      complaint.description = redact(*text, kLongestWords);
    }
  } else if (const auto* object = json::findObject(answer, "error")) {
    complaint.word =
        toLower(redact(json::findString(*object, "status").value_or(""), kLongestWords));
    complaint.description =
        redact(json::findString(*object, "message").value_or(""), kLongestWords);
  }
  return complaint;
}

std::string wordsOf(const Complaint& complaint) {
  if (complaint.description.empty()) return complaint.word;
  return complaint.word + " (" + complaint.description + ")";
}

Error passing(int status, const std::string& words) {
  return makeError(ErrorKind::Transient,
                   "The token endpoint answered " + std::to_string(status) +
                       (words.empty() ? "." : ": " + words),
                   "token_endpoint_failed");
}

// An assertion that Google finds to lie outside its time is the clock's fault, not the key's.
bool blamesTheClock(const Complaint& complaint) {
  return complaint.description.find("reasonable timeframe") != std::string::npos;
}

Error refusal(int status, const Complaint& complaint) {
  const auto words = wordsOf(complaint);
  if (status == 429 || status >= 500 || complaint.word.empty() || blamesTheClock(complaint) ||
      std::ranges::find(kPassing, complaint.word) != kPassing.end()) {
    return passing(status, words);
  }
  const auto deadly = std::ranges::find(kDeadly, complaint.word, &DeadlyWord::word);
  if (deadly != kDeadly.end()) {
    return makeError(ErrorKind::Unavailable,
                     "Google refused the grant: " + words + ". " + std::string(deadly->advice),
                     std::string(deadly->word));
  }
  return makeError(ErrorKind::Broken, "Google refused the token request: " + words,
                   "token_refused");
}

Millis lifetimeOf(const json::Value& answer) {
  constexpr std::int64_t kUsualSeconds = 3600;
  constexpr std::int64_t kMostSeconds = 7 * 86400;
  const auto seconds = json::findInteger(answer, "expires_in").value_or(kUsualSeconds);
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kMostSeconds));
}

}  // namespace

Result<Minted> readTokenAnswer(int status, std::string_view body, Instant asked) {
  const auto answer = json::parse(body);
  if (!answer || !answer->is_object()) return fail(passing(status, "not a JSON object"));
  if (status < 200 || status > 299) return fail(refusal(status, complaintOf(*answer)));

  const auto token = json::findString(*answer, "access_token").value_or("");
  if (token.empty() || !isVisibleAscii(token)) {
    return fail(makeError(ErrorKind::Broken, "The token endpoint's answer holds no access token.",
                          "token_answer_broken"));
  }
  Minted minted{{Secret(std::string(token)), asked + lifetimeOf(*answer)}, {}};
  minted.refreshToken =
      Secret(std::string(json::findString(*answer, "refresh_token").value_or("")));
  return minted;
}

}  // namespace rondo::auth
