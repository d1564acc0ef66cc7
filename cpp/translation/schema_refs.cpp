#include "translation/schema_refs.h"

#include <algorithm>
#include <charconv>

#include "http/url.h"
#include "translation/schema_keywords.h"

namespace rondo::translation {
namespace {

using json::Value;

std::string unescape(std::string_view token) {
  std::string text = http::percentDecode(token).value_or(std::string(token));
  for (std::size_t at = 0; (at = text.find('~', at)) != std::string::npos; ++at) {
    if (text.compare(at, 2, "~1") == 0) text.replace(at, 2, "/");
    if (text.compare(at, 2, "~0") == 0) text.replace(at, 2, "~");
  }
  return text;
}

const Value* child(const Value& parent, const std::string& token) {
  if (!parent.is_array()) return json::find(parent, token);
  std::size_t index = 0;
  const auto [end, fault] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool isIndex = fault == std::errc() && end == token.data() + token.size();
  return isIndex && index < parent.size() ? &parent[index] : nullptr;
}

// `pointer` without its "#".
const Value* follow(const Value& root, std::string_view pointer) {
  constexpr int kMaxSteps = 64;
  const Value* found = &root;
  for (int step = 0; found && pointer.starts_with('/'); ++step) {
    if (step == kMaxSteps) return nullptr;
    pointer.remove_prefix(1);
    const std::size_t end = pointer.find('/');
    found = child(*found, unescape(pointer.substr(0, end)));
    pointer.remove_prefix(end == std::string_view::npos ? pointer.size() : end);
  }
  return pointer.empty() ? found : nullptr;
}

}  // namespace

const Value* SchemaReferences::find(std::string_view reference) {
  constexpr std::size_t kMaxReferences = 5000;
  if (const auto known = found_.find(reference); known != found_.end()) return known->second;
  if (found_.size() >= kMaxReferences) return nullptr;
  const Value* target = resolve(reference);
  found_.emplace(reference, target);
  return target;
}

const Value* SchemaReferences::resolve(std::string_view reference) {
  const std::size_t hash = std::min(reference.find('#'), reference.size());
  const std::string_view base = reference.substr(0, hash);
  const std::string_view pointer = reference.substr(std::min(hash + 1, reference.size()));
  if (base.empty() && (pointer.empty() || pointer.starts_with('/'))) {
    return hash < reference.size() ? follow(root_, pointer) : nullptr;
  }
  if (!names_) {
    names_.emplace();
    index(root_);
  }
  if (const auto named = names_->find(reference); named != names_->end()) return named->second;
  const auto resource = names_->find(base);
  if (base.empty() || resource == names_->end()) return nullptr;
  if (pointer.empty() || pointer.starts_with('/')) return follow(*resource->second, pointer);
  const auto anchored = names_->find(reference.substr(hash));
  return anchored == names_->end() ? nullptr : anchored->second;
}

void SchemaReferences::index(const Value& schema) {
  if (!schema.is_object()) return;
  if (const auto id = json::findString(schema, "$id")) names_->emplace(*id, &schema);
  if (const auto anchor = json::findString(schema, "$anchor")) {
    names_->emplace("#" + std::string(*anchor), &schema);
  }
  visitSubschemas(schema, [this](Keyword, std::string_view, const Value& inner) { index(inner); });
}

std::string referenceName(std::string_view reference) {
  constexpr std::size_t kMaxName = 100;
  const std::size_t before = reference.find_last_of("/#");
  const std::string name =
      unescape(before == std::string_view::npos ? reference : reference.substr(before + 1));
  if (name.empty()) return "root";
  return name.size() > kMaxName ? "value" : name;
}

}  // namespace rondo::translation
