#include "equality/reference_media.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "http/url.h"
#include "translation/media.h"

namespace rondo::equality {
namespace {

std::string typeOfName(std::string_view name) {
  return std::string(translation::mimeTypeOfName(name));
}

std::string either(std::string first, std::string second) { return first.empty() ? second : first; }

Value fileData(const std::string& type, const std::string& uri) {
  Value data = Value::object();
  if (!type.empty()) data["mimeType"] = type;
  data["fileUri"] = uri;
  return {{"fileData", data}};
}

// In the standard alphabet, with padding, whatever the bits that the last character leaves over.
std::string standardBase64(const std::string& text) {
  std::string bare = text.substr(0, text.find_last_not_of("= \t\r\n") + 1);
  std::erase_if(bare, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  demand(!bare.empty() && bare.find('=') == std::string::npos && decodeBase64(bare).has_value());
  for (char& c : bare) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  while (bare.size() % 4 != 0) bare += '=';
  return bare;
}

Value inlineData(const std::string& type, const std::string& data) {
  return {{"inlineData", {{"mimeType", type}, {"data", standardBase64(data)}}}};
}

class Finder {
 public:
  Finder(const Target& target, const google::ModelFamily& family)
      : target_(target), family_(family) {}

  // `fallback` is the type of what doesn't tell its own.
  Value atUrl(const std::string& written, const std::string& fallback) const {
    const std::string url(trim(written));
    const std::string scheme = toLower(url.substr(0, url.find(':')));
    if (scheme == "data") return inDataUrl(url, fallback);
    if (scheme == "gs") return fileData(either(typeOfName(url), fallback), url);
    const auto origin = http::parseOrigin(url);
    demand(origin && (scheme == "http" || scheme == "https"));
    return onWeb(url, origin->host, fallback);
  }

  Value inDataUrl(const std::string& url, const std::string& fallback) const {
    const std::size_t comma = url.find(',');
    demand(comma != std::string::npos);
    const std::string head = url.substr(5, comma - 5);
    demand(toLower(head).ends_with(";base64"));
    const std::string data(trim(std::string_view(url).substr(comma + 1)));
    std::string type = toLower(trim(head.substr(0, head.find(';'))));
    if (type.empty() || type == "application/octet-stream") {
      type = either(std::string(translation::mimeTypeOfData(data)), fallback);
    }
    return inlineData(type, data);
  }

 private:
  Value onWeb(const std::string& url, const std::string& host, const std::string& fallback) const {
    const std::string type = typeOfName(url);
    if (http::isWithinDomain(host, "youtube.com") || http::isWithinDomain(host, "youtu.be")) {
      return fileData("video/mp4", url);
    }
    if (http::isWithinDomain(host, "generativelanguage.googleapis.com")) {
      return fileData(type, url);
    }
    const bool isHttps = url.starts_with("https:");
    if (isHttps && !type.empty() && family_.takesHttpsMedia(target_.backend)) {
      return fileData(type, url);
    }
    demand(target_.hasMedia);
    const FetchedMedium medium = mediumAt(url);
    return inlineData(either(medium.mimeType, either(type, fallback)), medium.data);
  }

  const Target& target_;
  const google::ModelFamily& family_;
};

std::string audioType(const std::string& format) {
  const std::string word = toLower(trim(format));
  if (word.find('/') != std::string::npos) return word;
  return either(typeOfName("." + word), "audio/" + word);
}

Value fileOf(const Part& part, const Finder& finder) {
  const std::string named = typeOfName(part.name);
  const std::string fallback = either(named, "application/pdf");
  if (part.text.empty() && part.id.starts_with("files/")) {
    return fileData(named, "https://generativelanguage.googleapis.com/v1beta/" + part.id);
  }
  if (part.text.empty()) return finder.atUrl(part.id, fallback);
  const std::string start = toLower(part.text.substr(0, 8));
  if (start.starts_with("data:") || start.starts_with("http") || start.starts_with("gs:")) {
    return finder.atUrl(part.text, fallback);
  }
  return inlineData(either(std::string(translation::mimeTypeOfData(part.text)), fallback),
                    part.text);
}

}  // namespace

Value mediumOf(const Part& part, const Target& target, const google::ModelFamily& family) {
  const Finder finder(target, family);
  switch (part.kind) {
    case PartKind::Image: return finder.atUrl(part.text, "image/jpeg");
    case PartKind::Video: return finder.atUrl(part.text, "video/mp4");
    case PartKind::File: return fileOf(part, finder);
    default: break;
  }
  if (part.text.starts_with("data:")) return finder.inDataUrl(part.text, "audio/wav");
  return inlineData(audioType(part.format), part.text);
}

}  // namespace rondo::equality
