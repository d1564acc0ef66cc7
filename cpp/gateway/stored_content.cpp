#include "gateway/stored_content.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/ascii.h"

namespace rondo::gateway {
namespace {

// Whether an address is one of Google's own stores, and none of the open web.
bool isStored(std::string_view address) {
  const auto lower = toLower(address.substr(0, 64));
  constexpr std::string_view kFiles = "generativelanguage.googleapis.com/";
  return lower.starts_with("gs:") || lower.find(kFiles) != std::string::npos ||
         lower.starts_with("files/");
}

// What a medium names by an address or an id; empty when it brings its data.
std::string_view addressOf(const conversation::MediaPart& medium) {
  if (const auto* image = std::get_if<conversation::ImagePart>(&medium)) return image->url.view();
  if (const auto* video = std::get_if<conversation::VideoPart>(&medium)) return video->url.view();
  const auto* file = std::get_if<conversation::FilePart>(&medium);
  if (!file) return {};
  return file->id.empty() ? file->data.view() : std::string_view(file->id);
}

bool namesStored(const conversation::MediaPart& medium) {
  const auto* file = std::get_if<conversation::FilePart>(&medium);
  return (file && !file->id.empty()) || isStored(addressOf(medium));
}

bool isAllowed(const StoredContent& allowed, std::string_view address) {
  return allowed.all || std::ranges::any_of(allowed.prefixes, [&](const std::string& prefix) {
           return address.starts_with(prefix);
         });
}

Error refusal(std::string path) {
  Error error = makeError(ErrorKind::Forbidden,
                          "This gateway doesn't let you name this content that is stored at "
                          "Google. Send the content itself.",
                          "stored_content_not_allowed");
  error.param = std::move(path);
  return error;
}

using Media = std::vector<const conversation::MediaPart*>;

void addMedia(const conversation::CallResult& result, Media& media) {
  for (const auto& content : result.content) {
    if (const auto* medium = std::get_if<conversation::MediaPart>(&content))
      media.push_back(medium);
  }
}

Media mediaOf(const conversation::Request& request) {
  Media media;
  for (const auto& turn : request.turns) {
    for (const auto& part : turn.parts) {
      if (const auto* medium = std::get_if<conversation::MediaPart>(&part)) media.push_back(medium);
      if (const auto* result = std::get_if<conversation::CallResult>(&part)) {
        addMedia(*result, media);
      }
    }
  }
  return media;
}

}  // namespace

std::optional<Error> refusedContent(const conversation::Sent& sent, const Settings& settings,
                                    const Client& client) {
  static const StoredContent kNone{false, {}};
  const auto& allowed = client.stored == Client::Stored::Denied ? kNone : settings.storedContent;
  if (allowed.all) return std::nullopt;
  const auto& request = sent.request;
  const auto& cache = request.cachedContent;
  if (!cache.empty() && !isAllowed(allowed, cache)) {
    return refusal(std::string(sent.format->fieldOf(conversation::Setting::CachedContent)));
  }
  for (const auto* medium : mediaOf(request)) {
    if (!namesStored(*medium) || isAllowed(allowed, addressOf(*medium))) continue;
    return refusal(request.pathTo(placeOf(*medium)));
  }
  return std::nullopt;
}

}  // namespace rondo::gateway
