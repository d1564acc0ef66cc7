#include "gateway/stored_content.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/ascii.h"
#include "conversation/media.h"
#include "http/url.h"

namespace rondo::gateway {
namespace {

// Whether an address is one of Google's own stores, and none of the open web.
bool isStored(std::string_view address) {
  const auto beginning = toLower(address.substr(0, 8));
  if (beginning.starts_with("gs:") || beginning.starts_with("files/")) return true;
  const auto origin = http::parseOrigin(address);
  return origin && http::isWithinDomain(origin->host, "generativelanguage.googleapis.com");
}

// What the translation will send: blanks around an address are nothing to it, and beside a file's
// data its id is nothing either.
std::string_view addressOf(const conversation::MediaPart& medium) {
  if (const auto* image = std::get_if<conversation::ImagePart>(&medium)) {
    return trim(image->url.view());
  }
  if (const auto* video = std::get_if<conversation::VideoPart>(&medium)) {
    return trim(video->url.view());
  }
  const auto* file = std::get_if<conversation::FilePart>(&medium);
  if (!file) return {};
  return trim(file->data.empty() ? std::string_view(file->id) : file->data.view());
}

bool namesStored(const conversation::MediaPart& medium) {
  const auto* file = std::get_if<conversation::FilePart>(&medium);
  return (file && file->data.empty()) || isStored(addressOf(medium));
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
  const conversation::MediaPart* refused = nullptr;
  conversation::forEachMedium(request, [&](const conversation::MediaPart& medium) {
    const bool mayPass = !namesStored(medium) || isAllowed(allowed, addressOf(medium));
    if (!refused && !mayPass) refused = &medium;
  });
  if (refused) return refusal(request.paramOf(*refused));
  return std::nullopt;
}

}  // namespace rondo::gateway
