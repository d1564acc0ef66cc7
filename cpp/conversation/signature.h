#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// Google's thought signatures, and the one spelling in which dialects that have a place for an
// opaque text carry them (`encrypted_content` in Responses, `signature` in Messages). Facts:
// ai.google.dev/gemini-api/docs/thought-signatures.

namespace rondo::conversation {

// Who made a thought signature. Another maker's signature is refused by Google.
struct SignatureOrigin {
  std::string credentialKind;  // "service_account", "api_key" …
  std::string group;           // ModelFamily::signatureGroup
  // The id of the credential, where it is known: it takes its own signatures back for certain, and
  // holds the conversation in its cache.
  std::string credentialId = {};

  friend bool operator==(const SignatureOrigin&, const SignatureOrigin&) = default;
};

// Whether what the one made may go to the other. Google refuses signatures of another kind of
// credential, of another family, and as others report (google-gemini/gemini-cli#13467) of another
// account; where either credential is not known, it is taken for the same.
bool isSameMaker(const SignatureOrigin& one, const SignatureOrigin& other);

struct ThoughtSignature {
  std::string value;
  std::optional<SignatureOrigin> origin = {};  // None where the client's dialect doesn't tell.

  ThoughtSignature() = default;
  ThoughtSignature(std::string signature) : value(std::move(signature)) {}
  ThoughtSignature(std::string_view signature) : value(signature) {}
  ThoughtSignature(const char* signature) : value(signature) {}
  ThoughtSignature(std::string signature, SignatureOrigin whose)
      : value(std::move(signature)), origin(std::move(whose)) {}

  bool empty() const { return value.empty(); }

  friend bool operator==(const ThoughtSignature&, const ThoughtSignature&) = default;
};

// What a client carries for us from an answer to the next request.
enum class Carried : std::uint8_t {
  CallSignature,  // Of the call `callId`.
  TextSignature,  // Of the text that the model wrote last before it.
  HostedPart,     // A part of Google's own tools, its JSON: see conversation::HostedPart.
  Summary,        // What a compacted conversation came to: plain text.
};

struct Envelope {
  Carried what = Carried::CallSignature;
  SignatureOrigin origin;
  std::string callId;  // Of CallSignature, else empty.
  std::string value;
};

// Visible ASCII: versioned, with a checksum, readable by whoever looks. The same for the same.
std::string seal(const Envelope& envelope);

// Nothing for what is no envelope of ours, of another version, or damaged.
std::optional<Envelope> unseal(std::string_view text);

}  // namespace rondo::conversation
