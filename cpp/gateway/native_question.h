#pragma once

#include <optional>
#include <string>
#include <utility>

#include "gateway/google_refusal.h"
#include "gateway/native_call.h"
#include "gateway/passed_answer.h"
#include "gateway/question.h"
#include "gateway/services.h"
#include "translation/native_mend.h"

namespace rondo::gateway {

// A request in Google's own dialect as a question to a model. Its body goes to Google as it came,
// and the answer to the client: of either nothing is looked at but how a stream begins, since an
// error there can still be made good by another attempt.
class NativeQuestion : public Question {
 public:
  // `model` is the one that is asked for. `body` goes in place of the client's, where there is one.
  // `exchange` outlives it.
  NativeQuestion(Exchange& exchange, ModelName model, std::optional<std::string> body);

  Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                  const ModelName& model) const override;
  bool canGoThrough(const credentials::Credential& credential) const override;
  bool isRepeatable() const override;
  // Vectors of two models can't be compared, and a cache is of one model.
  Task<bool> mayFallBack() override;
  std::string preferred() const override;
  std::string affinityKey() const override;
  std::string conversation() const override;
  Task<Result<MadeBody>> bodyFor(const ModelName& model, const Attempt& attempt) override;
  Task<Heard> heard(const Attempt& attempt, google::Refusal refusal, std::string body) override;
  void forgetRefusal() override;
  Task<std::optional<AnswerFault>> begin(const ModelName& model, const Attempt& attempt,
                                         host::Fetched answer) override;

  Task<bool> asksForHostedTools() override;
  credentials::ModelUse use() const override;
  // A body of the client's may bring Google to say anything: that is held against nobody else.
  std::string remembersAs(const ModelName& model) const override;

  // Of the last attempt with the model that was asked for, when it was the request that Google
  // refused. What another one says of it, in its stead, tells nothing of that.
  const std::optional<GoogleRefusal>& refused() const { return refused_; }

  // After an answer has begun: answers with it, `headers` added.
  Task<void> passOn(http::Headers headers);

 private:
  const NativeCall& call() const { return exchange_.request.native; }
  bool isSuited(const credentials::Credential& credential) const;
  bool isAnySuited() const;
  // Whether the request is written in the form of another back-end than the credential's, which
  // could be asked.
  bool isForeignTo(const credentials::Credential& credential) const;
  // What goes in place of the body that is held.
  Task<std::optional<translation::Mended>> bodyInPlace(const ModelName& model,
                                                       const Attempt& attempt);
  Task<std::optional<translation::Mended>> mend(google::FeatureSet refused);
  // Whether the body has more to leave out when that is refused.
  Task<bool> hasMore(const Attempt& attempt, const google::RefusedFeature& refused);
  // Adds what it finds in the body.
  Task<bool> isOfThisBody(const google::Refusal& refusal, const Attempt& attempt,
                          google::FeatureSet& found) const;
  Task<std::optional<std::string>> unwrapped();
  Task<std::optional<std::string>> rename(const ModelName& model);
  void noteRefusal(int status, std::string_view body);
  void noteMaker(const credentials::Credential& credential);

  Exchange& exchange_;
  ModelName asked_;
  bool prefersSuited_;        // Whether anybody's back-end has the verb for that model.
  bool staysAtHome_ = false;  // Only the back-end whose form it is is asked from now on.
  bool isOfAsked_ = true;
  std::optional<std::string> own_;
  PassedAnswer answer_;
  std::optional<GoogleRefusal> refused_;
  bool isSent_ = false;
};

}  // namespace rondo::gateway
