#include "openai/chat_dialect.h"

#include <utility>

#include "openai/chat_response.h"
#include "openai/chat_sound.h"
#include "openai/error.h"

namespace rondo::openai {
namespace {

using conversation::Setting;

class ChatFormat : public conversation::AnswerFormat {
 public:
  explicit ChatFormat(ChatStyle style) : style_(style) {}

  std::unique_ptr<conversation::StreamWriter> stream(
      const conversation::AnswerHead& head) const override {
    if (style_.kept) return std::make_unique<KeptChunkWriter>(head, style_);
    return std::make_unique<ChunkWriter>(head, style_);
  }

  Result<std::string> whole(const conversation::AnswerHead& head,
                            conversation::Answer answer) const override {
    if (style_.sound != ChatSound::None) {
      if (auto joined = joinSounds(answer, style_.sound); !joined) return fail(joined.error());
    }
    return completionBody(head, std::move(answer), style_.calls);
  }

  std::string_view fieldOf(Setting setting) const override { return chatField(setting, style_); }

 private:
  ChatStyle style_;
};

class ChatDialect : public conversation::Dialect {
 public:
  explicit ChatDialect(std::string* kept = nullptr) : kept_(kept) {}

  Result<conversation::Sent> read(std::string_view body,
                                  const conversation::BesideBody&) const override {
    auto chat = parseChatRequest(body);
    if (!chat) return fail(chat.error());
    chat->style.kept = kept_;
    return conversation::Sent{std::move(chat->request), std::make_unique<ChatFormat>(chat->style)};
  }

  conversation::ErrorAnswer error(const Error& error,
                                  const conversation::ErrorContext&) const override {
    return {errorStatus(error), errorBody(error)};
  }

  std::string_view keepAlive() const override { return ": keep-alive\n\n"; }

 private:
  std::string* kept_;
};

}  // namespace

std::string_view chatField(Setting setting, const ChatStyle& style) {
  switch (setting) {
    case Setting::MaxTokens: return style.maxTokens;
    case Setting::Temperature: return "temperature";
    case Setting::TopP: return "top_p";
    case Setting::TopK: return "top_k";
    case Setting::PresencePenalty: return "presence_penalty";
    case Setting::FrequencyPenalty: return "frequency_penalty";
    case Setting::Candidates: return "n";
    case Setting::Seed: return "seed";
    case Setting::Stop: return "stop";
    case Setting::Logprobs: return "logprobs";
    case Setting::TopLogprobs: return "top_logprobs";
    case Setting::ResponseFormat: return "response_format";
    case Setting::Modalities: return "modalities";
    case Setting::Effort: return "reasoning_effort";
    case Setting::ThinkingBudget: return style.thinking;
    case Setting::Messages: return "messages";
    case Setting::Tools: return "tools";
    case Setting::ToolChoice: return "tool_choice";
    case Setting::SafetySettings: return "safety_settings";
    case Setting::CachedContent: return "cached_content";
    case Setting::ServiceTier: return "service_tier";
    case Setting::Voice: return "audio";
    case Setting::ImageSize:
    case Setting::Transcript:
    case Setting::Languages:
    case Setting::Metadata: break;
  }
  return "metadata";
}

const conversation::Dialect& chatDialect() {
  static const ChatDialect dialect;
  return dialect;
}

std::unique_ptr<conversation::Dialect> storingChatDialect(std::string& kept) {
  return std::make_unique<ChatDialect>(&kept);
}

}  // namespace rondo::openai
