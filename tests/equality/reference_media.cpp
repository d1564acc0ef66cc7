#include "equality/reference_media.h"

#include <map>

#include "base/ascii.h"
#include "base/base64.h"
#include "http/url.h"

namespace rondo::equality {
namespace {

const char* const kOfficeDocument = "(a document of an office suite)";

// What the endings that the generator uses stand for, and the types.
const std::map<std::string, std::string> kEndings = {
    {"png", "image/png"},       {"webp", "image/webp"},    {"jpg", "image/jpeg"},
    {"pdf", "application/pdf"}, {"txt", "text/plain"},     {"csv", "text/csv"},
    {"mp4", "video/mp4"},       {"mp3", "audio/mp3"},      {"wav", "audio/wav"},
    {"ogg", "audio/ogg"},       {"docx", kOfficeDocument},
};

const std::map<std::string, std::string> kTypes = {
    {"image/jpg", "image/jpeg"},
    {"application/json", "text/plain"},
    {"text/markdown", "text/plain"},
    {"audio/pcm16", "audio/pcm"},
};

std::string found(const std::map<std::string, std::string>& table, const std::string& key) {
  const auto entry = table.find(key);
  return entry == table.end() ? "" : entry->second;
}

std::string typeOfUrl(std::string_view name) {
  name = name.substr(0, name.find_first_of("?#"));
  const std::string_view file = name.substr(name.rfind('/') + 1);
  const std::size_t dot = file.rfind('.');
  return dot == std::string_view::npos ? "" : found(kEndings, toLower(file.substr(dot + 1)));
}

std::string typeOfName(std::string_view name) {
  const bool isProgram = name.ends_with(".ts") || name.ends_with(".py");
  return isProgram ? "text/plain" : typeOfUrl(name);
}

std::string bare(std::string_view type) { return toLower(trim(type.substr(0, type.find(';')))); }

// A text of any other type is read as plain text.
std::string knownType(const std::string& type) {
  if (const std::string known = found(kTypes, type); !known.empty()) return known;
  const bool isKept = type == "text/html" || type == "text/css" || type == "text/csv" ||
                      type == "text/xml" || type == "text/rtf";
  return type.starts_with("text/") && !isKept ? "text/plain" : type;
}

std::string soundType(std::string type) {
  if (type.starts_with("video/")) type = "audio" + type.substr(5);
  if (type.find('/') == std::string::npos) {
    const std::string known = found(kEndings, type);
    type = known.starts_with("audio/") ? known : "audio/" + type;
  }
  return knownType(type);
}

// What the first bytes tell of the data that the generator makes.
std::string typeOfData(std::string_view data) {
  if (data.starts_with("iVBORw0KGgo")) return "image/png";
  if (data.starts_with("/9j/")) return "image/jpeg";
  if (data.starts_with("R0lGOD")) return "image/gif";
  if (data.starts_with("JVBERi0")) return "application/pdf";
  if (data.starts_with("SUQz")) return "audio/mp3";
  if (data.starts_with("ZkxhQ")) return "audio/flac";
  if (data.starts_with("T2dnUw")) return "audio/ogg";
  if (data.starts_with("UklGRiQAAABXRUJQ")) return "image/webp";
  if (data.starts_with("UklGRiQAAABXQVZF")) return "audio/wav";
  return {};
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
  Finder(const Target& target, const Family& family) : target_(target), family_(family) {}

  // `fallback` is the type of what doesn't tell its own.
  Value atUrl(const std::string& written, const std::string& fallback) const {
    const std::string url(trim(written));
    const std::string scheme = toLower(url.substr(0, url.find(':')));
    if (scheme == "data") return inDataUrl(url, fallback);
    if (scheme == "gs") {
      return fileData(either(typeOfName(url), fallback), "gs" + std::string(url.substr(2)));
    }
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
    std::string type = knownType(bare(head));
    if (type.empty() || type == "application/octet-stream") {
      type = either(typeOfData(data), fallback);
    }
    return inlineData(type, data);
  }

 private:
  Value onWeb(const std::string& url, const std::string& host, const std::string& fallback) const {
    const std::string type = typeOfUrl(url);
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
    demand(either(type, fallback) != kOfficeDocument && target_.hasMedia);
    const FetchedMedium medium = mediumAt(url);
    return inlineData(either(medium.mimeType, either(type, fallback)), medium.data);
  }

  const Target& target_;
  const Family& family_;
};

Value unnamed(const Part& part, const Finder& finder) {
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
  return inlineData(either(typeOfData(part.text), fallback), part.text);
}

Value fileOf(const Part& part, const Finder& finder) {
  Value medium = unnamed(part, finder);
  const std::string named = typeOfName(part.name);
  if (!medium.contains("inlineData") || !named.starts_with("text/")) return medium;
  Value& type = medium["inlineData"]["mimeType"];
  const bool isText = type.get<std::string>().starts_with("text/");
  if (!isText && typeOfData(medium["inlineData"]["data"].get<std::string>()).empty()) type = named;
  return medium;
}

Value soundOf(const Part& part, const Finder& finder) {
  const std::string told = soundType(bare(part.format));
  if (!part.text.starts_with("data:")) return inlineData(told, part.text);
  Value medium = finder.inDataUrl(part.text, told);
  Value& type = medium["inlineData"]["mimeType"];
  type = soundType(type.get<std::string>());
  return medium;
}

Value anyMedium(const Part& part, const Target& target, const Family& family) {
  const Finder finder(target, family);
  switch (part.kind) {
    case PartKind::Image: return finder.atUrl(part.text, "image/jpeg");
    case PartKind::Video: return finder.atUrl(part.text, "video/mp4");
    case PartKind::File: return fileOf(part, finder);
    default: return soundOf(part, finder);
  }
}

}  // namespace

Value mediumOf(const Part& part, const Target& target, const Family& family) {
  const Value medium = anyMedium(part, target, family);
  const Value& held = medium.front();
  demand(getText(held, "mimeType") != kOfficeDocument);
  return medium;
}

}  // namespace rondo::equality
