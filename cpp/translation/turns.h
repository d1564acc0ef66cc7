#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "conversation/request.h"

// A client's turns in the order and shape that Google takes: turns of user and model in
// alternation, the first and as a rule the last of the user, every call answered in the turn after
// it, in the order of the calls. Facts: ai.google.dev/gemini-api/docs/function-calling.

namespace rondo::translation {

// Text that nobody wrote, where Google demands some.
struct FillerText {
  std::string_view text;
};

// Text or a medium, as the client has it. What the model thought isn't told again: Google takes its
// signatures alone, on what follows the thoughts.
struct TextRef {
  const json::Text* text;
  const conversation::ThoughtSignature* signature;  // Null: none.
};
struct MediumRef {
  const conversation::MediaPart* medium;
};

struct CallRef {
  const conversation::CallPart* call;
  bool isFirst = false;  // Of its step: the one that carries the step's signature.
  std::string id = {};   // For Google, the same as its result's; no other call of the step has it.
  // That the thoughts before it brought. Null: none.
  const conversation::ThoughtSignature* signature = nullptr;
};

// What a hosted tool did.
struct HostedRef {
  const conversation::HostedPart* part;
};

struct ResultRef {
  const conversation::CallPart* call;
  const conversation::CallResult* result = nullptr;  // Null: the client gave none.
  std::string id = {};                               // Of the call, for Google.
};

// A tool's result that belongs to no call.
struct StrayResultRef {
  const conversation::CallResult* result;
  // Answered: it names a call that another result has answered, and so no other call.
  enum class Names { Nothing, Answered } names = Names::Nothing;
};

using TurnPart =
    std::variant<FillerText, TextRef, MediumRef, CallRef, HostedRef, ResultRef, StrayResultRef>;

enum class Speaker { User, Model };

struct GoogleTurn {
  Speaker speaker = Speaker::User;
  std::vector<TurnPart> parts;
};

// Borrows from the turns that it was made of.
struct Arrangement {
  std::vector<const conversation::Turn*> system;
  std::vector<GoogleTurn> turns;  // Never empty.
  // The first turn of the current exchange: what comes after the last user turn that is more than
  // results. In it, Google checks the signatures of calls.
  std::size_t current = 0;
};

// Hosted parts of another origin than `goingTo` are left out, and what can be none; all of them
// when it is null.
Arrangement arrange(const std::vector<conversation::Turn>& turns,
                    const conversation::SignatureOrigin* goingTo = nullptr);

}  // namespace rondo::translation
