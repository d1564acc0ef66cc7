#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "conversation/request.h"
#include "json/writer.h"
#include "translation/remote_media.h"

// Images, sounds, films and files: where they lie, what they are, and how Google wants them.

namespace rondo::translation {

// A medium with the characters in the request, or with an address. Views borrow from the part.
struct MediaSource {
  std::string mimeType;    // Empty: unknown.
  std::string_view data;   // base64, perhaps with white space or of the URL-safe alphabet
  std::string_view bytes;  // The same as it is.
  std::string uri;         // What Google fetches itself.
  std::string_view fetch;  // What has to be fetched first.
  // Of what Google fetches itself: whether we could.
  enum class Fetchable { ByGoogleAlone, HereToo } fetchable = Fetchable::ByGoogleAlone;
};

// BadRequest with the medium's path in `request` for a URL of an unknown kind, a broken data URL,
// or a document of an office suite.
Result<MediaSource> mediaSource(const conversation::MediaPart& medium,
                                const conversation::Request& request, WebMedia webMedia);

// Appends the text in the standard alphabet, without white space and with padding, as a JSON string
// token. False when it isn't base64; what was appended then is no token.
bool appendBase64(std::string& out, std::string_view text);

}  // namespace rondo::translation
