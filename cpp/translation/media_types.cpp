#include "translation/media_types.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kWord = "application/msword";
constexpr std::string_view kExcel = "application/vnd.ms-excel";
constexpr std::string_view kPowerPoint = "application/vnd.ms-powerpoint";
constexpr std::string_view kOpenDocument = "application/vnd.oasis.opendocument";

// The types that Gemini takes (ai.google.dev/gemini-api/docs, on images, audio, video, documents),
// and those of office suites, which it doesn't.
constexpr std::array kByExtension = {
    Entry{"png", "image/png"},
    Entry{"jpg", "image/jpeg"},
    Entry{"jpeg", "image/jpeg"},
    Entry{"jfif", "image/jpeg"},
    Entry{"webp", "image/webp"},
    Entry{"gif", "image/gif"},
    Entry{"heic", "image/heic"},
    Entry{"heif", "image/heif"},
    Entry{"bmp", "image/bmp"},
    Entry{"avif", "image/avif"},
    Entry{"pdf", "application/pdf"},
    Entry{"txt", "text/plain"},
    Entry{"md", "text/plain"},
    Entry{"json", "text/plain"},
    Entry{"html", "text/html"},
    Entry{"csv", "text/csv"},
    Entry{"xml", "text/xml"},
    Entry{"rtf", "text/rtf"},
    Entry{"mp4", "video/mp4"},
    Entry{"mov", "video/quicktime"},
    Entry{"webm", "video/webm"},
    Entry{"mpeg", "video/mpeg"},
    Entry{"mpg", "video/mpeg"},
    Entry{"avi", "video/x-msvideo"},
    Entry{"wmv", "video/x-ms-wmv"},
    Entry{"flv", "video/x-flv"},
    Entry{"3gp", "video/3gpp"},
    Entry{"wav", "audio/wav"},
    Entry{"mp3", "audio/mp3"},
    Entry{"mpga", "audio/mp3"},
    Entry{"aac", "audio/aac"},
    Entry{"flac", "audio/flac"},
    Entry{"ogg", "audio/ogg"},
    Entry{"oga", "audio/ogg"},
    Entry{"opus", "audio/ogg"},
    Entry{"aiff", "audio/aiff"},
    Entry{"m4a", "audio/m4a"},
    Entry{"weba", "audio/webm"},
    Entry{"doc", kWord},
    Entry{"docx", kWord},
    Entry{"docm", kWord},
    Entry{"dotx", kWord},
    Entry{"xls", kExcel},
    Entry{"xlsx", kExcel},
    Entry{"xlsm", kExcel},
    Entry{"xlsb", kExcel},
    Entry{"ppt", kPowerPoint},
    Entry{"pptx", kPowerPoint},
    Entry{"pptm", kPowerPoint},
    Entry{"ppsx", kPowerPoint},
    Entry{"odt", kOpenDocument},
    Entry{"ods", kOpenDocument},
    Entry{"odp", kOpenDocument},
};

// More that is text. As web addresses, some of these make a picture or a page.
constexpr auto kTextExtensions = std::to_array<std::string_view>(
    {"adoc",    "asm",   "bash",   "bat",   "c",         "cc",           "cfg",        "clj",
     "cmake",   "cmd",   "conf",   "cpp",   "cs",        "css",          "cts",        "cxx",
     "dart",    "diff",  "env",    "erl",   "ex",        "exs",          "go",         "gradle",
     "graphql", "h",     "hh",     "hpp",   "hs",        "htm",          "ini",        "ipynb",
     "java",    "jl",    "js",     "json5", "jsonl",     "jsx",          "kt",         "kts",
     "less",    "log",   "lua",    "m",     "markdown",  "mjs",          "mm",         "mts",
     "nim",     "patch", "php",    "pl",    "proto",     "properties",   "ps1",        "py",
     "pyi",     "r",     "rb",     "rs",    "rst",       "scala",        "scss",       "sh",
     "sql",     "srt",   "svelte", "svg",   "swift",     "tex",          "text",       "tf",
     "toml",    "ts",    "tsv",    "tsx",   "vtt",       "vue",          "yaml",       "yml",
     "zig",     "zsh",   "ndjson", "cjs",   "gitignore", "editorconfig", "dockerfile", "makefile"});

// Other names of types that Gemini takes.
constexpr std::array kSynonyms = {
    Entry{"image/jpg", "image/jpeg"},     Entry{"image/pjpeg", "image/jpeg"},
    Entry{"image/jfif", "image/jpeg"},    Entry{"image/x-png", "image/png"},
    Entry{"audio/x-wav", "audio/wav"},    Entry{"audio/wave", "audio/wav"},
    Entry{"audio/vnd.wave", "audio/wav"}, Entry{"audio/x-m4a", "audio/m4a"},
    Entry{"audio/x-flac", "audio/flac"},  Entry{"audio/x-aac", "audio/aac"},
    Entry{"audio/x-aiff", "audio/aiff"},  Entry{"audio/opus", "audio/ogg"},
    Entry{"audio/x-mp3", "audio/mp3"},    Entry{"audio/pcm16", "audio/pcm"},
    Entry{"audio/mpga", "audio/mp3"},     Entry{"application/x-pdf", "application/pdf"},
    Entry{"application/rtf", "text/rtf"}, Entry{"application/xml", "text/xml"},
    Entry{"application/csv", "text/csv"}, Entry{"application/x-sh", "text/plain"},
    Entry{"text/x-csv", "text/csv"},      Entry{"application/xhtml+xml", "text/html"},
};

constexpr auto kTextTypes = std::to_array<std::string_view>(
    {"text/plain", "text/html", "text/css", "text/csv", "text/xml", "text/rtf"});

