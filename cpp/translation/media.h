#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "google/backend.h"
#include "google/model_family.h"
#include "json/writer.h"
#include "openai/chat_request.h"
#include "translation/remote_media.h"

// Images, sounds, films and files: where they lie, what they are, and how Google wants them.

namespace rondo::translation {

// A medium with the characters in the request, or with an address. Views borrow from the part.
struct MediaSource {
  std::string mimeType;    // Empty: unknown.
  std::string_view data;   // base64, perhaps with white space or of the URL-safe alphabet
  std::string uri;         // What Google fetches itself.
  std::string_view fetch;  // What has to be fetched first.
};

// For which back-end and model a medium is meant.
struct MediaTarget {
  google::Backend backend = google::Backend::Vertex;
  const google::ModelFamily& family;
};

// BadRequest with the part's path for a URL of an unknown kind, a broken data URL, or a document of
// an office suite. Nothing for parts that hold no medium.
std::optional<Result<MediaSource>> mediaSource(const openai::ContentPart& part,
                                               const MediaTarget& target);

// The request's field of a part that holds a medium.
std::string_view mediaPath(const openai::ContentPart& part);

// Appends the text in the standard alphabet, without white space and with padding, as a JSON string
// token. False when it isn't base64; what was appended then is no token.
bool appendBase64(std::string& out, std::string_view text);

}  // namespace rondo::translation
