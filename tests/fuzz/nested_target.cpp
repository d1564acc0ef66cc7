#include "json/nested.h"

#include <optional>

#include "fuzz/require.h"
#include "fuzz/targets.h"
#include "json/excess.h"
#include "json/writer.h"

namespace rondo::fuzz {
namespace {

using json::Node;
using json::References;

bool refers(Node value) {
  for (const Node element : value.elements()) {
    if (refers(element)) return true;
  }
  for (const auto& [key, member] : value.members()) {
    if (key.text() == "$ref" || refers(member)) return true;
  }
  return false;
}

std::optional<std::string> nested(const json::Text& text, References references) {
  std::string out = "before";
  const std::size_t before = out.size();
  const bool isTaken = json::appendNested(out, text, references);
  require(out.starts_with("before"), "what was there stays", out);
  require(isTaken || out.size() == before, "what is left to a document is not begun", out);
  return isTaken ? std::optional(out.substr(before)) : std::nullopt;
}

// Whatever is taken is what a document has in it.
void checkTaken(const json::Text& text, References references) {
  const auto taken = nested(text, references);
  if (!taken) return;
  const std::string plain = text.plain();
  json::Document document;
  // It may have more keys.
  if (json::isExcessive(plain)) return;
  require(document.tryRead(plain), "what is taken is a document", plain);
  const Node root = document.root();
  require(root.isObject() || root.isArray(), "what is taken holds others", plain);
  require(references == References::Allowed || !refers(root), "a reference is refused", plain);
  std::string own;
  root.appendTo(own);
  require(*taken == own, "what is taken comes out as a document's", *taken);
}

// The inside of a string, in whatever spelling.
void trySpelling(std::string_view input) {
  const std::string quoted = '"' + std::string(input) + '"';
  json::Document outer;
  if (!outer.tryRead(quoted) || !outer.root().isString()) return;
  const json::Text text = outer.root().text();
  checkTaken(text, References::Allowed);
  checkTaken(text, References::Refused);
}

// A document that we put between quotes: nothing sound is left out but halves of pairs.
void tryDocument(std::string_view input) {
  json::Document document;
  if (!document.tryRead(input)) return;
  const Node root = document.root();
  if (!root.isObject() && !root.isArray()) return;
  std::string own;
  root.appendTo(own);
  if (own != root.source()) return;
  const json::TextBuilder text(root.source());
  require(nested(text.view(), References::Allowed) == own, "a sound document is taken", own);
}

}  // namespace

void tryNested(std::string_view input) {
  trySpelling(input);
  tryDocument(input);
}

}  // namespace rondo::fuzz
