#pragma once

#include <map>
#include <string>
#include <string_view>

#include "conversation/request.h"
#include "translation/unique_names.h"

namespace rondo::translation {

// The function names of one request, the client's and those that Google takes: a letter or `_`
// first, then [A-Za-z0-9_.:-], at most 64 characters. Same request, same names.
class ToolNames {
 public:
  ToolNames() = default;
  explicit ToolNames(const conversation::Request& request);

  // Names that are not the request's own come back as they are, made fit for Google.
  std::string toGoogle(std::string_view clientName) const;
  std::string toClient(std::string_view googleName) const;

  conversation::ToolKind kindOf(std::string_view clientName) const;

 private:
  // The longest name that all models take.
  static constexpr std::size_t kLongest = 64;

  void add(std::string_view clientName);

  std::map<std::string, std::string, std::less<>> toGoogle_;
  std::map<std::string, std::string, std::less<>> toClient_;
  std::map<std::string, conversation::ToolKind, std::less<>> kinds_;
  UniqueNames unique_{kLongest};
};

}  // namespace rondo::translation
