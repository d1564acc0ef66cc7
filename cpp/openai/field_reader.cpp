#include "openai/field_reader.h"

#include <utility>

namespace rondo::openai {
namespace {

std::string_view typeName(const json::Value& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "a boolean";
  if (value.is_number_integer()) return "an integer";
  if (value.is_number()) return "a decimal";
  if (value.is_string()) return "a string";
  return value.is_array() ? "an array" : "an object";
}

// 5, not 5.000000.
std::string numberText(double number) { return json::dump(json::Value(number)); }

std::string rangeText(double least, double most) {
  return "a number between " + numberText(least) + " and " + numberText(most);
}

}  // namespace

std::string Path::text() const {
  if (!parent_) return {};
  std::string text = parent_->text();
  if (index_ >= 0) return text + '[' + std::to_string(index_) + ']';
  if (!text.empty()) text += '.';
  return text.append(key_);
}

void Faults::report(Error error) {
  if (!first_) first_ = std::move(error);
}

void Faults::wrongType(const Path& path, std::string_view expected, const json::Value& got) {
  if (first_) return;
  std::string place = path.text();
  std::string text = place.empty() ? "Invalid request body" : "Invalid type for '" + place + '\'';
  text.append(": expected ").append(expected).append(", but got ").append(typeName(got));
  report(badRequest(text + " instead.", std::move(place), "invalid_type"));
}

void Faults::missing(const Path& path) {
  if (first_) return;
  std::string place = path.text();
  std::string text = "Missing required parameter: '" + place + "'.";
  report(badRequest(std::move(text), std::move(place), "missing_required_parameter"));
}

void Faults::unknownValue(const Path& path, std::string_view got,
                          std::initializer_list<std::string_view> supported) {
  if (first_) return;
  constexpr std::size_t kShown = 60;
  std::string text = "Invalid value for '" + path.text() + "': '";
  text.append(got.substr(0, kShown)).append("'. Supported values are: ");
  for (std::string_view separator; const std::string_view value : supported) {
    text.append(separator).append("'").append(value).append("'");
    separator = ", ";
  }
  report(badRequest(text + '.', path.text(), "invalid_value"));
}

FieldReader::FieldReader(json::Value& object, const Path& path, Faults& faults)
    : object_(&object), path_(path), faults_(faults) {
  if (object.is_object()) return;
  faults_.wrongType(path, "an object", object);
  object_ = nullptr;
}

json::Value* FieldReader::any(std::string_view key) {
  if (!object_) return nullptr;
  const auto member = object_->find(key);
  if (member == object_->end() || member->is_null()) return nullptr;
  return &*member;
}

json::Value* FieldReader::object(std::string_view key) {
  json::Value* value = any(key);
  if (!value || value->is_object()) return value;
  faults_.wrongType(at(key), "an object", *value);
  return nullptr;
}

json::Value* FieldReader::array(std::string_view key) {
  json::Value* value = any(key);
  if (!value || value->is_array()) return value;
  faults_.wrongType(at(key), "an array", *value);
  return nullptr;
}

std::optional<bool> FieldReader::boolean(std::string_view key) {
  json::Value* value = any(key);
  if (!value) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  faults_.wrongType(at(key), "a boolean", *value);
  return std::nullopt;
}

std::optional<double> FieldReader::number(std::string_view key, double least, double most) {
  json::Value* value = any(key);
  if (!value) return std::nullopt;
  if (!value->is_number()) {
    faults_.wrongType(at(key), "a number", *value);
    return std::nullopt;
  }
  const double number = value->get<double>();
  if (number >= least && number <= most) return number;
  faults_.report(badRequest("Invalid '" + at(key).text() + "': expected " + rangeText(least, most) +
                                ", but got " + numberText(number) + '.',
                            at(key).text(), "invalid_value"));
  return std::nullopt;
}

std::optional<std::int64_t> FieldReader::integer(std::string_view key, std::int64_t least,
                                                 std::int64_t most) {
  json::Value* value = any(key);
  if (!value) return std::nullopt;
  const auto number = json::asInteger(*value);
  if (!number) {
    faults_.wrongType(at(key), "an integer", *value);
    return std::nullopt;
  }
  if (*number >= least && *number <= most) return number;
  faults_.report(badRequest("Invalid '" + at(key).text() + "': expected an integer from " +
                                std::to_string(least) + " to " + std::to_string(most) +
                                ", but got " + std::to_string(*number) + '.',
                            at(key).text(), "invalid_value"));
  return std::nullopt;
}

std::string FieldReader::string(std::string_view key) {
  json::Value* value = any(key);
  if (!value) return {};
  if (value->is_string()) return takeString(*value);
  faults_.wrongType(at(key), "a string", *value);
  return {};
}

std::string FieldReader::requiredString(std::string_view key) {
  std::string text = string(key);
  if (text.empty()) faults_.missing(at(key));
  return text;
}

std::string takeString(json::Value& value) {
  return value.is_string() ? std::move(value.get_ref<std::string&>()) : std::string();
}

}  // namespace rondo::openai
