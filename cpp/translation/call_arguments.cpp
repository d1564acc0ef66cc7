#include "translation/call_arguments.h"

#include "base/ascii.h"
#include "json/document.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

// An object in it, for clients that encode twice.
bool appendEncodedObject(std::string& out, const std::string& text) {
  json::Document document;
  if (!document.tryRead(text) || !document.root().isObject()) return false;
  document.root().appendTo(out);
  return true;
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
  const json::Node root = document.root();
  if (root.isObject()) return root.appendTo(out);
  if (root.isNull()) {
    out.append("{}");
    return;
  }
  if (root.isString() && appendEncodedObject(out, root.string())) return;
  out.append(R"({"value":)");
  root.appendTo(out);
  out.append("}");
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
