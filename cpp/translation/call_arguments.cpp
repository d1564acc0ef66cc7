#include "translation/call_arguments.h"

#include "base/ascii.h"
#include "base/result.h"
#include "json/value.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

void appendMember(std::string& out, std::string_view key, std::string_view json) {
  out.append("{\"").append(key).append("\":").append(json).append("}");
}

}  // namespace

void appendArguments(std::string& out, std::string_view arguments) {
  const std::string_view text = trim(arguments);
  const Result<json::Value> document =
      text.empty() ? Result<json::Value>(json::Value()) : json::parse(text);
  if (!document) return appendCustomArguments(out, arguments);
  // The text itself, not what was read of it: numbers keep their digits, and tens of megabytes are
  // not written a second time.
  if (document->is_object()) {
    out.append(text);
    return;
  }
  if (document->is_null()) {
    out.append("{}");
    return;
  }
  // Some clients encode twice: a string that holds the object.
  if (const auto inner = json::asString(*document)) {
    const auto object = json::parse(*inner);
    if (object && object->is_object()) {
      out.append(trim(*inner));
      return;
    }
  }
  appendMember(out, "value", text);
}

void appendCustomArguments(std::string& out, std::string_view input) {
  out.append(R"({"input":)");
  json::appendQuoted(out, input);
  out.append("}");
}

std::string customInput(std::string_view arguments) {
  const auto document = json::parse(arguments);
  if (!document) return std::string(arguments);
  const auto input = json::findString(*document, "input");
  return std::string(input ? *input : arguments);
}

}  // namespace rondo::translation
