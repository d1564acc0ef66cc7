#pragma once

#include <map>
#include <string>
#include <string_view>

#include "openai/chat_request.h"

namespace rondo::translation {

// The function names of one request, the client's and those that Google takes: a letter or `_`
// first, then [A-Za-z0-9_.:-], at most 64 characters. Same request, same names.
class ToolNames {
 public:
  ToolNames() = default;
  explicit ToolNames(const openai::ChatRequest& request);

  // Names that are not the request's own come back as they are, made fit for Google.
  std::string toGoogle(std::string_view clientName) const;
  std::string toClient(std::string_view googleName) const;

  openai::ToolKind kindOf(std::string_view clientName) const;

 private:
  void add(std::string_view clientName);

  std::map<std::string, std::string, std::less<>> toGoogle_;
  std::map<std::string, std::string, std::less<>> toClient_;
  std::map<std::string, openai::ToolKind, std::less<>> kinds_;
  std::map<std::string, int, std::less<>> taken_;  // How often a name was wanted by another.
};

}  // namespace rondo::translation
