#include "gateway/file_id.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/base64.h"
#include "base/sha256.h"

namespace rondo::gateway {
namespace {

using openai::FilePurpose;

constexpr std::string_view kId = "file-";
constexpr std::string_view kFiles = "files/";
constexpr std::string_view kHexadecimal = "0123456789abcdef";
constexpr std::size_t kCredentialDigits = 16;
constexpr std::size_t kOwnerDigits = 8;
constexpr std::size_t kRandomBytes = 10;
constexpr std::size_t kMaxIdBytes = 512;

std::string_view wordOf(FilePurpose purpose) {
  switch (purpose) {
    case FilePurpose::Assistants: return "assistants";
    case FilePurpose::Vision: return "vision";
    case FilePurpose::UserData: break;
  }
  return "user-data";
}

std::string ownerOf(const Client& client) { return sha256Hex(client.name).substr(0, kOwnerDigits); }

std::string randomDigits(host::Entropy& entropy) {
  std::array<std::uint8_t, kRandomBytes> bytes{};
  entropy.fill(bytes);
  std::string digits;
  for (const std::uint8_t byte : bytes) {
    digits += kHexadecimal[byte >> 4];
    digits += kHexadecimal[byte & 15];
  }
  return digits;
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

std::string newFileName(FilePurpose purpose, const Client& client, host::Entropy& entropy) {
  std::string name(kFiles);
  name.append(wordOf(purpose)).append("-").append(ownerOf(client)).append("-");
  return name + randomDigits(entropy);
}

std::optional<FilePurpose> purposeOfFile(std::string_view name, const Client& client) {
  if (!name.starts_with(kFiles)) return std::nullopt;
  name.remove_prefix(kFiles.size());
  for (const auto purpose : {FilePurpose::Assistants, FilePurpose::Vision, FilePurpose::UserData}) {
    const std::string beginning = std::string(wordOf(purpose)) + "-" + ownerOf(client) + "-";
    if (!name.starts_with(beginning)) continue;
    const auto random = name.substr(beginning.size());
    if (random.size() == 2 * kRandomBytes && isHexadecimal(random)) return purpose;
  }
  return std::nullopt;
}

std::string writeFileId(const FileId& id) {
  const std::string name = id.name.substr(std::min(kFiles.size(), id.name.size()));
  return std::string(kId) + encodeBase64Url(id.credential + "/" + name + "/" + id.mimeType);
}

std::optional<FileId> readFileId(std::string_view text, const Client& client) {
  if (!looksLikeFileId(text) || text.size() > kMaxIdBytes) return std::nullopt;
  const auto decoded = decodeBase64(text.substr(kId.size()));
  if (!decoded) return std::nullopt;
  std::string_view rest = *decoded;
  FileId id;
  id.credential = takePiece(rest);
  id.name = std::string(kFiles) + std::string(takePiece(rest));
  id.mimeType = rest;
  const bool isSound = id.credential.size() == kCredentialDigits && isHexadecimal(id.credential) &&
                       purposeOfFile(id.name, client) && isMimeType(id.mimeType) &&
                       writeFileId(id) == text;
  return isSound ? std::optional(std::move(id)) : std::nullopt;
}

bool looksLikeFileId(std::string_view text) { return text.starts_with(kId); }

}  // namespace rondo::gateway
