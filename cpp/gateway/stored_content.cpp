#include "gateway/stored_content.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/ascii.h"
#include "http/url.h"

namespace rondo::gateway {
namespace {

struct Named {
  std::string_view address;
  std::string_view path;
};

// Whether an address is one of Google's own stores, and none of the open web.
bool isStored(std::string_view address) {
  const auto beginning = toLower(address.substr(0, 8));
  if (beginning.starts_with("gs:") || beginning.starts_with("files/")) return true;
  const auto origin = http::parseOrigin(address);
  return origin && http::isWithinDomain(origin->host, "generativelanguage.googleapis.com");
}

// What the translation will send: blanks around an address are nothing to it, and beside a file's
// data its id is nothing either.
Named namedBy(const openai::ContentPart& part) {
  if (const auto* image = std::get_if<openai::ImagePart>(&part)) {
    return {trim(image->url.view()), image->path};
  }
  if (const auto* video = std::get_if<openai::VideoPart>(&part)) {
    return {trim(video->url.view()), video->path};
  }
  const auto* file = std::get_if<openai::FilePart>(&part);
  if (!file) return {};
  return {trim(file->data.empty() ? std::string_view(file->id) : file->data.view()), file->path};
}

bool isFilesId(const openai::ContentPart& part) {
  const auto* file = std::get_if<openai::FilePart>(&part);
  return file && file->data.empty();
}

bool isAllowed(const StoredContent& allowed, std::string_view address) {
  return allowed.all || std::ranges::any_of(allowed.prefixes, [&](const std::string& prefix) {
           return address.starts_with(prefix);
         });
}

Error refusal(std::string_view path) {
  Error error = makeError(ErrorKind::Forbidden,
                          "This gateway doesn't let you name this content that is stored at "
                          "Google. Send the content itself.",
                          "stored_content_not_allowed");
  error.param = path;
  return error;
}

}  // namespace

std::optional<Error> refusedContent(const openai::ChatRequest& request, const Settings& settings,
                                    const Client& client) {
  static const StoredContent kNone{false, {}};
  const auto& allowed = client.stored == Client::Stored::Denied ? kNone : settings.storedContent;
  if (allowed.all) return std::nullopt;
  const auto& cache = request.google.cachedContent;
  if (!cache.empty() && !isAllowed(allowed, cache)) return refusal("cached_content");
  for (const auto& message : request.messages) {
    for (const auto& part : message.content) {
      const auto [address, path] = namedBy(part);
      if (!isFilesId(part) && !isStored(address)) continue;
      if (!isAllowed(allowed, address)) return refusal(path);
    }
  }
  return std::nullopt;
}

}  // namespace rondo::gateway
