#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "google/model_family.h"
#include "translation/model_limits.h"

namespace rondo::translation {

// What to change after a 400 about something we set on our own account or this model doesn't take.
struct Mend {
  ModelLimits limits;  // To remember for the model and to translate the request again with.
  bool dummySignatures =
      false;         // Translate again with SignaturePolicy::Dummies; nothing to remember.
  std::string word;  // For `x-rondo-adjusted`.
};

// `errorJson` is Google's {"error":{…}}, `sentBody` what was sent. Nothing when the fault is the
// user's own, is not understood, or was mended before (`limits` has it already).
std::optional<Mend> mend(std::string_view errorJson, std::string_view sentBody,
                         const google::ModelFamily& family, const ModelLimits& limits);

}  // namespace rondo::translation
