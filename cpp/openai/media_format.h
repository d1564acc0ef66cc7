#pragma once

#include "conversation/dialect.h"
#include "openai/error.h"

// What the dialects of media share: theirs are OpenAI's errors, and no model of theirs is asked for
// most settings of a chat.

namespace rondo::openai {

class MediaFormat : public conversation::AnswerFormat {
 public:
  // `content` is the field of what is to be drawn, spoken or heard; `order` that of how.
  MediaFormat(std::string_view content, std::string_view order)
      : content_(content), order_(order) {}

  std::string_view fieldOf(conversation::Setting setting) const override {
    using enum conversation::Setting;
    if (setting == ImageSize || setting == Voice || setting == Transcript) return order_;
    if (setting == Temperature) return "temperature";
    if (setting == Languages) return "language";
    return setting == Modalities ? "model" : content_;
  }

 private:
  std::string_view content_;
  std::string_view order_;
};

class MediaDialect : public conversation::Dialect {
 public:
  conversation::ErrorAnswer error(const Error& error,
                                  const conversation::ErrorContext&) const override {
    return {errorStatus(error), errorBody(error)};
  }

  std::string_view keepAlive() const override { return ": keep-alive\n\n"; }
};

}  // namespace rondo::openai
