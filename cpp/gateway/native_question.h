#pragma once

#include <optional>
#include <string>
#include <utility>

#include "gateway/native_call.h"
#include "gateway/passed_answer.h"
#include "gateway/question.h"
#include "gateway/services.h"

namespace rondo::gateway {

// A request in Google's own dialect as a question to a model. Its body goes to Google as it came,
// and the answer to the client: of either nothing is looked at but how a stream begins, since an
// error there can still be made good by another attempt.
class NativeQuestion : public Question {
 public:
  // Google's own words for what it found wrong with the request.
  struct Refused {
    int status = 0;
    std::string body;
  };

  // `exchange` outlives it.
  explicit NativeQuestion(Exchange& exchange) : exchange_(exchange), answer_(exchange) {}

  Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                  const ModelName& model) const override;
  bool canGoThrough(const credentials::Credential& credential) const override;
  bool isRepeatable() const override;
  std::string conversation() const override;
  Task<Result<MadeBody>> bodyFor(const ModelName& model, const Attempt& attempt) override;
  Heard heard(google::Refusal refusal, std::string body) override;
  Task<std::optional<AnswerFault>> begin(const ModelName& model, const Attempt& attempt,
                                         host::Fetched answer) override;

  // Of the last attempt, when it was the request that Google refused.
  const std::optional<Refused>& refused() const { return refused_; }

  // After an answer has begun: answers with it, `headers` added.
  Task<void> passOn(http::Headers headers) { return answer_.passOn(std::move(headers)); }

 private:
  const NativeCall& call() const { return exchange_.request.native; }
  Task<std::optional<std::string>> mend(google::FeatureSet refused);

  Exchange& exchange_;
  PassedAnswer answer_;
  std::optional<Refused> refused_;
  bool isSent_ = false;
};

}  // namespace rondo::gateway
