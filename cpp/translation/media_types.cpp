#include <array>
#include <utility>

#include "base/ascii.h"
#include "translation/media.h"

namespace rondo::translation {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

// The types that Gemini takes (ai.google.dev/gemini-api/docs, on images, audio, video, documents).
constexpr std::array kByExtension = {
    Entry{"png", "image/png"},         Entry{"jpg", "image/jpeg"},
    Entry{"jpeg", "image/jpeg"},       Entry{"webp", "image/webp"},
    Entry{"gif", "image/gif"},         Entry{"heic", "image/heic"},
    Entry{"heif", "image/heif"},       Entry{"bmp", "image/bmp"},
    Entry{"avif", "image/avif"},       Entry{"pdf", "application/pdf"},
    Entry{"txt", "text/plain"},        Entry{"md", "text/markdown"},
    Entry{"html", "text/html"},        Entry{"csv", "text/csv"},
    Entry{"json", "application/json"}, Entry{"xml", "text/xml"},
    Entry{"mp4", "video/mp4"},         Entry{"mov", "video/quicktime"},
    Entry{"webm", "video/webm"},       Entry{"mpeg", "video/mpeg"},
    Entry{"mpg", "video/mpeg"},        Entry{"avi", "video/x-msvideo"},
    Entry{"wmv", "video/x-ms-wmv"},    Entry{"flv", "video/x-flv"},
    Entry{"3gp", "video/3gpp"},        Entry{"wav", "audio/wav"},
    Entry{"mp3", "audio/mp3"},         Entry{"aac", "audio/aac"},
    Entry{"flac", "audio/flac"},       Entry{"ogg", "audio/ogg"},
    Entry{"opus", "audio/ogg"},        Entry{"aiff", "audio/aiff"},
    Entry{"m4a", "audio/m4a"},
};

// The base64 of the first bytes of common formats.
constexpr std::array kByData = {
    Entry{"iVBORw0KGgo", "image/png"},   Entry{"/9j/", "image/jpeg"}, Entry{"R0lGOD", "image/gif"},
    Entry{"JVBERi0", "application/pdf"}, Entry{"SUQz", "audio/mp3"},  Entry{"ZkxhQ", "audio/flac"},
    Entry{"T2dnUw", "audio/ogg"},
};

}  // namespace

std::string_view mimeTypeOfName(std::string_view name) {
  name = name.substr(0, name.find_first_of("?#"));
  const std::size_t slash = name.rfind('/');
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  const std::string extension = toLower(name.substr(dot + 1));
  for (const auto& [known, type] : kByExtension) {
    if (known == extension) return type;
  }
  return {};
}

std::string_view mimeTypeOfData(std::string_view base64) {
  for (const auto& [start, type] : kByData) {
    if (base64.starts_with(start)) return type;
  }
  // RIFF names its format in bytes 8 to 11: "WEBP", "WAVE".
  if (base64.starts_with("UklGR")) {
    if (base64.substr(0, 16).ends_with("RUJQ")) return "image/webp";
    if (base64.substr(0, 16).ends_with("QVZF")) return "audio/wav";
  }
  return {};
}

}  // namespace rondo::translation
