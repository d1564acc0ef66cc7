#pragma once

#include <optional>
#include <string>
#include <utility>

#include "gateway/google_refusal.h"
#include "gateway/passed_answer.h"
#include "gateway/question.h"
#include "gateway/services.h"

namespace rondo::gateway {

// The query's parameter by which the address of an upload tells with which credential it began.
inline constexpr std::string_view kUploadCredential = "x-rondo-credential";

// A call to what belongs to a credential and not to a model, in Google's own dialect.
class ResourceQuestion : public Question {
 public:
  // Marked: ids in the answer are told so that they carry the credential (gateway/marked_id.h).
  enum class Ids { AsTheyAre, Marked };

  // `body` goes in place of the client's, where there is one. `conversation`: what stays with one
  // credential, since it brings signatures back; or empty. `exchange` outlives it.
  ResourceQuestion(Exchange& exchange, Ids ids, std::optional<std::string> body = {},
                   std::string conversation = {})
      : exchange_(exchange),
        ids_(ids),
        own_(std::move(body)),
        conversation_(std::move(conversation)),
        stream_(exchange) {}

  Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                  const ModelName& model) const override;
  bool canGoThrough(const credentials::Credential& credential) const override;
  // Whoever answered the conversation last, whose signatures it brings back.
  std::string preferred() const override;
  // A client's files and caches lie together, so that one request may name several; and so do the
  // turns of a conversation.
  std::string affinityKey() const override;
  // What has been made twice is there twice.
  bool isRepeatable() const override;
  Task<Result<MadeBody>> bodyFor(const ModelName& model, const Attempt& attempt) override;
  Task<Heard> heard(const Attempt& attempt, google::Refusal refusal, std::string body) override;
  void forgetRefusal() override { refused_.reset(); }
  Task<std::optional<AnswerFault>> begin(const ModelName& model, const Attempt& attempt,
                                         host::Fetched answer) override;
  http::Headers presented(const http::Headers& authorization) const override;

  // Of the last attempt, when it was the request that Google refused, or had no room for.
  const std::optional<GoogleRefusal>& refused() const { return refused_; }

  // Of an answer in JSON whose ids are marked: all of it.
  const std::string& text() const { return text_; }

  // After an answer has begun: answers with it, `headers` added.
  Task<void> passOn(http::Headers headers);

 private:
  Task<std::optional<std::string>> placed(const Attempt& attempt) const;
  Task<bool> isSpentByBody(const google::Refusal& refusal) const;
  const NativeCall& call() const { return exchange_.request.native; }
  bool isJson() const;
  bool isEvents() const;
  Task<std::optional<AnswerFault>> beginStream();
  Task<std::optional<AnswerFault>> readText();
  Task<void> passEvents();
  std::string ours(std::string_view url) const;
  std::optional<std::string> marked(std::string_view id) const;

  Exchange& exchange_;
  Ids ids_;
  std::optional<std::string> own_;
  std::string conversation_;
  host::Fetched answer_;
  PassedAnswer stream_;  // In place of `answer_`, where an error at its beginning is no answer.
  bool isStream_ = false;
  std::string text_;
  std::string servedBy_;  // By id.
  std::optional<GoogleRefusal> refused_;
  bool isSent_ = false;
};

}  // namespace rondo::gateway
