#include "translation/tool_names.h"

#include <algorithm>

namespace rondo::translation {
namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool isNameCharacter(char c) {
  return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == ':' || c == '-';
}

bool isFit(std::string_view name, std::size_t longest) {
  return !name.empty() && name.size() <= longest && (isLetter(name[0]) || name[0] == '_') &&
         std::ranges::all_of(name, isNameCharacter);
}

std::string fit(std::string_view name, std::size_t longest) {
  std::string result;
  if (name.empty() || !(isLetter(name[0]) || name[0] == '_')) result += '_';
  for (const char c : name.substr(0, longest)) result += isNameCharacter(c) ? c : '_';
  if (result.size() > longest) result.resize(longest);
  return result;
}

}  // namespace

ToolNames::ToolNames(const conversation::Request& request) {
  for (const conversation::Tool& tool : request.tools) kinds_.emplace(tool.name, tool.kind);
  // Fit names first: they keep theirs whatever the others become.
  for (const bool wantsFit : {true, false}) {
    const auto addIf = [&](std::string_view name) {
      if (isFit(name, kLongest) == wantsFit) add(name);
    };
    for (const conversation::Tool& tool : request.tools) addIf(tool.name);
    for (const conversation::Turn& turn : request.turns) {
      for (const conversation::Part& part : turn.parts) {
        if (const auto* call = std::get_if<conversation::CallPart>(&part)) addIf(call->name);
        const auto* result = std::get_if<conversation::CallResult>(&part);
        if (result && !result->name.empty()) addIf(result->name);
      }
    }
  }
}

void ToolNames::add(std::string_view clientName) {
  if (toGoogle_.contains(clientName)) return;
  std::string name = unique_.takeLike(fit(clientName, kLongest));
  toClient_.emplace(name, clientName);
  toGoogle_.emplace(clientName, std::move(name));
}

std::string ToolNames::toGoogle(std::string_view clientName) const {
  const auto known = toGoogle_.find(clientName);
  if (known != toGoogle_.end()) return known->second;
  return fit(clientName, kLongest);
}

std::string ToolNames::toClient(std::string_view googleName) const {
  const auto known = toClient_.find(googleName);
  if (known != toClient_.end()) return known->second;
  // Some models put Google's internal name space in front.
  for (const std::string_view space : {"default_api.", "default_api:"}) {
    if (!googleName.starts_with(space)) continue;
    const auto bare = toClient_.find(googleName.substr(space.size()));
    if (bare != toClient_.end()) return bare->second;
  }
  return std::string(googleName);
}

conversation::ToolKind ToolNames::kindOf(std::string_view clientName) const {
  const auto known = kinds_.find(clientName);
  return known == kinds_.end() ? conversation::ToolKind::Function : known->second;
}

}  // namespace rondo::translation
