#include "gateway/file_id.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <variant>

#include "base/base64.h"
#include "base/hmac.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using openai::FilePurpose;

constexpr std::string_view kId = "file-";
constexpr std::string_view kFiles = "files/";
constexpr std::string_view kHexadecimal = "0123456789abcdef";
constexpr std::size_t kCredentialDigits = 16;
constexpr std::size_t kRandomBytes = 6;
constexpr std::size_t kRandomDigits = 2 * kRandomBytes;
constexpr std::size_t kMarkBytes = 8;
constexpr std::size_t kMaxIdBytes = 512;

std::string_view wordOf(FilePurpose purpose) {
  switch (purpose) {
    case FilePurpose::Assistants: return "assistants";
    case FilePurpose::Vision: return "vision";
    case FilePurpose::UserData: break;
  }
  return "user-data";
}

std::string randomDigits(host::Entropy& entropy) {
  std::array<std::uint8_t, kRandomBytes> bytes{};
  entropy.fill(bytes);
  return hexOf(bytes);
}

struct SecretOf {
  const Secret& operator()(const credentials::ServiceAccountKey& key) const { return key.pkcs8; }
  const Secret& operator()(const credentials::RefreshGrant& grant) const {
    return grant.refreshToken;
  }
  const Secret& operator()(const credentials::ApiKey& key) const { return key.key; }
};

// What tells that this gateway has made a name, for this client.
std::string markOf(std::string_view beginning, const Client& client, const Credential& credential) {
  const Secret& secret = std::visit(SecretOf{}, credential.grant);
  const std::string message = "rondo file\n" + std::string(beginning) + "\n" + client.name;
  const auto mark = hmacSha256(secret.reveal(), message);
  return hexOf(std::span(mark).first<kMarkBytes>());
}

bool isHexadecimal(std::string_view text) {
  return text.find_first_not_of(kHexadecimal) == std::string_view::npos;
}

// RFC 6838, 4.2.
bool isMimeType(std::string_view text) {
  const auto isName = [](std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("!#$&-^_.+").contains(c);
    });
  };
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && isName(text.substr(0, slash)) &&
         isName(text.substr(slash + 1));
}

// Up to the next slash, which goes too.
std::string_view takePiece(std::string_view& text) {
  const std::size_t end = std::min(text.find('/'), text.size());
  const auto piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

}  // namespace

std::string newFileName(FilePurpose purpose, const Client& client, const Credential& credential,
                        host::Entropy& entropy) {
  std::string name(kFiles);
  name.append(wordOf(purpose)).append("-").append(randomDigits(entropy));
  return name + markOf(name, client, credential);
}

std::optional<FilePurpose> purposeOfFile(std::string_view name, const Client& client,
                                         const Credential& credential) {
  for (const auto purpose : {FilePurpose::Assistants, FilePurpose::Vision, FilePurpose::UserData}) {
    const std::string word = std::string(kFiles).append(wordOf(purpose)).append("-");
    if (!name.starts_with(word)) continue;
    const auto beginning = name.substr(0, word.size() + kRandomDigits);
    const auto mark = name.substr(beginning.size());
    return mark == markOf(beginning, client, credential) ? std::optional(purpose) : std::nullopt;
  }
  return std::nullopt;
}

std::string writeFileId(const FileId& id) {
  const std::string name = id.name.substr(std::min(kFiles.size(), id.name.size()));
  return std::string(kId) + encodeBase64Url(id.credential + "/" + name + "/" + id.mimeType);
}

std::optional<FileId> readFileId(std::string_view text) {
  if (!looksLikeFileId(text) || text.size() > kMaxIdBytes) return std::nullopt;
  const auto decoded = decodeBase64(text.substr(kId.size()));
  if (!decoded) return std::nullopt;
  std::string_view rest = *decoded;
  FileId id;
  id.credential = takePiece(rest);
  id.name = std::string(kFiles) + std::string(takePiece(rest));
  id.mimeType = rest;
  const bool isSound = id.credential.size() == kCredentialDigits && isHexadecimal(id.credential) &&
                       isMimeType(id.mimeType) && writeFileId(id) == text;
  return isSound ? std::optional(std::move(id)) : std::nullopt;
}

std::optional<OwnFile> findOwnFile(std::string_view id, const Client& client,
                                   const std::vector<Credential>& credentials) {
  auto read = readFileId(id);
  if (!read) return std::nullopt;
  const auto credential = std::ranges::find(credentials, read->credential, &Credential::id);
  if (credential == credentials.end()) return std::nullopt;
  const auto purpose = purposeOfFile(read->name, client, *credential);
  if (!purpose) return std::nullopt;
  return OwnFile{&*credential, std::move(read->name), std::move(read->mimeType), *purpose};
}

bool looksLikeFileId(std::string_view text) { return text.starts_with(kId); }

}  // namespace rondo::gateway
