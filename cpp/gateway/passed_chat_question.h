#pragma once

#include <optional>
#include <string>
#include <utility>

#include "gateway/passed_answer.h"
#include "gateway/question.h"
#include "gateway/services.h"
#include "google/features.h"
#include "openai/passed_chat.h"

namespace rondo::gateway {

// A chat completion as a question to a model by way of Google's own endpoint for OpenAI's clients.
// Its body goes there as it came but for the model's name, and the answer comes back as it is.
class PassedChatQuestion : public Question {
 public:
  // `exchange` outlives it, and holds the body that `chat` borrows from. `uses`: what of it Google
  // may refuse.
  PassedChatQuestion(Exchange& exchange, openai::PassedChat chat, google::Uses uses)
      : exchange_(exchange),
        chat_(std::move(chat)),
        uses_(std::move(uses)),
        signedConversation_(exchange.services.pool.credentials().size() < 2
                                ? std::string()
                                : openai::signedConversationOf(chat_)),
        answer_(exchange) {}

  Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                  const ModelName& model) const override;
  http::Headers presented(const http::Headers& authorization) const override;
  bool canGoThrough(const credentials::Credential& credential) const override;
  // A cache is of one model.
  Task<bool> mayFallBack() override;
  std::string preferred() const override;
  std::string affinityKey() const override;
  std::string conversation() const override;
  Task<Result<MadeBody>> bodyFor(const ModelName& model, const Attempt& attempt) override;
  Task<Heard> heard(const Attempt& attempt, google::Refusal refusal, std::string body) override;
  Task<std::optional<AnswerFault>> begin(const ModelName& model, const Attempt& attempt,
                                         host::Fetched answer) override;
  Task<bool> asksForHostedTools() override;
  std::string paramOf(const std::string& googleField) const override;

  // After an answer has begun: answers with it, `headers` added.
  Task<void> passOn(http::Headers headers) { return answer_.passOn(std::move(headers)); }

 private:
  void letGoOfRequest();

  Exchange& exchange_;
  openai::PassedChat chat_;
  google::Uses uses_;
  const std::string signedConversation_;  // Empty where it makes no difference who is asked.
  PassedAnswer answer_;
  std::string param_;  // The field that the last refusal names in OpenAI's shape.
};

}  // namespace rondo::gateway
