#include "translation/call_arguments.h"

#include "base/ascii.h"
#include "json/value.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

std::string wrapped(std::string_view key, std::string_view json) {
  std::string text = "{\"";
  return text.append(key).append("\":").append(json).append("}");
}

}  // namespace

std::string repairArguments(std::string_view arguments) {
  if (trim(arguments).empty()) return "{}";
  const auto document = json::parse(arguments);
  if (!document) return customArguments(arguments);
  if (document->is_object()) return json::dump(*document);
  if (document->is_null()) return "{}";
  // Some clients encode twice: a string that holds the object.
  if (const auto inner = json::asString(*document)) {
    const auto object = json::parse(*inner);
    if (object && object->is_object()) return json::dump(*object);
  }
  return wrapped("value", json::dump(*document));
}

std::string customInput(std::string_view arguments) {
  const auto document = json::parse(arguments);
  if (!document) return std::string(arguments);
  const auto input = json::findString(*document, "input");
  return std::string(input ? *input : arguments);
}

std::string customArguments(std::string_view input) {
  std::string quoted;
  json::appendQuoted(quoted, input);
  return wrapped("input", quoted);
}

}  // namespace rondo::translation
