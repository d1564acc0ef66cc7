#pragma once

#include <map>
#include <string>
#include <vector>

#include "equality/reference_family.h"
#include "equality/reference_messages.h"

// The tools of a request, the choice among them, and their names on either side.

namespace rondo::equality {

struct Tool {
  std::string name;
  std::string description;
  bool isCustom = false;
  const Value* parameters = nullptr;  // Within the request.
};

struct Tools {
  std::vector<Tool> list;
  std::string mode;                  // "AUTO", "NONE", "ANY"; empty when nothing was chosen.
  std::vector<std::string> allowed;  // All, when empty.
  bool isLegacy = false;             // `functions` in place of `tools`.
  bool isParallel = true;
  bool searches = false;
};

Tools readTools(const Value& request);

// The client's names ↔ names that Google takes.
class Names {
 public:
  Names() = default;
  Names(const Tools& tools, const std::vector<Message>& messages);

  std::string toGoogle(const std::string& name) const;
  std::string toClient(const std::string& name) const;
  bool isCustom(const std::string& clientName) const;

 private:
  void add(const std::string& name);

  std::map<std::string, std::string> google_;
  std::map<std::string, std::string> client_;
  std::map<std::string, bool> custom_;
};

// Adds `tools` and `toolConfig` to a body.
void addTools(Value& body, const Tools& tools, const Names& names, const Family& family);

// Adds a schema for an answer to generationConfig.
void addResponseSchema(Value& config, const Value& schema, const Family& family);

}  // namespace rondo::equality
