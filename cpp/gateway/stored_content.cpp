#include "gateway/stored_content.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/ascii.h"
#include "base/redact.h"
#include "conversation/media.h"
#include "google/plain_name.h"
#include "http/url.h"
#include "json/document.h"

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

const StoredContent& allowedFor(const Settings& settings, const Client& client) {
  static const StoredContent kNone{false, {}};
  return client.stored == Client::Stored::Denied ? kNone : settings.storedContent;
}

// What is looked through at Google's by tools: https://ai.google.dev/api/file-search,
// https://cloud.google.com/vertex-ai/docs/reference/rest/v1/Tool
bool isSearched(std::string_view name) {
  constexpr std::string_view kOfGemini[] = {"fileSearchStores/", "corpora/"};
  constexpr std::string_view kOfProject[] = {"/ragCorpora/", "/dataStores/", "/engines/"};
  const auto begins = [name](std::string_view words) { return name.starts_with(words); };
  const auto holds = [name](std::string_view words) { return name.contains(words); };
  return std::ranges::any_of(kOfGemini, begins) ||
         (name.starts_with("projects/") && std::ranges::any_of(kOfProject, holds));
}

// Whether a member of that name, in lower case and without underscores, names something stored by
// that value. Addresses are in members of many names: "fileUri", "gcsUri", "outputUriPrefix".
bool namesStored(std::string_view name, std::string_view value) {
  const bool isId =
      name == "cachedcontent" || name == "previousinteractionid" || name == "interactionid";
  if (isId) return !value.empty();
  if (name.contains("uri") && isStored(value)) return true;
  return name != "text" && isSearched(value);
}

// Whether the member `key` may be as it is, with all below it. Gives the name of the one that may
// not; empty: there is none.
std::string refusedMember(const std::string& key, const json::Node& node,
                          const StoredContent& allowed) {
  if (node.isString()) {
    const json::PlainText text(node.text());
    const auto value = trim(text.view());
    const bool isRefused = namesStored(google::plainName(key), value) && !isAllowed(allowed, value);
    return isRefused ? key : std::string();
  }
  for (const auto& element : node.elements()) {
    if (auto member = refusedMember(key, element, allowed); !member.empty()) return member;
  }
  for (const auto& [name, value] : node.members()) {
    if (auto member = refusedMember(name.string(), value, allowed); !member.empty()) return member;
  }
  return {};
}

// Where a chat completion has addresses of media: OpenAI's fields, and those that other clients and
// Google's own extras add (openai/content.cpp).
constexpr std::string_view kAddresses[] = {"url",     "imageurl", "videourl", "audiourl", "fileurl",
                                           "fileuri", "uri",      "filedata", "data"};

// What a member of a chat completion names of stored content. Empty: nothing.
std::string storedIn(std::string_view name, const json::Node& value) {
  if (!value.isString()) return {};
  const bool isName = name == "cachedcontent" || name == "fileid";
  const bool isAddress = std::ranges::find(kAddresses, name) != std::end(kAddresses);
  if (!isName && !isAddress) return {};
  const json::PlainText text(value.text());
  const auto address = trim(text.view());
  return isName || isStored(address) ? std::string(address) : std::string();
}

bool isOfName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// Whether the last part of an address stands in Google's words, and no longer name does:
// "files/abc" in "the File abc or it may not exist". Long numbers are blotted out there, and so
// they are here; what is nothing else can't be told from others.
bool isNamedIn(std::string_view words, std::string_view address) {
  const auto name = redact(address.substr(address.rfind('/') + 1), words.size());
  if (name.empty() || name == "[redacted]") return false;
  for (auto at = words.find(name); at != std::string_view::npos; at = words.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool goesOn = end < words.size() && isOfName(words[end]);
    const bool hasBegun = at > 0 && isOfName(words[at - 1]);
    if (!goesOn && !hasBegun) return true;
  }
  return false;
}

