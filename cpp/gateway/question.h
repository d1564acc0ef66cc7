#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>

#include "base/task.h"
#include "credentials/model_use.h"
#include "gateway/attempt.h"
#include "gateway/model_name.h"
#include "google/address.h"
#include "google/backend.h"
#include "host/fetcher.h"

namespace rondo::gateway {

// Why a 2xx answer is none, seen before anything of it went to the client. `googleError` is
// Google's own error object in it, or empty.
struct AnswerFault {
  // Unusable: nothing can be made of it. BrokenOff: it ended too early. Final: no other answer to
  // this request would be better.
  enum class Kind { Unusable, BrokenOff, Google, Final } kind = Kind::Unusable;
  Error error;
  std::string googleError;
};

// A refusal, and what the client is told should it be the last, where the refusal doesn't tell.
struct Heard {
  google::Refusal refusal;
  std::optional<Error> error;
  // What a body that is looked at only now has turned out to make use of.
  google::FeatureSet found = {};
};

// What is asked of a model, in the terms of whoever asks: a chat, an embedding. It makes the bodies
// and reads the answers; whom to ask, and how often, is not its business.
class Question {
 public:
  virtual ~Question() = default;

  // The call to a place of Google's, but for who calls and the body. The errors are those of
  // google/address.h.
  virtual Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                          const ModelName& model) const = 0;

  // How the credential's fields go along: mostly as they are.
  virtual http::Headers presented(const http::Headers& authorization) const {
    return authorization;
  }

  // Whether it can be asked through the credential at all.
  virtual bool canGoThrough(const credentials::Credential&) const { return true; }
  // Whether another attempt can be made when one was lost.
  virtual bool isRepeatable() const { return true; }

  // Whether another model may stand in for the one that is asked.
  virtual Task<bool> mayFallBack() { co_return true; }

  // The credential to begin with while it is free, by id; what tells apart what had better stay
  // with one credential under any strategy that goes round; and what tells conversations apart for
  // the sticky one. Each may be empty.
  virtual std::string preferred() const { return {}; }
  virtual std::string affinityKey() const { return {}; }
  virtual std::string conversation() const { return {}; }

  // The body for the attempt's credential, under its limits.
  virtual Task<Result<MadeBody>> bodyFor(const ModelName& model, const Attempt& attempt) = 0;

  // What the attempt's refusal means for the question: mostly what was read of it. `body` is what
  // it was read of.
  virtual Task<Heard> heard(const Attempt&, google::Refusal refusal, std::string /*body*/) {
    co_return Heard{std::move(refusal), std::nullopt};
  }

  // What was kept of the last refusal isn't what the client is told: its pool can't answer now.
  virtual void forgetRefusal() {}

  // Reads a 2xx answer as far as it can still be turned down, and keeps it when it is good.
  virtual Task<std::optional<AnswerFault>> begin(const ModelName& model, const Attempt& attempt,
                                                 host::Fetched answer) = 0;

  // Whether it asks for tools that Google runs.
  virtual Task<bool> asksForHostedTools() { co_return false; }

  // What the model is asked to do, by which the pool keeps apart what it knows of it.
  virtual credentials::ModelUse use() const { return credentials::ModelUse::Generating; }

  // The name under which it is remembered what the model refuses. What is said of a body that Rondo
  // has made holds for all such bodies, and so for the model.
  virtual std::string remembersAs(const ModelName& model) const { return model.google; }

  // The client's field for one of Google's, as Google spells it. The fallback is the field itself.
  virtual std::string paramOf(const std::string& googleField) const { return googleField; }
  // The client's field that names the stored content which can't be had for the reason that the
  // error tells. Empty: there is none, or which one it is can't be told.
  virtual std::string contentField(const Error&) const { return {}; }
};

}  // namespace rondo::gateway
