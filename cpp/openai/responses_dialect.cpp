#include "openai/responses_dialect.h"

#include <utility>

#include "openai/error.h"
#include "openai/responses_body.h"
#include "openai/responses_memory.h"
#include "openai/responses_request.h"
#include "openai/responses_stream.h"

namespace rondo::openai {
namespace {

using conversation::Setting;

class ResponsesFormat : public conversation::AnswerFormat {
 public:
  explicit ResponsesFormat(ResponsesStyle style) : style_(std::move(style)) {}

  std::unique_ptr<conversation::StreamWriter> stream(
      const conversation::AnswerHead& head) const override {
    return std::make_unique<ResponsesStream>(head, style_);
  }

  Result<std::string> whole(const conversation::AnswerHead& head,
                            conversation::Answer answer) const override {
    return responsesBody(head, style_, std::move(answer));
  }

  std::string_view fieldOf(Setting setting) const override {
    switch (setting) {
      case Setting::MaxTokens: return "max_output_tokens";
      case Setting::Temperature: return "temperature";
      case Setting::TopP: return "top_p";
      case Setting::Logprobs: return "include";
      case Setting::TopLogprobs: return "top_logprobs";
      case Setting::ResponseFormat: return "text.format";
      case Setting::Effort: return "reasoning.effort";
      case Setting::ThinkingBudget: return style_.thinking;
      case Setting::Messages: return "input";
      case Setting::Tools:
      case Setting::Modalities: return "tools";
      case Setting::ToolChoice: return "tool_choice";
      case Setting::SafetySettings: return "safety_settings";
      case Setting::CachedContent: return "cached_content";
      case Setting::ServiceTier: return "service_tier";
      // Nothing of these is read here.
      case Setting::TopK: return "top_k";
      case Setting::PresencePenalty: return "presence_penalty";
      case Setting::FrequencyPenalty: return "frequency_penalty";
      case Setting::Candidates: return "n";
      case Setting::Seed: return "seed";
      case Setting::Stop: return "stop";
      case Setting::ImageSize:
      case Setting::Voice:
      case Setting::Transcript:
      case Setting::Languages:
      case Setting::Metadata: break;
    }
    return "metadata";
  }

 private:
  ResponsesStyle style_;
};

class ResponsesDialect : public conversation::Dialect {
 public:
  explicit ResponsesDialect(ResponsesCall call, Storing storing = Storing::Missing,
                            std::string* kept = nullptr, std::string_view memoryField = {})
      : call_(call), storing_(storing), kept_(kept), memoryField_(memoryField) {}

  Result<conversation::Sent> read(std::string_view body,
                                  const conversation::BesideBody&) const override {
    auto responses = parseResponsesRequest(body, call_, storing_);
    if (!responses) return fail(responses.error());
    responses->style.kept = kept_;
    return conversation::Sent{std::move(responses->request),
                              std::make_unique<ResponsesFormat>(std::move(responses->style))};
  }

  conversation::ErrorAnswer error(const Error& error,
                                  const conversation::ErrorContext&) const override {
    return {errorStatus(error), errorBody(ofEarlierTurns(error, memoryField_))};
  }

  std::string_view keepAlive() const override { return ": keep-alive\n\n"; }

 private:
  ResponsesCall call_;
  Storing storing_;
  std::string* kept_;
  std::string memoryField_;
};

}  // namespace

const conversation::Dialect& responsesDialect() {
  static const ResponsesDialect dialect(ResponsesCall::Create);
  return dialect;
}

const conversation::Dialect& responsesCountDialect() {
  static const ResponsesDialect dialect(ResponsesCall::CountTokens);
  return dialect;
}

const conversation::Dialect& responsesCompactDialect() {
  static const ResponsesDialect dialect(ResponsesCall::Compact);
  return dialect;
}

std::unique_ptr<conversation::Dialect> storingResponsesDialect(ResponsesCall call, Storing storing,
                                                               std::string* kept,
                                                               std::string_view memoryField) {
  return std::make_unique<ResponsesDialect>(call, storing, kept, memoryField);
}

}  // namespace rondo::openai
