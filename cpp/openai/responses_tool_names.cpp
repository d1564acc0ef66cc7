#include "openai/responses_tool_names.h"

#include <utility>

namespace rondo::openai {
namespace {

std::string wantedName(const ToolAddress& tool) {
  switch (tool.item) {
    case CallItem::Function:
    case CallItem::Custom: break;
    case CallItem::ToolSearch: return "tool_search";
    case CallItem::LocalShell: return "local_shell";
    case CallItem::Shell: return "shell";
    case CallItem::ApplyPatch: return "apply_patch";
  }
  return tool.space.empty() ? tool.name : tool.space + "__" + tool.name;
}

}  // namespace

ToolNames::Key ToolNames::keyOf(const ToolAddress& tool) {
  const bool isNamed = tool.item == CallItem::Function || tool.item == CallItem::Custom;
  if (!isNamed) return {tool.item, {}, {}};
  return {CallItem::Function, tool.space, tool.name};
}

const std::string& ToolNames::nameOf(const ToolAddress& tool) {
  const auto [known, isNew] = names_.try_emplace(keyOf(tool));
  if (!isNew) return known->second;
  known->second = freeNameLike(wantedName(tool));
  tools_.emplace(known->second, tool);
  return known->second;
}

const ToolAddress* ToolNames::find(std::string_view name) const {
  const auto known = tools_.find(std::string(name));
  return known == tools_.end() ? nullptr : &known->second;
}

std::string ToolNames::freeNameLike(std::string wanted) {
  if (!tools_.contains(wanted)) return wanted;
  std::size_t& number = numbers_.try_emplace(wanted, 1).first->second;
  for (;;) {
    std::string numbered = wanted + '_' + std::to_string(++number);
    if (!tools_.contains(numbered)) return numbered;
  }
}

}  // namespace rondo::openai
