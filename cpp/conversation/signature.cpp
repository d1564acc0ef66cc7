#include "conversation/signature.h"

#include <array>

#include "base/base64.h"
#include "base/sha256.h"

namespace rondo::conversation {
namespace {

// `rondo2.PAYLOAD.CHECKSUM`. A change of what the payload holds is another number.
constexpr std::string_view kVersion = "rondo2.";
constexpr std::size_t kChecksumDigits = 12;

// The payload's lines: what, credential kind, group, credential, call; the value is all that
// follows.
constexpr std::size_t kLines = 5;

constexpr std::array<std::pair<std::string_view, Carried>, 4> kWords = {{
    {"call", Carried::CallSignature},
    {"text", Carried::TextSignature},
    {"hosted", Carried::HostedPart},
    {"summary", Carried::Summary},
}};

std::string_view wordOf(Carried what) {
  for (const auto& [word, each] : kWords) {
    if (each == what) return word;
  }
  return {};
}

std::optional<Carried> carriedOf(std::string_view word) {
  for (const auto& [each, what] : kWords) {
    if (each == word) return what;
  }
  return std::nullopt;
}

std::string checksum(std::string_view payload) {
  return sha256Hex(payload).substr(0, kChecksumDigits);
}

std::optional<Envelope> readPayload(std::string_view payload) {
  std::array<std::string_view, kLines> lines;
  for (auto& line : lines) {
    const std::size_t end = payload.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    line = payload.substr(0, end);
    payload.remove_prefix(end + 1);
  }
  const auto what = carriedOf(lines[0]);
  if (!what) return std::nullopt;
  return Envelope{*what,
                  {std::string(lines[1]), std::string(lines[2]), std::string(lines[3])},
                  std::string(lines[4]),
                  std::string(payload)};
}

}  // namespace

bool isSameMaker(const SignatureOrigin& one, const SignatureOrigin& other) {
  const bool isSameCredential = one.credentialId.empty() || other.credentialId.empty() ||
                                one.credentialId == other.credentialId;
  return one.credentialKind == other.credentialKind && one.group == other.group && isSameCredential;
}

std::string seal(const Envelope& envelope) {
  std::string payload(wordOf(envelope.what));
  const SignatureOrigin& origin = envelope.origin;
  for (const std::string* line :
       {&origin.credentialKind, &origin.group, &origin.credentialId, &envelope.callId}) {
    payload.append("\n").append(*line);
  }
  payload.append("\n").append(envelope.value);
  return std::string(kVersion) + encodeBase64Url(payload) + '.' + checksum(payload);
}

std::optional<Envelope> unseal(std::string_view text) {
  if (!text.starts_with(kVersion)) return std::nullopt;
  text.remove_prefix(kVersion.size());
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto payload = decodeBase64(text.substr(0, dot));
  if (!payload || checksum(*payload) != text.substr(dot + 1)) return std::nullopt;
  return readPayload(*payload);
}

}  // namespace rondo::conversation
