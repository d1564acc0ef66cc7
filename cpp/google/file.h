#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

// Files of the Gemini API's Files API (ai.google.dev/api/files).

namespace rondo::google {

struct File {
  std::string name;  // "files/abc-123"; not empty.
  std::string displayName;
  std::string mimeType;
  std::int64_t bytes = 0;
  std::optional<Instant> created;
  std::optional<Instant> expires;
  // Processing: it can't be used yet, as films and sounds for some seconds.
  enum class State { Processing, Active, Failed } state = State::Active;
  std::string fault;  // Why it failed; may be empty.
};

struct FilePage {
  std::vector<File> files;
  std::string nextPage;  // The token of the next page; empty at the last one.
};

// What an answer tells of one file: as it is, or as the member `file` of an upload's end. Nothing
// when it tells of none.
std::optional<File> readFile(std::string_view body);

// Nothing when it is no list.
std::optional<FilePage> readFilePage(std::string_view body);

// The body with which an upload begins. `name` is the file's from then on: "files/", and up to 40
// small letters, digits and dashes.
std::string uploadBody(std::string_view name, std::string_view displayName);

}  // namespace rondo::google
