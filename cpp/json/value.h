#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rondo::json {

// A JSON document that keeps its keys in the order they came, so that schemas and tool arguments
// reach the other side as their author wrote them.
using Value = nlohmann::ordered_json;

// Deeper documents are refused: the walks over a document recurse, and the stack is finite.
inline constexpr std::size_t kMaxDepth = 200;

// Larger ones are refused too: an object's keys are compared one by one when one is looked for, and
// each value takes many times the memory of its text.
inline constexpr std::size_t kMaxKeys = 1000;
inline constexpr std::size_t kMaxValues = 1000000;

// The same as a document of its own. Refuses what Document::read refuses.
Result<Value> parse(std::string_view text);

// Compact. Bytes that are not UTF-8 become U+FFFD.
std::string dump(const Value& value);

// A string as a JSON token, quotes included.
std::string quote(std::string_view text);

// The readers below never fault: nothing when `object` is not an object, the key is absent or
// null, or the member has another type. What they point to lives as long as `object`.
const Value* find(const Value& object, std::string_view key);
const Value* findObject(const Value& object, std::string_view key);
const Value* findArray(const Value& object, std::string_view key);
std::optional<std::string_view> findString(const Value& object, std::string_view key);
std::optional<bool> findBool(const Value& object, std::string_view key);
std::optional<double> findNumber(const Value& object, std::string_view key);
// Whole numbers only; 3.0 counts as one, 3.5 and what does not fit 64 bits do not.
std::optional<std::int64_t> findInteger(const Value& object, std::string_view key);

// The same for a value already in hand.
std::optional<std::string_view> asString(const Value& value);
std::optional<std::int64_t> asInteger(const Value& value);

// The same for a double: nothing beyond where doubles don't tell one whole number from the next.
std::optional<std::int64_t> wholeNumber(double number);

}  // namespace rondo::json
