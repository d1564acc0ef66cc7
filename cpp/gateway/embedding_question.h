#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/embedding_work.h"
#include "gateway/question.h"
#include "gateway/services.h"

namespace rondo::gateway {

// The back-ends of the credentials that serve the model, each once.
std::vector<google::Backend> backendsServing(const credentials::CredentialManager& pool,
                                             std::string_view model);

// One call's share of the work as a question to a model. It is cut anew for each attempt, as the
// attempt's back-end takes it.
class EmbeddingQuestion : public Question {
 public:
  // Takes its share at once, of work that has some left, as `likely` takes it. Both outlive it.
  EmbeddingQuestion(Exchange& exchange, EmbeddingWork& work, google::Backend likely);
  // What wasn't answered goes back.
  ~EmbeddingQuestion() override;
  EmbeddingQuestion(const EmbeddingQuestion&) = delete;
  EmbeddingQuestion& operator=(const EmbeddingQuestion&) = delete;

  Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                  const ModelName& model) const override;
  // Not where what is left takes more calls than the request may make, while there are others.
  bool canGoThrough(const credentials::Credential& credential) const override;
  credentials::ModelUse use() const override { return credentials::ModelUse::Embedding; }
  // Whoever answered last: one credential needs one token, and is known to be good.
  std::string preferred() const override { return work_.servedBy(); }
  Task<Result<MadeBody>> bodyFor(const ModelName& model, const Attempt& attempt) override;
  Task<std::optional<AnswerFault>> begin(const ModelName& model, const Attempt& attempt,
                                         host::Fetched answer) override;
  std::string paramOf(const std::string& googleField) const override;

 private:
  Task<std::expected<std::string, AnswerFault>> readAll(host::Body& body);
  std::optional<AnswerFault> keep(std::string_view text, const credentials::Credential& credential);
  bool fits(google::Backend backend) const;

  Exchange& exchange_;
  EmbeddingWork& work_;
  EmbeddingWork::Batch batch_;
};

}  // namespace rondo::gateway
