#pragma once

#include <string_view>

#include "conversation/request.h"
#include "google/model_family.h"
#include "translation/signature_store.h"

namespace rondo::translation {

// Google's documented stand-in for a thought signature that is not at hand
// (ai.google.dev/gemini-api/docs/thought-signatures).
inline constexpr std::string_view kDummySignature = "skip_thought_signature_validator";

enum class SignaturePolicy {
  Keep,     // Those that fit; the dummy where Google demands one and none fits.
  Dummies,  // The dummy everywhere: the retry after a refused signature.
};

// What becomes of a signature that Google doesn't demand and whose maker nobody tells: chat
// completions carry it as Google spelled it. LeftOut where it is likely another credential's, which
// would cost a refused call.
enum class UnknownMakers { Trusted, LeftOut };

// Where a call stands: Google demands a signature on the first call of each step of the current
// exchange, and takes none that was made for another.
enum class CallPlace { FirstOfCurrentStep, FirstOfOlderStep, Later };

// Whether a signature may be one of Google's at all: clients that rewrite what they carry give
// themselves away.
bool isIntactSignature(std::string_view signature);

// Chooses what to send as a part's thoughtSignature. Borrows everything it is made of; the store
// may be null.
class Signatures {
 public:
  Signatures(const google::ModelFamily& family, conversation::SignatureOrigin goingTo,
             SignaturePolicy policy, UnknownMakers unknownMakers, const ClientSignatures* store);

  // Empty: none is sent. `thoughts` is one that came apart from the call, right before it.
  std::string_view forCall(const conversation::CallPart& call,
                           const conversation::ThoughtSignature* thoughts, CallPlace place) const;
  std::string_view forText(const conversation::ThoughtSignature& signature) const;
  // Of one that the model made: it may demand it.
  std::string_view forImage(const conversation::ThoughtSignature& signature) const;
  // Whose signatures and parts go out as they are.
  const conversation::SignatureOrigin& origin() const { return origin_; }

 private:
  // Whether it is demanded there.
  enum class Need { Demanded, Optional };
  std::string_view usable(const conversation::CallPart& call,
                          const conversation::ThoughtSignature* thoughts, Need need) const;
  std::string_view forContent(const conversation::ThoughtSignature& signature, Need need) const;
  bool fits(const conversation::ThoughtSignature& signature, Need need) const;
  bool mayGoUnknown(Need need) const;

  conversation::SignatureOrigin origin_;
  bool areChecked_;
  SignaturePolicy policy_;
  UnknownMakers unknownMakers_;
  const ClientSignatures* store_;
};

}  // namespace rondo::translation
