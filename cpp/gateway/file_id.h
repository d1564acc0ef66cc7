#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "credentials/credential.h"
#include "gateway/client_request.h"
#include "google/file.h"
#include "host/entropy.h"
#include "openai/files.h"

// Files are kept by Google alone, so their names and ids say all that is to be known of them: whose
// they are, what they are for, and with which credential they lie. Clients may choose names as well
// (docs/gemini.md), so a name ends with a mark that nobody makes who hasn't the credential's
// secret.

namespace rondo::gateway {

// Google's name for a file that this client uploads with this credential: "files/user-data-" and
// digits, within the 40 characters that Google allows.
std::string newFileName(openai::FilePurpose purpose, const Client& client,
                        const credentials::Credential& credential, host::Entropy& entropy);

// What the file is for, of a name that the credential tells; nothing for one that isn't ours, or is
// another client's.
std::optional<openai::FilePurpose> purposeOfFile(std::string_view name, const Client& client,
                                                 const credentials::Credential& credential);

// What an id stands for.
struct FileId {
  std::string credential;  // The id of the one with which it lies.
  std::string name;        // "files/…"
  std::string mimeType;
};

// "file-…", of the URL's alphabet.
std::string writeFileId(const FileId& id);

// Nothing for what writeFileId doesn't write. Whose file it is, and whether there is one, is not
// said.
std::optional<FileId> readFileId(std::string_view text);

// A client's own file.
struct OwnFile {
  const credentials::Credential* credential;  // The one with which it lies.
  std::string name;                           // "files/…"
  std::string mimeType;
  openai::FilePurpose purpose;
};

// What an id stands for, for this client. Nothing for what is no id, one of a credential that isn't
// among these, and one of another client's file. Whether Google has it is not said. The result
// points into `credentials`.
std::optional<OwnFile> findOwnFile(std::string_view id, const Client& client,
                                   const std::vector<credentials::Credential>& credentials);

// Whether the text is meant to be such an id.
bool looksLikeFileId(std::string_view text);

}  // namespace rondo::gateway
