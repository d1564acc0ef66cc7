#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::translation {

// Another id for one that Google has given, or was given by it; nothing leaves it as it is.
using IdChange = std::function<std::optional<std::string>(std::string_view id)>;

// Who wrote a document: of an answer the id that it has itself belongs to those that are looked at,
// and what a client of Google's own OpenAI-compatible endpoint writes has its addresses in OpenAI's
// members (`image_url.url`).
enum class Author { Client, OpenAiClient, Google };

// A document in Google's own dialect with other ids in the names of what is stored at Google's:
// files and caches, by their names and by their addresses ("files/a",
// "https://…/v1beta/files/a:download", "projects/p/locations/l/cachedContents/1"), and interactions
// (ai.google.dev/api/files, ai.google.dev/api/caching, ai.google.dev/api/interactions-api). They
// are looked for where Google has them, in either spelling of a member's name, and neither in texts
// nor in what tools are given and give, nor in what schemas say. Of addresses those of Google's own
// host count alone: on any other one the same path is somebody else's. The rest keeps its spelling,
// byte for byte. Nothing when no id is changed, or when it is not one JSON document.
std::optional<std::string> withChangedIds(std::string_view document, Author author,
                                          const IdChange& change);

}  // namespace rondo::translation
