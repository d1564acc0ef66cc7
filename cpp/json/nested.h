#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "json/document.h"
#include "json/text.h"

// JSON in a string of JSON, which calls' arguments and tools' results mostly are.

namespace rondo::json {

// What the characters of `text` begin like, behind white space: an object, an array, or else Null.
// A guess that takes no more than a look.
Kind nestedKind(const Text& text);

// Whether a document may have a key `$ref`.
enum class References : std::uint8_t { Allowed, Refused };

// Keys that are looked for in a document that is an object: in it alone, and spelled without
// escapes.
struct KeyWatch {
  std::span<const std::string_view> keys;
  bool isAnyThere = false;
};

// Appends the object or array that the characters of `text` are, in their own spelling, but for
// white space around it: in one pass, which takes the outer escapes off and judges what it writes
// as `Document` does; but an object may have any number of keys. A false
// appends nothing and is no verdict: such a document may be there, spelled in a way that this pass
// doesn't know (as with an outer escape for a brace, or half a surrogate pair). Then a `Document`
// has to read the characters.
bool appendNested(std::string& out, const Text& text, References references,
                  KeyWatch* watch = nullptr);

}  // namespace rondo::json
