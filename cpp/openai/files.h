#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "conversation/request.h"

// OpenAI's files (platform.openai.com/docs/api-reference/files).

namespace rondo::openai {

// What a file that goes to a model is for.
enum class FilePurpose { Assistants, Vision, UserData };

// "assistants", "vision", "user_data".
std::string_view purposeName(FilePurpose purpose);

struct FileUpload {
  conversation::BytesPart file;  // Borrows from the body.
  FilePurpose purpose = FilePurpose::UserData;
};

// The body of `POST /v1/files`. BadRequest with the field for what is no form, for a purpose that
// no model serves, and for an end that the client sets.
Result<FileUpload> readFileUpload(std::string_view body, std::string_view contentType);

struct FileObject {
  std::string id;
  std::int64_t bytes = 0;
  std::int64_t createdAt = 0;  // In seconds since 1970.
  std::optional<std::int64_t> expiresAt;
  std::string name;
  FilePurpose purpose = FilePurpose::UserData;
  // Uploaded: it can't be used yet.
  enum class Status { Uploaded, Processed, Error } status = Status::Processed;
  std::string statusDetails;  // May be empty.
};

// What a list is asked for, as its query has it; each may be empty.
struct FileListQuery {
  std::string limit;
  std::string after;
  std::string order;
  std::string purpose;
};

// Of a query without the question mark. What it has besides, and what is spelled as no text is,
// counts as absent.
FileListQuery readFileListQuery(std::string_view query);

std::string fileBody(const FileObject& file);
std::string deletedFileBody(std::string_view id);

// The page that is asked for of `all`, which come in any order. BadRequest with the parameter for
// one that can't be.
Result<std::string> fileListBody(std::vector<FileObject> all, const FileListQuery& query);

}  // namespace rondo::openai