// Words in the second half of a type that is a text under another name.
constexpr auto kTextWords = std::to_array<std::string_view>(
    {"json", "yaml", "toml", "javascript", "ecmascript", "typescript", "graphql", "sql", "python",
     "shellscript", "x-httpd-php", "x-ndjson", "x-tex", "x-subrip", "+xml"});

// The base64 of the first bytes of common formats.
constexpr std::array kByData = {
    Entry{"iVBORw0KGgo", "image/png"},   Entry{"/9j/", "image/jpeg"}, Entry{"R0lGOD", "image/gif"},
    Entry{"JVBERi0", "application/pdf"}, Entry{"SUQz", "audio/mp3"},  Entry{"ZkxhQ", "audio/flac"},
    Entry{"T2dnUw", "audio/ogg"},
};

// The first bytes themselves.
constexpr std::array kByBytes = {
    Entry{"\x89PNG\r\n", "image/png"},
    Entry{"\xFF\xD8\xFF", "image/jpeg"},
    Entry{"GIF8", "image/gif"},
    Entry{"ID3", "audio/mp3"},
    Entry{"fLaC", "audio/flac"},
    Entry{"OggS", "audio/ogg"},
    Entry{"\x1A\x45\xDF\xA3", "audio/webm"},
};

// Of ISO media, by its brand.
std::string_view ftypType(std::string_view brand) {
  if (brand == "heic" || brand == "heix" || brand == "mif1") return "image/heic";
  if (brand == "avif") return "image/avif";
  return brand == "qt  " ? "video/quicktime" : "audio/m4a";
}

template <std::size_t N>
std::string_view lookUp(const std::array<Entry, N>& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Entry::first);
  return found == table.end() ? std::string_view() : found->second;
}

// "mp3" of "https://a/b/c.MP3?x"; empty when the last piece has no dot.
std::string extensionOf(std::string_view name) {
  name = name.substr(0, name.find_first_of("?#"));
  const std::size_t slash = name.rfind('/');
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  constexpr std::size_t kLongest = 16;
  return toLower(name.substr(dot + 1, kLongest));
}

bool isTextByAnotherName(std::string_view type) {
  if (type.starts_with("text/")) return true;
  return (type.starts_with("application/") || type.starts_with("image/svg")) &&
         std::ranges::any_of(kTextWords, [type](std::string_view w) { return type.contains(w); });
}

std::string bareType(std::string_view type) {
  return toLower(trim(type.substr(0, type.find(';'))));
}

}  // namespace

std::string geminiMimeType(std::string_view type) {
  std::string bare = bareType(type);
  if (const auto known = lookUp(kSynonyms, bare); !known.empty()) return std::string(known);
  const bool isKept = std::ranges::find(kTextTypes, bare) != kTextTypes.end();
  return !isKept && !isOfficeType(bare) && isTextByAnotherName(bare) ? "text/plain" : bare;
}

std::string soundMimeType(std::string_view formatOrType) {
  std::string type = bareType(formatOrType);
  // A recorder's film has but sound in it.
  if (type.starts_with("video/")) type.erase(0, std::string_view("video/").size());
  if (!type.contains('/')) {
    const std::string_view known = lookUp(kByExtension, type);
    type = known.starts_with("audio/") ? std::string(known) : "audio/" + type;
  }
  return geminiMimeType(type);
}

std::string_view mimeTypeOfName(std::string_view name) {
  if (const auto known = mimeTypeOfUrl(name); !known.empty()) return known;
  const bool isText =
      std::ranges::find(kTextExtensions, extensionOf(name)) != kTextExtensions.end();
  return isText ? "text/plain" : std::string_view();
}

std::string_view mimeTypeOfUrl(std::string_view url) {
  return lookUp(kByExtension, extensionOf(url));
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

std::string_view mimeTypeOfBytes(std::string_view bytes) {
  const auto isAt = [bytes](std::size_t at, std::string_view mark) {
    return bytes.size() > at && bytes.substr(at).starts_with(mark);
  };
  for (const auto& [mark, type] : kByBytes) {
    if (bytes.starts_with(mark)) return type;
  }
  if (isAt(0, "RIFF") && isAt(8, "WAVE")) return "audio/wav";
  if (isAt(0, "RIFF") && isAt(8, "WEBP")) return "image/webp";
  if (isAt(0, "FORM") && (isAt(8, "AIFF") || isAt(8, "AIFC"))) return "audio/aiff";
  if (isAt(4, "ftyp")) return ftypType(bytes.substr(8, 4));
  // Frames without a head: eleven set bits, then a layer, which ADTS has as 0.
  if (bytes.size() < 2 || bytes[0] != '\xFF') return {};
  const auto second = static_cast<unsigned char>(bytes[1]);
  if ((second & 0xF6U) == 0xF0U) return "audio/aac";
  const bool isLayered = (second & 0xE0U) == 0xE0U && (second & 0x06U) != 0;
  return isLayered ? "audio/mp3" : std::string_view();
}

bool isTakenInResults(std::string_view mimeType) {
  constexpr auto kTypes = std::to_array<std::string_view>(
      {"image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"});
  return std::ranges::find(kTypes, mimeType) != kTypes.end();
}

bool isOfficeType(std::string_view mimeType) {
  constexpr auto kBeginnings = std::to_array<std::string_view>(
      {kWord, kExcel, kPowerPoint, kOpenDocument, "application/vnd.ms-word",
       "application/vnd.openxmlformats-officedocument"});
  return std::ranges::any_of(kBeginnings, [mimeType](std::string_view beginning) {
    return mimeType.starts_with(beginning);
  });
}

}  // namespace rondo::translation
