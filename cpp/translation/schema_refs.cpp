#include "translation/schema_refs.h"

#include <charconv>

#include "http/url.h"

namespace rondo::translation {
namespace {

std::string unescape(std::string_view token) {
  std::string text = http::percentDecode(token).value_or(std::string(token));
  for (std::size_t at = 0; (at = text.find('~', at)) != std::string::npos; ++at) {
    if (text.compare(at, 2, "~1") == 0) text.replace(at, 2, "/");
    if (text.compare(at, 2, "~0") == 0) text.replace(at, 2, "~");
  }
  return text;
}

const json::Value* child(const json::Value& parent, const std::string& token) {
  if (!parent.is_array()) return json::find(parent, token);
  std::size_t index = 0;
  const auto [end, fault] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool isIndex = fault == std::errc() && end == token.data() + token.size();
  return isIndex && index < parent.size() ? &parent[index] : nullptr;
}

}  // namespace

const json::Value* resolveReference(const json::Value& root, std::string_view reference) {
  if (!reference.starts_with('#')) return nullptr;
  reference.remove_prefix(1);
  const json::Value* found = &root;
  while (found && reference.starts_with('/')) {
    reference.remove_prefix(1);
    const std::size_t end = reference.find('/');
    found = child(*found, unescape(reference.substr(0, end)));
    reference.remove_prefix(end == std::string_view::npos ? reference.size() : end);
  }
  return reference.empty() ? found : nullptr;
}

std::string referenceName(std::string_view reference) {
  const std::size_t slash = reference.rfind('/');
  return slash == std::string_view::npos ? "root" : unescape(reference.substr(slash + 1));
}

}  // namespace rondo::translation
