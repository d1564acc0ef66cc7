#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "translation/model_limits.h"
#include "translation/signatures.h"

namespace rondo::translation {

// What to change after a 400 about something that was set on our own account or that this model
// doesn't take. The request is translated again with `limits` and `signatures`.
struct Mend {
  ModelLimits limits;                                  // To remember for the model.
  SignaturePolicy signatures = SignaturePolicy::Keep;  // For this request alone.
  std::string word;  // For `x-rondo-adjusted`, beside what the new translation tells.
};

// `errorJson` is Google's {"error":{…}}, alone or in a list, `sentBody` what was sent, `limits`
// those it was made with. Nothing when the fault is the user's own, is not understood, or `limits`
// has it already.
std::optional<Mend> mend(std::string_view errorJson, std::string_view sentBody,
                         const ModelLimits& limits);

}  // namespace rondo::translation
