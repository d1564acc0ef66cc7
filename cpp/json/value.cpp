#include "json/value.h"

#include <cmath>

#include "json/document.h"
#include "json/writer.h"

namespace rondo::json {

Result<Value> parse(std::string_view text) {
  Document document;
  if (auto read = document.read(text); !read) return fail(read.error());
  return document.root().value();
}

std::string dump(const Value& value) {
  std::string out;
  Writer(out).value(value);
  return out;
}

std::string quote(std::string_view text) {
  std::string out;
  appendQuoted(out, text);
  return out;
}

const Value* find(const Value& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto member = object.find(key);
  if (member == object.end() || member->is_null()) return nullptr;
  return &*member;
}

const Value* findObject(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  return value && value->is_object() ? value : nullptr;
}

const Value* findArray(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  return value && value->is_array() ? value : nullptr;
}

std::optional<std::string_view> findString(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  return value ? asString(*value) : std::nullopt;
}

std::optional<bool> findBool(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  if (!value || !value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}

std::optional<double> findNumber(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::optional<std::int64_t> findInteger(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  return value ? asInteger(*value) : std::nullopt;
}

std::optional<std::string_view> asString(const Value& value) {
  if (!value.is_string()) return std::nullopt;
  return std::string_view(value.get_ref<const std::string&>());
}

std::optional<std::int64_t> asInteger(const Value& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  return wholeNumber(value.get<double>());
}

std::optional<std::int64_t> wholeNumber(double number) {
  constexpr double kMost = 9e15;
  if (std::trunc(number) != number || std::abs(number) > kMost) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace rondo::json
