#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace rondo::google {

// A document out of a text that should be JSON and often is not quite: behind a prefix ("got
// status: 429 {…}"), with doubled or trailing commas, with no-break spaces and raw line ends
// inside. Nothing when there is none.
std::optional<json::Value> parseLeniently(std::string_view text);

// The member of that name; blanks around the key don't count. Null when absent or null.
const json::Value* member(const json::Value& object, std::string_view name);

// The member's text. A number or a bool is spelled out; anything else is empty.
std::string textOf(const json::Value& object, std::string_view name);

// What a body that is no error object says: its text, or an HTML page's title. Nothing when it
// looks like JSON, since that may be a part of an answer, which has no place in a log.
std::string plainText(std::string_view body);

// `message` in lower case and with nothing between its quotation marks. Phrases are looked for in
// this, since what Google quotes may be words of a client's.
std::string ownWords(std::string_view message);

}  // namespace rondo::google