// What a request names of media that are stored.
struct StoredMedia {
  const conversation::MediaPart* told = nullptr;  // The first that Google's words name.
  const conversation::MediaPart* first = nullptr;
  bool isOne = true;  // However often it is named.
};

StoredMedia storedMedia(const conversation::Request& request, std::string_view words) {
  StoredMedia media;
  conversation::forEachMedium(request, [&](const conversation::MediaPart& medium) {
    if (!namesStored(medium)) return;
    const auto address = addressOf(medium);
    if (!media.told && isNamedIn(words, address)) media.told = &medium;
    if (!media.first) media.first = &medium;
    if (addressOf(*media.first) != address) media.isOne = false;
  });
  return media;
}

// Below which member or element of its parent the path begins.
std::string joined(std::string step, const std::string& rest) {
  if (!rest.empty() && !rest.starts_with('[')) step += '.';
  return step + rest;
}

// The path to the first member below `node` that names stored content which is not allowed. Empty:
// there is none.
std::string pathToStored(const json::Node& node, const StoredContent& allowed) {
  std::size_t index = 0;
  for (const auto& element : node.elements()) {
    const auto path = pathToStored(element, allowed);
    if (!path.empty()) return joined("[" + std::to_string(index) + "]", path);
    ++index;
  }
  for (const auto& [key, value] : node.members()) {
    const auto address = storedIn(google::plainName(key.string()), value);
    if (!address.empty() && !isAllowed(allowed, address)) return key.string();
    const auto path = pathToStored(value, allowed);
    if (!path.empty()) return joined(key.string(), path);
  }
  return {};
}

}  // namespace

std::optional<Error> refusedContent(const json::Node& chat, const Settings& settings,
                                    const Client& client) {
  const auto& allowed = allowedFor(settings, client);
  if (allowed.all) return std::nullopt;
  auto path = pathToStored(chat, allowed);
  if (path.empty()) return std::nullopt;
  return refusal(std::move(path));
}

bool namesStored(const json::Node& chat) {
  static const StoredContent kNone{false, {}};
  return !pathToStored(chat, kNone).empty();
}

bool nativeBodyNamesStored(const json::Node& body) {
  static const StoredContent kNone{false, {}};
  return !refusedMember({}, body, kNone).empty();
}

Task<std::optional<Error>> refusedContent(host::HeldBody& held, Written written,
                                          const Settings& settings, const Client& client) {
  if (allowedFor(settings, client).all) co_return std::nullopt;
  const auto body = co_await held.read();
  if (!body) co_return refusal({});
  co_return refusedContent(body->view(), written, settings, client);
}

std::optional<Error> refusedContent(std::string_view body, Written written,
                                    const Settings& settings, const Client& client) {
  const auto& allowed = allowedFor(settings, client);
  if (allowed.all) return std::nullopt;
  json::Document document;
  if (auto read = document.read(body); !read) return read.error();
  auto member = refusedMember({}, document.root(), allowed);
  if (member.empty() && written == Written::AsChat) member = pathToStored(document.root(), allowed);
  if (member.empty()) return std::nullopt;
  return refusal(std::move(member));
}

std::string fieldOfDenied(const conversation::Request& request,
                          const conversation::AnswerFormat& format, const Error& error) {
  const bool isContents =
      error.code == "content_not_accessible" || error.code == "content_not_found";
  if (!isContents && error.kind != ErrorKind::BadRequest) return {};
  const auto media = storedMedia(request, error.message);
  if (media.told) return request.paramOf(*media.told);
  const auto& cache = request.cachedContent;
  const bool isCacheAlone = !cache.empty() && !media.first;
  if (isNamedIn(error.message, cache) || (isContents && isCacheAlone)) {
    return std::string(format.fieldOf(conversation::Setting::CachedContent));
  }
  const bool isMediumAlone = cache.empty() && media.first && media.isOne;
  return isContents && isMediumAlone ? request.paramOf(*media.first) : std::string();
}

std::optional<Error> refusedContent(const conversation::Sent& sent, const Settings& settings,
                                    const Client& client) {
  const auto& allowed = allowedFor(settings, client);
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
