#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conversation/dialect.h"
#include "gateway/keeper.h"
#include "gateway/media_fetch.h"
#include "gateway/question.h"
#include "gateway/services.h"
#include "gateway/stream_reply.h"
#include "streaming/answer_stream.h"
#include "translation/request_body.h"

namespace rondo::gateway {

// A conversation as a question to a model: the request in Google's terms for each attempt, and the
// answer in the terms of the client's dialect. Once an answer has begun well it holds that alone:
// the request, which may be tens of megabytes, is given back.
class ChatQuestion : public Question {
 public:
  // `exchange` outlives the question. `asked` is the model as the answers name it.
  ChatQuestion(Exchange& exchange, conversation::Sent sent, std::string asked);

  Result<http::Request> requestTo(const google::BaseUrls& bases, const google::Place& place,
                                  const ModelName& model) const override;
  // A cache is of one model.
  Task<bool> mayFallBack() override { co_return request_.cachedContent.empty(); }
  std::string preferred() const override;
  std::string conversation() const override;
  Task<Result<MadeBody>> bodyFor(const ModelName& model, const Attempt& attempt) override;
  Task<Heard> heard(const Attempt& attempt, google::Refusal refusal, std::string body) override;
  Task<std::optional<AnswerFault>> begin(const ModelName& model, const Attempt& attempt,
                                         host::Fetched answer) override;
  credentials::ModelUse use() const override;
  Task<bool> asksForHostedTools() override { co_return request_.hosted.any(); }
  std::string paramOf(const std::string& googleField) const override;
  std::string contentField(const Error& error) const override;

  const conversation::AnswerFormat& format() const { return *format_; }

  // After an answer has begun.

  // The whole answer, when none was asked for as a stream.
  std::string takeWhole() { return std::move(whole_); }

  // Writes the stream: what is there already, and what comes. Gives why that didn't come to its
  // end; nothing when the client has left. `keeper`, where there is one, is called before the end
  // is written.
  Task<std::optional<streaming::StreamFault>> passOn(StreamReply& reply, Keeper* keeper = nullptr);

  // The last that a stream says after a fault.
  std::string breakOff(const streaming::StreamFault& fault);
  // All that a stream says in which nothing was answered.
  std::string refusal(const Error& error) const;

  // The signatures of the calls in it, where they are to be kept.
  const std::vector<conversation::Envelope>& toldSignatures() const { return told_; }

  // The tokens of a stream so far.
  std::optional<conversation::Usage> usage() const;

 private:
  translation::UnknownMakers unknownMakers() const;
  // What of a stream is made by the time that it is known to be good.
  struct Opening {
    std::string output;
    bool isWhole = false;
  };

  google::Method method() const;
  bool mayUseCache() const;
  Task<Result<void>> fetchFiles(translation::WebMedia webMedia);
  std::vector<WantedFile> wantedFiles(const std::vector<translation::RemoteMedia>& media) const;
  bool isStream() const { return request_.stream == conversation::Streaming::On; }
  template <class Take>
  Task<std::optional<streaming::StreamFault>> readAll(Take& take);
  Task<std::optional<AnswerFault>> count();
  Task<std::optional<AnswerFault>> collect(translation::AnswerContext context);
  std::optional<AnswerFault> written(Result<std::string> whole);
  Task<std::optional<AnswerFault>> beginStream(translation::AnswerContext context);
  Task<std::expected<Opening, streaming::StreamFault>> read();
  translation::AnswerContext contextFor(const ModelName& model, const Attempt& attempt);
  void letGoOfRequest();

  Exchange& exchange_;
  conversation::Request request_;
  std::unique_ptr<const conversation::AnswerFormat> format_;
  conversation::AnswerHead head_;
  translation::FetchedMedia media_;

  std::unique_ptr<host::Body> body_;
  std::optional<streaming::AnswerStream> stream_;
  Opening opening_;
  std::string whole_;
  std::vector<conversation::Envelope> told_;
};

}  // namespace rondo::gateway
