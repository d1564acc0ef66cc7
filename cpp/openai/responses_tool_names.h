#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rondo::openai {

// As what a call is told. Custom tools and functions share their names.
enum class CallItem { Function, Custom, ToolSearch, LocalShell, Shell, ApplyPatch };

// A tool as responses name it.
struct ToolAddress {
  CallItem item = CallItem::Function;
  std::string space = {};  // The namespace; empty outside of any.
  std::string name = {};   // Empty for the kinds that have no names.
};

// The tools of one request under names that no two share, which are those of the neutral model.
// Same request, same names.
class ToolNames {
 public:
  // The name of a tool. One that is not known yet gets its own, or one like it when that is taken.
  const std::string& nameOf(const ToolAddress& tool);

  // Null for what is no name of a tool.
  const ToolAddress* find(std::string_view name) const;

 private:
  struct Key {
    CallItem item;
    std::string space;
    std::string name;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  static Key keyOf(const ToolAddress& tool);
  std::string freeNameLike(std::string wanted);

  std::map<Key, std::string> names_;
  std::unordered_map<std::string, ToolAddress> tools_;
  std::unordered_map<std::string, std::size_t> numbers_;  // The last one behind each name.
};

}  // namespace rondo::openai
