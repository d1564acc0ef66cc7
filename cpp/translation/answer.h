#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "google/answer.h"
#include "openai/chat_response.h"
#include "translation/signature_store.h"
#include "translation/tool_names.h"

// Answer → what it adds to the choices of a chat completion. One AnswerTranslator follows one
// answer, whole or in stream events, so that both say the same.

namespace rondo::translation {

// What the answer's shape depends on.
struct AnswerContext {
  ToolNames names;
  openai::CallStyle callStyle = openai::CallStyle::Tools;
  bool parallelToolCalls = true;
  // Ids of calls that Google gave no usable id are made from this: unique for each answer, at most
  // 24 characters of [A-Za-z0-9_-].
  std::string callIdSeed;
  SignatureOrigin origin;
};

AnswerContext answerContext(const openai::ChatRequest& request, std::string callIdSeed,
                            SignatureOrigin origin);

// What one event adds to one choice.
struct ChoiceDelta {
  int choice = 0;
  openai::MessageDelta delta;
};

struct ChoiceFinish {
  int choice = 0;
  openai::FinishReason reason = openai::FinishReason::Stop;
  openai::MessageDelta last;  // Annotations: known only when the text is.
};

// Why an answer is no answer. `code` of the Error:
//   empty_answer           nothing came, or nothing to show and no reason to show nothing
//   malformed_answer       the model made a call that can't be read
//   upstream_incomplete    it broke off before the end
using AnswerEnd = std::expected<std::vector<ChoiceFinish>, Error>;

class AnswerTranslator {
 public:
  // `store` may be null; else it must outlive the translator and gets the calls' signatures.
  AnswerTranslator(AnswerContext context, SignatureStore* store);

  // In the order Google told it: text, thoughts and calls are never mixed into one delta.
  std::vector<ChoiceDelta> feed(google::Answer answer);

  // After the last event. One finish for each choice, by index; at least one.
  AnswerEnd finish() const;

  // Whether text, a thought, a call or an image has come.
  bool hasOutput() const { return hasOutput_; }

  // The last usage told, since each event's is the running total.
  const std::optional<openai::TokenUsage>& usage() const { return usage_; }

 private:
  struct ChoiceState;
  // (private members follow in the implementation)
  AnswerContext context_;
  SignatureStore* store_;
  bool hasOutput_ = false;
  std::optional<openai::TokenUsage> usage_;
};

}  // namespace rondo::translation
