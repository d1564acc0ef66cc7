#include "anthropic/messages_dialect.h"

#include <utility>

#include "anthropic/error.h"
#include "anthropic/messages_request.h"
#include "anthropic/messages_response.h"

namespace rondo::anthropic {
namespace {

using conversation::Answer;
using conversation::AnswerHead;
using conversation::Purpose;
using conversation::Setting;

class MessageFormat : public conversation::AnswerFormat {
 public:
  std::unique_ptr<conversation::StreamWriter> stream(const AnswerHead& head) const override {
    return std::make_unique<MessageWriter>(head);
  }

  Result<std::string> whole(const AnswerHead& head, Answer answer) const override {
    return messageBody(head, std::move(answer));
  }

  std::string_view fieldOf(Setting setting) const override {
    switch (setting) {
      case Setting::MaxTokens: return "max_tokens";
      case Setting::Temperature: return "temperature";
      case Setting::TopP: return "top_p";
      case Setting::TopK: return "top_k";
      case Setting::Stop: return "stop_sequences";
      case Setting::ResponseFormat: return "output_config.format";
      case Setting::Effort: return "output_config.effort";
      case Setting::ThinkingBudget: return "thinking.budget_tokens";
      case Setting::Tools: return "tools";
      case Setting::ToolChoice: return "tool_choice";
      case Setting::ServiceTier: return "service_tier";
      case Setting::Metadata: return "metadata";
      case Setting::Messages:
      // A request has no such fields.
      case Setting::PresencePenalty:
      case Setting::FrequencyPenalty:
      case Setting::Candidates:
      case Setting::Seed:
      case Setting::Logprobs:
      case Setting::TopLogprobs:
      case Setting::Modalities:
      case Setting::SafetySettings:
      case Setting::CachedContent:
      case Setting::ImageSize:
      case Setting::Voice:
      case Setting::Transcript:
      case Setting::Languages: break;
    }
    return "messages";
  }
};

class TokenCountFormat : public MessageFormat {
 public:
  Result<std::string> whole(const AnswerHead&, Answer answer) const override {
    return tokenCountBody(answer);
  }
};

template <Purpose purpose, class Format>
class MessagesDialect : public conversation::Dialect {
 public:
  Result<conversation::Sent> read(std::string_view body,
                                  const conversation::BesideBody&) const override {
    auto request = parseMessagesRequest(body, purpose);
    if (!request) return fail(request.error());
    return conversation::Sent{std::move(*request), std::make_unique<Format>()};
  }

  conversation::ErrorAnswer error(const Error& error,
                                  const conversation::ErrorContext& context) const override {
    return {errorStatus(error), errorBody(error, context.requestId)};
  }

  std::string_view keepAlive() const override {
    return "event: ping\ndata: {\"type\":\"ping\"}\n\n";
  }
};

}  // namespace

const conversation::Dialect& messagesDialect() {
  static const MessagesDialect<Purpose::Answer, MessageFormat> dialect;
  return dialect;
}

const conversation::Dialect& tokenCountDialect() {
  static const MessagesDialect<Purpose::Count, TokenCountFormat> dialect;
  return dialect;
}

}  // namespace rondo::anthropic
