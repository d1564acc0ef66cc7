#include "google/file.h"

#include <algorithm>
#include <charconv>

#include "json/document.h"
#include "json/writer.h"

namespace rondo::google {
namespace {

// An int64, which JSON of Google's spells as a string.
std::int64_t numberIn(const std::string& text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::max<std::int64_t>(number, 0) : 0;
}

File::State stateIn(const std::string& word) {
  if (word == "PROCESSING") return File::State::Processing;
  return word == "FAILED" ? File::State::Failed : File::State::Active;
}

std::optional<File> readFile(json::Node node) {
  File file;
  file.name = node.find("name").string();
  if (!file.name.starts_with("files/")) return std::nullopt;
  file.displayName = node.find("displayName").string();
  file.mimeType = node.find("mimeType").string();
  file.bytes = numberIn(node.find("sizeBytes").string());
  file.created = parseRfc3339(node.find("createTime").string());
  file.expires = parseRfc3339(node.find("expirationTime").string());
  file.state = stateIn(node.find("state").string());
  file.fault = node.find("error").find("message").string();
  return file;
}

}  // namespace

std::optional<File> readFile(std::string_view body) {
  json::Document document;
  if (!document.tryRead(body)) return std::nullopt;
  const json::Node inner = document.root().find("file");
  return readFile(inner ? inner : document.root());
}

std::optional<FilePage> readFilePage(std::string_view body) {
  json::Document document;
  if (!document.tryRead(body) || !document.root().isObject()) return std::nullopt;
  FilePage page;
  for (const auto& each : document.root().find("files").elements()) {
    auto file = readFile(each);
    if (!file) return std::nullopt;
    page.files.push_back(std::move(*file));
  }
  page.nextPage = document.root().find("nextPageToken").string();
  return page;
}

std::string uploadBody(std::string_view name, std::string_view displayName) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("file").beginObject();
  writer.key("name").string(name);
  writer.key("displayName").string(displayName);
  writer.endObject().endObject();
  return body;
}

}  // namespace rondo::google
