#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/client_request.h"
#include "google/file.h"
#include "host/entropy.h"
#include "openai/files.h"

// Files are kept by Google alone, so their names and ids say all that is to be known of them: whose
// they are, what they are for, and with which credential they lie.

namespace rondo::gateway {

// Google's name for a file that this client uploads: "files/user-data-OWNER-RANDOM", within the 40
// characters that Google allows.
std::string newFileName(openai::FilePurpose purpose, const Client& client, host::Entropy& entropy);

// What the file is for; nothing for a name that isn't one of ours, or is another client's.
std::optional<openai::FilePurpose> purposeOfFile(std::string_view name, const Client& client);

// What an id stands for.
struct FileId {
  std::string credential;  // The id of the one with which it lies.
  std::string name;        // "files/…"
  std::string mimeType;
};

// "file-…", of the URL's alphabet.
std::string writeFileId(const FileId& id);

// Nothing for what writeFileId doesn't write, or of a file that isn't this client's. That there is
// such a credential, or such a file, is not said.
std::optional<FileId> readFileId(std::string_view text, const Client& client);

// Whether the text is meant to be such an id.
bool looksLikeFileId(std::string_view text);

}  // namespace rondo::gateway
