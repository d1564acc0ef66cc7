#include "base/redact.h"

#include <algorithm>
#include <array>

namespace rondo {
namespace {

constexpr std::string_view kBlot = "[redacted]";

// How the secrets begin that Google issues: API keys, old and new; access tokens; refresh tokens;
// JWTs; private keys.
constexpr std::array<std::string_view, 6> kBeginnings = {"AIza", "AQ.", "ya29.",
                                                         "1//",  "eyJ", "-----BEGIN"};

bool isSecretCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-_./+=").find(c) != std::string_view::npos;
}

bool isWordCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// The length of the secret at `at`, 0 when there is none. Shorter runs are ordinary words.
std::size_t secretAt(std::string_view text, std::size_t at) {
  constexpr std::size_t kShortest = 10;
  if (at > 0 && isWordCharacter(text[at - 1])) return 0;
  const auto rest = text.substr(at);
  const bool begins = std::ranges::any_of(
      kBeginnings, [rest](std::string_view beginning) { return rest.starts_with(beginning); });
  if (!begins) return 0;
  const auto end = std::ranges::find_if_not(rest, isSecretCharacter);
  const auto length = static_cast<std::size_t>(end - rest.begin());
  return length < kShortest ? 0 : length;
}

std::string inOneLine(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') {
      blank = !out.empty();
    } else {
      if (blank) out += ' ';
      blank = false;
      out += c;
    }
  }
  return out;
}

void cut(std::string& text, std::size_t limit) {
  if (text.size() <= limit) return;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  text.resize(limit);
}

}  // namespace

std::string redact(std::string_view text, std::size_t limit) {
  const auto line = inOneLine(text);
  std::string out;
  for (std::size_t i = 0; i < line.size() && out.size() <= limit;) {
    const auto length = secretAt(line, i);
    if (length > 0) {
      out += kBlot;
      i += length;
    } else {
      out += line[i++];
    }
  }
  cut(out, limit);
  return out;
}

}  // namespace rondo
