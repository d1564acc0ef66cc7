#pragma once

#include <expected>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/call_endpoint.h"
#include "gateway/services.h"
#include "openai/chat_request.h"
#include "streaming/chat_collector.h"
#include "streaming/chat_stream.h"
#include "translation/model_suffix.h"
#include "translation/request.h"

namespace rondo::gateway {

// A chat completion on its way to Google and back: the request in Google's terms for each attempt,
// and readers for the answer in OpenAI's.
class ChatCall {
 public:
  // `exchange` outlives the call.
  ChatCall(Exchange& exchange, openai::ChatRequest request);
  ChatCall(const ChatCall&) = delete;
  ChatCall& operator=(const ChatCall&) = delete;

  // The next attempt that a back-end answers with 2xx, or the error for the client. A request that
  // Google refuses for something that can be left out is mended and sent again once for each such
  // thing. When the pool can't serve the model, the models that may stand in for it are asked for,
  // in their order; should none serve, the error is the first model's.
  Task<Result<host::Fetched>> next();

  // Readers for the answer that `next` gave. They live no longer than the call.
  streaming::ChatStream makeStream();
  streaming::ChatCollector makeCollector();

  // The answer has begun well.
  void accept() { call_->accept(); }

  // It hasn't: `next` tries elsewhere, or gives the error to answer with.
  void reject(const streaming::StreamFault& fault) {
    call_->reject(fault.error, fault.googleError);
  }

  // What the answer tells about its making: model, credential, attempts, what was adjusted.
  http::Headers headers() const;

 private:
  void aimAt(translation::SuffixedModel target);
  bool fallBack();
  Task<Result<std::string>> bodyFor(const credentials::Credential& credential);
  Result<std::string> translate(const credentials::Credential& credential);
  bool mendAfter(const Rejection& rejection);
  translation::AnswerContext answerContext() const;

  Exchange& exchange_;
  openai::ChatRequest request_;
  std::string callIdSeed_;
  openai::ResponseHead head_;
  std::string asked_;                  // Google's name for what the client asked for.
  translation::SuffixedModel target_;  // Google's name, and the reasoning asked for in ours.
  google::ModelFamily family_;
  std::vector<translation::SuffixedModel> fallbacks_;  // Those that are left, the next one last.
  std::optional<Error> firstError_;                    // Why the model itself couldn't be had.
  translation::SignaturePolicy signatures_ = translation::SignaturePolicy::Keep;
  std::set<std::string> adjusted_;
  std::set<std::string> mended_;
  translation::FetchedMedia media_;
  std::optional<EndpointCall> call_;
};

}  // namespace rondo::gateway
