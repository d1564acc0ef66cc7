#pragma once

#include <optional>
#include <string>

#include "gateway/question.h"
#include "gateway/services.h"
#include "google/address.h"

namespace rondo::gateway {

// One call to the Files API, as a question to it. Its answer is read whole: it tells of files and
// holds none.
class FileCall : public Question {
 public:
  struct Call {
    std::string method;
    google::NativeResource resource;
    http::Headers fields;
    std::string body;
    // Whether it may be made again through another credential, or through the same.
    enum class Repeat { Allowed, Denied } repeat = Repeat::Allowed;
    // The client's name for the file that it concerns; empty: none that has to be there.
    std::string file;
  };

  // `exchange` outlives it.
  FileCall(Exchange& exchange, Call call) : exchange_(exchange), call_(std::move(call)) {}

  Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                  const ModelName& model) const override;
  bool canGoThrough(const credentials::Credential& credential) const override;
  // A client's files lie together, so that one request may name several.
  std::string affinityKey() const override;
  bool isRepeatable() const override { return call_.repeat == Call::Repeat::Allowed || !isSent_; }
  Task<Result<MadeBody>> bodyFor(const ModelName& model, const Attempt& attempt) override;
  Task<Heard> heard(const Attempt& attempt, google::Refusal refusal, std::string body) override;
  Task<std::optional<AnswerFault>> begin(const ModelName& model, const Attempt& attempt,
                                         host::Fetched answer) override;

  // After an answer.
  const http::Headers& headers() const { return headers_; }
  const std::string& answer() const { return answer_; }

 private:
  Exchange& exchange_;
  Call call_;
  http::Headers headers_;
  std::string answer_;
  bool isSent_ = false;
};

// Whether the Files API can be called with it at all.
bool hasFiles(const credentials::Credential& credential);

// OpenAI's words for a file that isn't there for the client.
Error fileNotFound(std::string_view id);

}  // namespace rondo::gateway
