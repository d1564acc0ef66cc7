#pragma once

#include <functional>
#include <set>
#include <string>

#include "conversation/request.h"
#include "translation/request.h"
#include "translation/tool_names.h"

// What the writers of the pieces of a generateContent body share.

namespace rondo::translation {

// The words for `x-rondo-adjusted`, each once.
using Adjusted = std::set<std::string, std::less<>>;

// All that the writers look at, and where they note what they made use of. Borrows.
struct BodyContext {
  const conversation::Request& request;
  const RequestTarget& target;
  const ToolNames& names;
  google::Uses& uses;

  void use(google::Feature feature) const { uses.features.insert(feature); }
};

}  // namespace rondo::translation
