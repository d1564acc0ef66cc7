#include "translation/call_arguments.h"

#include "base/ascii.h"
#include "json/document.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

void appendMember(std::string& out, std::string_view key, std::string_view json) {
  out.append("{\"").append(key).append("\":").append(json).append("}");
}

}  // namespace

void appendArguments(std::string& out, std::string_view arguments) {
  if (trim(arguments).empty()) {
    out.append("{}");
    return;
  }
  json::Document document;
  if (!document.tryRead(arguments)) return appendCustomArguments(out, arguments);
  // The text itself, not what was read of it: numbers keep their digits, and tens of megabytes are
  // not written a second time.
  if (document.root().isObject()) {
    out.append(document.root().source());
    return;
  }
  if (document.root().isNull()) {
    out.append("{}");
    return;
  }
  // Some clients encode twice: a string that holds the object.
  if (document.root().isString()) {
    const std::string inner = document.root().string();
    json::Document object;
    if (object.tryRead(inner) && object.root().isObject()) {
      out.append(object.root().source());
      return;
    }
  }
  appendMember(out, "value", document.root().source());
}

void appendCustomArguments(std::string& out, std::string_view input) {
  out.append(R"({"input":)");
  json::appendQuoted(out, input);
  out.append("}");
}

std::string customInput(std::string_view arguments) {
  json::Document document;
  if (!document.tryRead(arguments)) return std::string(arguments);
  const json::Node input = document.root().find("input");
  return input.isString() ? input.string() : std::string(arguments);
}

}  // namespace rondo::translation
