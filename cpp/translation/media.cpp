#include "translation/media.h"

#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "http/url.h"
#include "translation/media_types.h"

namespace rondo::translation {
namespace {

// What kind of part it was, for the type of something that doesn't tell.
struct Expected {
  std::string_view fallbackType;
  const std::string& path;
};

Error badMedia(std::string text, const std::string& path) {
  return badRequest(std::move(text), path, "invalid_value");
}

bool isOnHost(std::string_view url, std::string_view domain) {
  const auto origin = http::parseOrigin(url);
  return origin && http::isWithinDomain(origin->host, domain);
}

bool isVideoPage(std::string_view url) {
  return isOnHost(url, "youtube.com") || isOnHost(url, "youtu.be");
}

bool isUploadedFile(std::string_view url) {
  return isOnHost(url, "generativelanguage.googleapis.com");
}

// Base64 `data` of a type that may have parameters behind it.
Result<MediaSource> inlineSource(std::string_view type, std::string_view data,
                                 const Expected& expected) {
  MediaSource source;
  source.data = trim(data);
  source.mimeType = geminiMimeType(type);
  if (source.mimeType.empty() || source.mimeType == "application/octet-stream") {
    const std::string_view told = mimeTypeOfData(source.data);
    source.mimeType = told.empty() ? expected.fallbackType : told;
  }
  if (source.data.empty()) return fail(badMedia("Invalid data URL: it is empty.", expected.path));
  return source;
}

// The same of a type that is told apart. A comma, which ends the type in a data URL, is part of
// none.
Result<MediaSource> typedSource(std::string_view type, std::string_view data,
                                const Expected& expected) {
  if (!type.contains(',')) return inlineSource(type, data, expected);
  return fail(badMedia("Invalid media type: it has a comma.", expected.path));
}

// "data:image/png;charset=x;base64,iVBOR…"
Result<MediaSource> dataUrl(std::string_view url, const Expected& expected) {
  const std::size_t comma = url.find(',');
  if (comma == std::string_view::npos) {
    return fail(badMedia("Invalid data URL: it has no comma.", expected.path));
  }
  const std::string_view head = url.substr(5, comma - 5);
  if (!toLower(head).ends_with(";base64")) {
    return fail(badMedia("Invalid data URL: only base64 ones are supported.", expected.path));
  }
  return inlineSource(head, url.substr(comma + 1), expected);
}

MediaSource webSource(std::string_view url, const MediaTarget& target, const Expected& expected) {
  MediaSource source;
  source.mimeType = mimeTypeOfUrl(url);
  if (isVideoPage(url)) {
    source.mimeType = "video/mp4";
    source.uri = url;
  } else if (isUploadedFile(url)) {
    source.uri = url;
  } else if (url.starts_with("https:") && !source.mimeType.empty() &&
             target.family.takesHttpsMedia(target.backend)) {
    source.uri = url;
  } else {
    source.fetch = url;
    if (source.mimeType.empty()) source.mimeType = expected.fallbackType;
  }
  return source;
}

Result<MediaSource> urlSource(std::string_view url, const MediaTarget& target,
                              const Expected& expected) {
  url = trim(url);
  const std::string scheme = toLower(url.substr(0, url.find(':')));
  if (scheme == "data") return dataUrl(url, expected);
  if (scheme == "gs") {
    std::string type(mimeTypeOfName(url));
    if (type.empty()) type = expected.fallbackType;
    // Google knows its own scheme in lower case alone.
    return MediaSource{std::move(type), {}, "gs" + std::string(url.substr(2)), {}};
  }
  if ((scheme == "http" || scheme == "https") && http::parseOrigin(url)) {
    return webSource(url, target, expected);
  }
  return fail(
      badMedia("Invalid URL: expected a data: URL, an https: URL or a gs: URI.", expected.path));
}

Result<MediaSource> audioSource(const openai::AudioPart& part) {
  const std::string_view data = part.data.view();
  const std::string told = soundMimeType(part.format);
  if (!data.starts_with("data:")) return MediaSource{told, data, {}, {}};
  auto source = dataUrl(data, {told, part.path});
  if (source) source->mimeType = soundMimeType(source->mimeType);
  return source;
}

Result<MediaSource> unnamedSource(const openai::FilePart& part, const MediaTarget& target) {
  const std::string_view named = mimeTypeOfName(part.name);
  const std::string_view data = part.data.view();
  const Expected expected{named.empty() ? "application/pdf" : named, part.path};
  if (!part.mediaType.empty()) return typedSource(part.mediaType, data, expected);
  if (data.empty()) {
    // An id of the Files API is "files/…", and its whole address is what Google takes.
    if (!part.id.starts_with("files/")) return urlSource(part.id, target, expected);
    return MediaSource{
        std::string(named), {}, "https://generativelanguage.googleapis.com/v1beta/" + part.id, {}};
  }
  const std::string start = toLower(data.substr(0, 8));
  if (start.starts_with("data:") || start.starts_with("http") || start.starts_with("gs:")) {
    return urlSource(data, target, expected);
  }
  const std::string_view told = mimeTypeOfData(data);
  return MediaSource{std::string(told.empty() ? expected.fallbackType : told), data, {}, {}};
}

// Browsers take a .ts for a film and a .csv for a spreadsheet: what is named as a text is one,
// unless its bytes tell otherwise.
Result<MediaSource> fileSource(const openai::FilePart& part, const MediaTarget& target) {
  auto source = unnamedSource(part, target);
  const std::string_view named = mimeTypeOfName(part.name);
  if (!source || source->data.empty() || !named.starts_with("text/")) return source;
  const bool isText = source->mimeType.starts_with("text/");
  if (!isText && mimeTypeOfData(source->data).empty()) source->mimeType = named;
  return source;
}

Result<MediaSource> imageSource(const openai::ImagePart& part, const MediaTarget& target) {
  const Expected expected{"image/jpeg", part.path};
  if (!part.mediaType.empty()) return typedSource(part.mediaType, part.url.view(), expected);
  return urlSource(part.url.view(), target, expected);
}

std::optional<Result<MediaSource>> anySource(const openai::ContentPart& part,
                                             const MediaTarget& target) {
  if (const auto* image = std::get_if<openai::ImagePart>(&part)) return imageSource(*image, target);
  if (const auto* audio = std::get_if<openai::AudioPart>(&part)) return audioSource(*audio);
  if (const auto* file = std::get_if<openai::FilePart>(&part)) return fileSource(*file, target);
  if (const auto* video = std::get_if<openai::VideoPart>(&part)) {
    return urlSource(video->url.view(), target, {"video/mp4", video->path});
  }
  return std::nullopt;
}

}  // namespace

std::optional<Result<MediaSource>> mediaSource(const openai::ContentPart& part,
                                               const MediaTarget& target) {
  auto source = anySource(part, target);
  if (!source || !*source || !isOfficeType((*source)->mimeType)) return source;
  return fail(badMedia("Gemini reads no office documents: send this one as a PDF or as text.",
                       std::string(mediaPath(part))));
}

std::string_view mediaPath(const openai::ContentPart& part) {
  if (const auto* image = std::get_if<openai::ImagePart>(&part)) return image->path;
  if (const auto* audio = std::get_if<openai::AudioPart>(&part)) return audio->path;
  if (const auto* file = std::get_if<openai::FilePart>(&part)) return file->path;
  const auto* video = std::get_if<openai::VideoPart>(&part);
  return video ? std::string_view(video->path) : std::string_view();
}

bool appendBase64(std::string& out, std::string_view text) {
  text = text.substr(0, text.find_last_not_of("= \t\r\n") + 1);
  const std::size_t start = out.size() + 1;
  out.reserve(start + text.size() + 5);
  out += '"';
  while (!text.empty()) {
    const std::size_t standard = base64Prefix(text);
    out += text.substr(0, standard);
    text.remove_prefix(standard);
    if (text.empty()) break;
    const char c = text.front();
    if (c == '-' || c == '_') {
      out += c == '-' ? '+' : '/';
    } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      return false;
    }
    text.remove_prefix(1);
  }
  const std::size_t length = out.size() - start;
  if (length == 0 || length % 4 == 1) return false;
  out.append((4 - length % 4) % 4, '=');
  out += '"';
  return true;
}

}  // namespace rondo::translation
