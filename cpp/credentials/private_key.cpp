#include "credentials/private_key.h"

#include <optional>
#include <string>

#include "base/base64.h"

namespace rondo::credentials {
namespace {

constexpr std::string_view kBegin = "-----BEGIN PRIVATE KEY-----";
constexpr std::string_view kEnd = "-----END PRIVATE KEY-----";

// A run of backslashes with an `n` or `r` behind it is a line end.
std::string withRealLineEnds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    const auto run = text.substr(i).find_first_not_of('\\');
    const auto next = run == std::string_view::npos ? text.size() : i + run;
    const bool escapes = next > i && next < text.size() && (text[next] == 'n' || text[next] == 'r');
    if (escapes) {
      out += '\n';
      i = next + 1;
    } else if (next > i) {
      out.append(text.substr(i, next - i));
      i = next;
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::optional<std::string> otherKind(std::string_view pem) {
  if (pem.find("BEGIN RSA PRIVATE KEY") != std::string_view::npos) {
    return "private_key is PKCS#1 (\"RSA PRIVATE KEY\"); convert it with: openssl pkcs8 -topk8 "
           "-nocrypt -in key.pem";
  }
  if (pem.find("BEGIN ENCRYPTED PRIVATE KEY") != std::string_view::npos) {
    return "private_key is encrypted; decrypt it with: openssl pkcs8 -topk8 -nocrypt -in key.pem";
  }
  if (pem.find("BEGIN EC PRIVATE KEY") != std::string_view::npos) {
    return "private_key is an EC key; Google's service accounts sign with RSA";
  }
  return std::nullopt;
}

// Whether `der` is one ASN.1 SEQUENCE (X.690, 8.1.3) that fills it to the last byte.
bool isWholeSequence(std::string_view der) {
  const auto at = [der](std::size_t i) -> std::size_t {
    return static_cast<unsigned char>(der[i]);
  };
  if (der.size() < 2 || at(0) != 0x30) return false;
  if (at(1) < 0x80) return der.size() == 2 + at(1);
  const auto lengthBytes = at(1) - 0x80;
  if (lengthBytes == 0 || lengthBytes > 3 || der.size() < 2 + lengthBytes) return false;
  std::size_t length = 0;
  for (std::size_t i = 0; i < lengthBytes; ++i) length = length << 8 | at(2 + i);
  return der.size() == 2 + lengthBytes + length;
}

}  // namespace

Checked<Secret> readPkcs8(std::string_view pem) {
  if (auto words = otherKind(pem)) return fault(std::move(*words));
  const auto text = withRealLineEnds(pem);
  const auto begin = text.find(kBegin);
  if (begin == std::string::npos) return fault("private_key has no BEGIN PRIVATE KEY line");
  const auto inside = begin + kBegin.size();
  const auto end = text.find(kEnd, inside);
  if (end == std::string::npos) {
    return fault("private_key has no END PRIVATE KEY line; it may have been cut short");
  }
  auto der = decodeBase64(std::string_view(text).substr(inside, end - inside));
  if (!der) return fault("private_key is not base64 between its BEGIN and END lines");
  if (!isWholeSequence(*der)) {
    return fault("private_key is not a whole PKCS#8 key; it may have been cut short");
  }
  return Secret(std::move(*der));
}

}  // namespace rondo::credentials
