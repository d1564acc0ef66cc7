#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

// How the reference reads members of JSON objects. Null counts as absent throughout.

namespace rondo::equality {

using json::Value;

// Thrown for a request that no body is made of.
struct Refused {};

// --- What Google sent: whatever is not as it should be counts as absent ---

inline const Value* get(const Value& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

inline const Value* getObject(const Value& object, std::string_view key) {
  const Value* value = get(object, key);
  return value && value->is_object() ? value : nullptr;
}

// The elements of an array; none when it isn't one.
inline const Value& getArray(const Value& object, std::string_view key) {
  static const Value none = Value::array();
  const Value* value = get(object, key);
  return value && value->is_array() ? *value : none;
}

inline std::string getText(const Value& object, std::string_view key) {
  const Value* value = get(object, key);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

// A whole number, 3.0 included.
inline std::optional<std::int64_t> wholeNumber(const Value& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > std::uint64_t{INT64_MAX}) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const auto number = value.get<double>();
  const bool isSmall = number >= -9e15 && number <= 9e15;
  if (!isSmall || number != static_cast<double>(static_cast<std::int64_t>(number))) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number);
}

inline std::optional<std::int64_t> getInteger(const Value& object, std::string_view key) {
  const Value* value = get(object, key);
  return value ? wholeNumber(*value) : std::nullopt;
}

// --- What the client sent: whatever is not as it should be is refused ---

inline void demand(bool holds) {
  if (!holds) throw Refused{};
}

inline const Value* any(const Value& object, std::string_view key) {
  demand(object.is_object());
  return get(object, key);
}

inline const Value& required(const Value& object, std::string_view key) {
  const Value* value = any(object, key);
  demand(value != nullptr);
  return *value;
}

inline const Value* objectAt(const Value& object, std::string_view key) {
  const Value* value = any(object, key);
  demand(!value || value->is_object());
  return value;
}

inline const Value* arrayAt(const Value& object, std::string_view key) {
  const Value* value = any(object, key);
  demand(!value || value->is_array());
  return value;
}

inline std::string textAt(const Value& object, std::string_view key) {
  const Value* value = any(object, key);
  demand(!value || value->is_string());
  return value ? value->get<std::string>() : std::string();
}

inline std::string requiredText(const Value& object, std::string_view key) {
  std::string text = textAt(object, key);
  demand(!text.empty());
  return text;
}

inline std::optional<bool> flagAt(const Value& object, std::string_view key) {
  const Value* value = any(object, key);
  demand(!value || value->is_boolean());
  return value ? std::optional(value->get<bool>()) : std::nullopt;
}

inline std::optional<double> numberAt(const Value& object, std::string_view key, double least,
                                      double most) {
  const Value* value = any(object, key);
  if (!value) return std::nullopt;
  demand(value->is_number());
  const auto number = value->get<double>();
  demand(number >= least && number <= most);
  return number;
}

inline std::optional<std::int64_t> integerAt(const Value& object, std::string_view key,
                                             std::int64_t least, std::int64_t most) {
  const Value* value = any(object, key);
  if (!value) return std::nullopt;
  const auto number = wholeNumber(*value);
  demand(number && *number >= least && *number <= most);
  return number;
}

}  // namespace rondo::equality
