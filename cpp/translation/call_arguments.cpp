#include "translation/call_arguments.h"

#include "base/ascii.h"
#include "json/document.h"
#include "json/nested.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

using conversation::Arguments;

// An object in it, for clients that encode twice.
bool appendEncodedObject(std::string& out, const json::Text& text) {
  const json::PlainText plain(text);
  json::Document document;
  if (!document.tryRead(plain.view()) || !document.root().isObject()) return false;
  document.root().appendTo(out);
  return true;
}

void appendInput(std::string& out, const json::Text& text) {
  json::Writer(out).beginObject().key("input").string(text).endObject();
}

// A value that is no object by itself.
void appendValue(std::string& out, json::Node value) {
  if (value.isNull()) {
    out.append("{}");
    return;
  }
  if (value.isString() && appendEncodedObject(out, value.text())) return;
  out.append(R"({"value":)");
  value.appendTo(out);
  out.append("}");
}

// What is no object, or one of an odd spelling. Of what isn't JSON, `text` goes out.
void appendOdd(std::string& out, std::string_view plain, const json::Text& text) {
  json::Document document;
  if (trim(plain).empty()) {
    out.append("{}");
  } else if (!document.tryRead(plain)) {
    appendInput(out, text);
  } else if (document.root().isObject()) {
    document.root().appendTo(out);
  } else {
    appendValue(out, document.root());
  }
}

}  // namespace

void appendArguments(std::string& out, const Arguments& arguments) {
  if (const auto* json = std::get_if<json::Fragment>(&arguments)) {
    return json->isObject() ? json->appendTo(out) : appendOdd(out, json->source(), {});
  }
  const auto& text = std::get<json::Text>(arguments);
  if (json::nestedKind(text) == json::Kind::Object &&
      json::appendNested(out, text, json::References::Allowed)) {
    return;
  }
  appendOdd(out, json::PlainText(text).view(), text);
}

void appendCustomArguments(std::string& out, const Arguments& input) {
  if (const auto* text = std::get_if<json::Text>(&input)) return appendInput(out, *text);
  std::string source;
  std::get<json::Fragment>(input).appendTo(source);
  appendInput(out, json::TextBuilder(source).view());
}

std::string customInput(std::string_view arguments) {
  json::Document document;
  if (!document.tryRead(arguments)) return std::string(arguments);
  const json::Node input = document.root().find("input");
  return input.isString() ? input.string() : std::string(arguments);
}

}  // namespace rondo::translation
