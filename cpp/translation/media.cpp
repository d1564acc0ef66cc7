#include "translation/media.h"

#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "http/url.h"
#include "translation/media_types.h"

namespace rondo::translation {
namespace {

// What is wrong with a medium. Where it stands is added to it once.
std::unexpected<Error> badMedia(std::string text) {
  return fail(badRequest(std::move(text), {}, "invalid_value"));
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
                                 std::string_view fallbackType) {
  MediaSource source;
  source.data = trim(data);
  source.mimeType = geminiMimeType(type);
  if (source.mimeType.empty() || source.mimeType == "application/octet-stream") {
    const std::string_view told = mimeTypeOfData(source.data);
    source.mimeType = told.empty() ? fallbackType : told;
  }
  if (source.data.empty()) return badMedia("Invalid data URL: it is empty.");
  return source;
}

// The same of a type that is told apart. A comma, which ends the type in a data URL, is part of
// none.
Result<MediaSource> typedSource(std::string_view type, std::string_view data,
                                std::string_view fallbackType) {
  if (!type.contains(',')) return inlineSource(type, data, fallbackType);
  return badMedia("Invalid media type: it has a comma.");
}

// "data:image/png;charset=x;base64,iVBOR…"
Result<MediaSource> dataUrl(std::string_view url, std::string_view fallbackType) {
  const std::size_t comma = url.find(',');
  if (comma == std::string_view::npos) {
    return badMedia("Invalid data URL: it has no comma.");
  }
  const std::string_view head = url.substr(5, comma - 5);
  if (!toLower(head).ends_with(";base64")) {
    return badMedia("Invalid data URL: only base64 ones are supported.");
  }
  return inlineSource(head, url.substr(comma + 1), fallbackType);
}

// An id of what is kept somewhere else.
std::unexpected<Error> noSuchFile(std::string_view id) {
  constexpr std::size_t kShown = 100;
  return badMedia("No such File object: " + std::string(id.substr(0, kShown)) + ".");
}

MediaSource webSource(std::string_view url, WebMedia webMedia, std::string_view fallbackType) {
  MediaSource source;
  source.mimeType = mimeTypeOfUrl(url);
  if (isVideoPage(url)) {
    source.mimeType = "video/mp4";
    source.uri = url;
  } else if (isUploadedFile(url)) {
    source.uri = url;
  } else if (url.starts_with("https:") && !source.mimeType.empty() &&
             webMedia == WebMedia::LeftToGoogle) {
    source.uri = url;
    source.fetchable = MediaSource::Fetchable::HereToo;
  } else {
    source.fetch = url;
    if (source.mimeType.empty()) source.mimeType = fallbackType;
  }
  return source;
}

Result<MediaSource> urlSource(std::string_view url, WebMedia webMedia,
                              std::string_view fallbackType) {
  url = trim(url);
  const std::string scheme = toLower(url.substr(0, url.find(':')));
  if (scheme == "data") return dataUrl(url, fallbackType);
  if (scheme == "gs") {
    std::string type(mimeTypeOfName(url));
    if (type.empty()) type = fallbackType;
    // Google knows its own scheme in lower case alone.
    return MediaSource{std::move(type), {}, {}, "gs" + std::string(url.substr(2)), {}};
  }
  if ((scheme == "http" || scheme == "https") && http::parseOrigin(url)) {
    return webSource(url, webMedia, fallbackType);
  }
  return badMedia("Invalid URL: expected a data: URL, an https: URL or a gs: URI.");
}

Result<MediaSource> audioSource(const conversation::AudioPart& part) {
  const std::string_view data = part.data.view();
  const std::string told = soundMimeType(part.format);
  if (!data.starts_with("data:")) return MediaSource{told, data, {}, {}, {}};
  auto source = dataUrl(data, told);
  if (source) source->mimeType = soundMimeType(source->mimeType);
  return source;
}

Result<MediaSource> unnamedSource(const conversation::FilePart& part, WebMedia webMedia) {
  const std::string_view named = mimeTypeOfName(part.name);
  const std::string_view data = part.data.view();
  const std::string_view fallbackType = named.empty() ? "application/pdf" : named;
  if (data.empty() && part.id.starts_with("files/")) {
    // An id of the Files API is "files/…", and its whole address is what Google takes.
    return MediaSource{part.mediaType.empty() ? std::string(named) : part.mediaType,
                       {},
                       {},
                       "https://generativelanguage.googleapis.com/v1beta/" + part.id,
                       {}};
  }
  if (!part.mediaType.empty()) return typedSource(part.mediaType, data, fallbackType);
  if (data.empty() && !part.id.contains(':')) return noSuchFile(part.id);
  if (data.empty()) return urlSource(part.id, webMedia, fallbackType);
  const std::string start = toLower(data.substr(0, 8));
  if (start.starts_with("data:") || start.starts_with("http") || start.starts_with("gs:")) {
    return urlSource(data, webMedia, fallbackType);
  }
  const std::string_view told = mimeTypeOfData(data);
  return MediaSource{std::string(told.empty() ? fallbackType : told), data, {}, {}, {}};
}

// Browsers take a .ts for a film and a .csv for a spreadsheet: what is named as a text is one,
// unless its bytes tell otherwise.
Result<MediaSource> fileSource(const conversation::FilePart& part, WebMedia webMedia) {
  auto source = unnamedSource(part, webMedia);
  const std::string_view named = mimeTypeOfName(part.name);
  if (!source || source->data.empty() || !named.starts_with("text/")) return source;
  const bool isText = source->mimeType.starts_with("text/");
  if (!isText && mimeTypeOfData(source->data).empty()) source->mimeType = named;
  return source;
}

Result<MediaSource> imageSource(const conversation::ImagePart& part, WebMedia webMedia) {
  constexpr std::string_view kFallbackType = "image/jpeg";
  if (!part.mediaType.empty()) return typedSource(part.mediaType, part.url.view(), kFallbackType);
  return urlSource(part.url.view(), webMedia, kFallbackType);
}

// A form tells a type or a name, but either may be made up: what the bytes say comes first.
Result<MediaSource> bytesSource(const conversation::BytesPart& part) {
  if (part.bytes.empty()) return badMedia("The file is empty.");
  MediaSource source;
  source.bytes = part.bytes;
  source.mimeType = mimeTypeOfBytes(part.bytes);
  if (source.mimeType.empty()) source.mimeType = mimeTypeOfName(part.name);
  if (source.mimeType.empty()) source.mimeType = geminiMimeType(part.mediaType);
  if (source.mimeType.empty() || source.mimeType == "application/octet-stream") {
    return badMedia(
        "What kind of file this is can't be told: give it a name with an ending, or a type.");
  }
  return source;
}

Result<MediaSource> anySource(const conversation::MediaPart& medium, WebMedia webMedia) {
  if (const auto* image = std::get_if<conversation::ImagePart>(&medium)) {
    return imageSource(*image, webMedia);
  }
  if (const auto* audio = std::get_if<conversation::AudioPart>(&medium)) return audioSource(*audio);
  if (const auto* file = std::get_if<conversation::FilePart>(&medium)) {
    return fileSource(*file, webMedia);
  }
  if (const auto* bytes = std::get_if<conversation::BytesPart>(&medium)) return bytesSource(*bytes);
  return urlSource(std::get<conversation::VideoPart>(medium).url.view(), webMedia, "video/mp4");
}

// Whether what is asked for can be done with such a thing. Nothing: it can.
std::optional<Error> misfit(std::string_view mimeType, const conversation::Request& request) {
  const auto found = " is expected here, and this is `" + std::string(mimeType) + "`.";
  if (request.image && !mimeType.starts_with("image/")) return badMedia("An image" + found).error();
  const bool isHeard = mimeType.starts_with("audio/") || mimeType.starts_with("video/");
  if (request.transcript && !isHeard) return badMedia("A recording" + found).error();
  return std::nullopt;
}

}  // namespace

Result<MediaSource> mediaSource(const conversation::MediaPart& medium,
                                const conversation::Request& request, WebMedia webMedia) {
  auto source = anySource(medium, webMedia);
  if (source && isOfficeType(source->mimeType)) {
    source = badMedia("Gemini reads no office documents: send this one as a PDF or as text.");
  }
  if (source) {
    if (auto error = misfit(source->mimeType, request)) source = fail(std::move(*error));
  }
  if (!source) source.error().param = request.paramOf(medium);
  return source;
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
