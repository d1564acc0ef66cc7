#include "translation/tool_result.h"

#include <array>

#include "base/ascii.h"
#include "json/document.h"
#include "json/nested.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

// A response is an object: a list is put into one.
constexpr std::string_view kOutputBegin = R"({"output":)";
constexpr std::string_view kOutputEnd = "}";

// The members that Google would take for all that the tool gave, in place of the object.
constexpr std::array<std::string_view, 2> kOwnOutputs = {"output", "error"};

bool hasOwnOutput(json::Node object) {
  for (const auto& [key, member] : object.members()) {
    if (key.text() == kOwnOutputs[0] || key.text() == kOwnOutputs[1]) return true;
  }
  return false;
}

void appendMember(std::string& out, std::string_view key, const json::Text& text) {
  json::Writer(out).beginObject().key(key).string(text).endObject();
}

// Whether the text may be a document that holds others. A look at its start, in which an escape may
// stand for anything.
bool mayHoldJson(const json::Text& text) {
  const std::size_t first = text.spelling().find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         std::string_view("{[\\").contains(text.spelling()[first]);
}

bool hasReference(json::Node value) {
  for (const json::Node element : value.elements()) {
    if (hasReference(element)) return true;
  }
  for (const auto& [key, member] : value.members()) {
    if (key.text() == "$ref" || hasReference(member)) return true;
  }
  return false;
}

// Appends what is a document in itself, and tells whether it was one: as documents are usually
// spelled …
bool appendUsual(std::string& out, const json::Text& text) {
  const json::Kind kind = json::nestedKind(text);
  if (kind == json::Kind::Null) return false;
  const std::size_t before = out.size();
  if (kind == json::Kind::Array) out.append(kOutputBegin);
  json::KeyWatch own{kOwnOutputs};
  if (!json::appendNested(out, text, json::References::Refused, &own)) {
    out.resize(before);
    return false;
  }
  if (own.isAnyThere) out.insert(before, kOutputBegin);
  if (own.isAnyThere || kind == json::Kind::Array) out.append(kOutputEnd);
  return true;
}

// … and however it is spelled.
bool appendAny(std::string& out, std::string_view text) {
  if (!text.starts_with('{') && !text.starts_with('[')) return false;
  json::Document document;
  if (!document.tryRead(text)) return false;
  const json::Node root = document.root();
  const bool mayRefer = text.contains('$') || text.contains('\\');
  if (mayRefer && hasReference(root)) return false;
  const bool isWrapped = root.isArray() || hasOwnOutput(root);
  if (isWrapped) out.append(kOutputBegin);
  root.appendTo(out);
  if (isWrapped) out.append(kOutputEnd);
  return true;
}

void appendResponse(std::string& out, const json::Text& text, conversation::ToolOutcome outcome) {
  if (outcome == conversation::ToolOutcome::Failed) return appendMember(out, "error", text);
  if (mayHoldJson(text)) {
    if (appendUsual(out, text)) return;
    const json::PlainText plain(text);
    if (appendAny(out, trim(plain.view()))) return;
  }
  appendMember(out, "output", text);
}

}  // namespace

json::TextBuilder toolResultText(const conversation::CallResult& result) {
  json::TextBuilder text;
  for (const conversation::Content& part : result.content) {
    const auto* piece = std::get_if<conversation::TextPart>(&part);
    if (!piece) continue;
    if (!text.empty()) text.append("\n");
    text.append(piece->text);
  }
  return text;
}

void appendToolResponse(std::string& out, const conversation::CallResult& result) {
  const auto* only = result.content.size() == 1
                         ? std::get_if<conversation::TextPart>(&result.content.front())
                         : nullptr;
  if (only) return appendResponse(out, only->text, result.outcome);
  appendResponse(out, toolResultText(result).view(), result.outcome);
}

void appendMissingToolResponse(std::string& out) {
  out += R"({"error":"There is no result of this call."})";
}

}  // namespace rondo::translation
