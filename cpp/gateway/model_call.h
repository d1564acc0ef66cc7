#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "gateway/attempt.h"
#include "gateway/judgement.h"
#include "gateway/question.h"
#include "gateway/services.h"

namespace rondo::gateway {

// Why there is no answer.
struct Rejection {
  Error error;  // for the client
  enum class Blame {
    Pool,     // Nobody could serve it now: another model may.
    Request,  // It would be refused again, whoever asks.
  } blame = Blame::Pool;
};

// One question to one model: THE ATTEMPT LOOP. Each attempt goes through the next credential of the
// pool; what a refusal means is judged in one place (gateway/judgement.h), and the next attempt is
// made within the same request. Bounded by MAX_ATTEMPTS, by ATTEMPT_DEADLINE_MS and by the calls
// that one request may make in all. What is mended is asked through the same credential again, once
// for each feature, and is no attempt of its own. A request that names a credential is asked
// through that one alone. When all cool and one is free again within three seconds, that is waited
// for.
class ModelCall {
 public:
  // Both outlive the call.
  ModelCall(Exchange& exchange, Question& question, ModelName model);

  // The attempt whose answer the question has begun to read, or why there is none.
  Task<std::expected<Attempt, Rejection>> run();

 private:
  // Where the loop goes: the attempt to make, the next credential, or nowhere.
  struct Elsewhere {};
  using Next = std::variant<Attempt, Elsewhere, Rejection>;

  Task<credentials::Turn::Tools> toolsThatMatter() const;
  Task<std::expected<Attempt, Rejection>> elsewhere();
  const credentials::Credential* choose(Instant now) const;
  Task<bool> waitForReset();
  bool mayTry(Instant now) const;
  Attempt freshAttempt(const credentials::Credential& credential) const;

  // Makes the call and has its answer read. What it came to, when that is nothing.
  Task<std::optional<Loss>> make(Attempt& attempt);
  Task<std::optional<Loss>> send(Attempt& attempt, http::Request request);

  Next after(Loss loss);
  Next mended(const Loss& loss) const;
  Rejection exhausted() const;
  Error unavailable(std::span<const std::string> without) const;
  std::vector<std::string> unsuited() const;
  bool isAnyFree(Instant now, std::span<const std::string> without) const;
  Rejection passedOn(const Loss& loss) const;
  void record(const Attempt& attempt, const google::Refusal& refusal, std::string outcome);

  // What the losses say.
  bool isSpent(const credentials::Credential& credential) const;
  std::vector<std::string> spent() const;
  const credentials::Credential* awayFrom() const;

  Exchange& exchange_;
  Question& question_;
  ModelName model_;
  std::string pooled_;                               // Its name in the pool.
  const credentials::Credential* pinned_ = nullptr;  // No other one is asked.
  // What was lost so far, in order, and what was made of it. Everything else follows from it.
  std::vector<Lost> losses_;
  Millis waited_{};
  credentials::Turn::Tools tools_ = credentials::Turn::Tools::None;
};

}  // namespace rondo::gateway
