#include "conversation/field_reader.h"

#include <utility>

namespace rondo::conversation {
namespace {

// Of one part that is taken apart and written anew, and of all of a request: each takes many times
// its size, and schemas with many references some hundred milliseconds a megabyte.
constexpr std::size_t kMostBytes = 1024 * 1024;
constexpr std::size_t kMostBytesTotal = 2 * 1024 * 1024;
// Of all texts of a request that are not passed on as they stand: each is copied once more.
constexpr std::size_t kMostReworded = 4 * 1024 * 1024;
// Messages, parts, calls, tools, and what is in them. An object of twenty bytes becomes one of some
// hundreds.
constexpr std::size_t kMostObjects = 50'000;

std::string_view typeName(json::Node value) {
  if (value.isNull()) return "null";
  if (value.isBoolean()) return "a boolean";
  if (value.isNumber()) {
    return value.value().is_number_integer() ? "an integer" : "a decimal";
  }
  if (value.isString()) return "a string";
  return value.isArray() ? "an array" : "an object";
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

// A path takes a walk up to the root: not for a fault that isn't told.
void Faults::invalid(const Path& path, std::string_view what, const char* code) {
  if (first_) return;
  std::string place = path.text();
  std::string text = "Invalid '" + place + "': ";
  report(badRequest(text.append(what), std::move(place), code));
}

bool Faults::mayOwn(std::size_t size) {
  owned_ += size;
  return owned_ <= kMostBytesTotal;
}

bool Faults::mayReword(const Path& path, std::size_t size) {
  reworded_ += size;
  if (reworded_ <= kMostReworded) return true;
  invalid(path,
          "expected at most " + std::to_string(kMostReworded) +
              " bytes in all such texts of a request.",
          "string_above_max_length");
  return false;
}

bool Faults::mayRead(const Path& path) {
  if (++read_ <= kMostObjects) return true;
  invalid(path,
          "a request may hold at most " + std::to_string(kMostObjects) +
              " messages, parts and other objects.",
          "array_above_max_length");
  return false;
}

void Faults::wrongType(const Path& path, std::string_view expected, json::Node got) {
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

void Faults::tooMany(const Path& path, std::size_t most, std::size_t got) {
  invalid(path,
          "array too long. Expected an array with maximum length " + std::to_string(most) +
              ", but got an array with length " + std::to_string(got) + " instead.",
          "array_above_max_length");
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

FieldReader::FieldReader(json::Node object, const Path& path, Faults& faults)
    : object_(object), path_(path), faults_(faults) {
  if (!object.isObject()) {
    faults_.wrongType(path, "an object", object);
  } else if (faults_.mayRead(path)) {
    return;
  }
  object_ = {};
}

json::Node FieldReader::any(std::string_view key) { return object_.find(key); }

json::Node FieldReader::object(std::string_view key) {
  const json::Node value = any(key);
  if (!value || value.isObject()) return value;
  faults_.wrongType(at(key), "an object", value);
  return {};
}

json::Node FieldReader::array(std::string_view key) {
  const json::Node value = any(key);
  if (!value || value.isArray()) return value;
  faults_.wrongType(at(key), "an array", value);
  return {};
}

json::Node FieldReader::array(std::string_view key, std::size_t most) {
  const json::Node list = array(key);
  std::size_t length = 0;
  for ([[maybe_unused]] const json::Node element : list.elements()) ++length;
  if (length <= most) return list;
  faults_.tooMany(at(key), most, length);
  return {};
}

std::optional<json::Value> FieldReader::ownObject(std::string_view key) {
  return own(object(key), key);
}

std::optional<json::Value> FieldReader::ownArray(std::string_view key) {
  return own(array(key), key);
}

std::optional<json::Value> FieldReader::own(json::Node value, std::string_view key) {
  if (!value) return std::nullopt;
  const auto refuse = [&](std::size_t most, const std::string& rest) {
    std::string place = at(key).text();
    std::string text = "Invalid '" + place + "': expected at most " + std::to_string(most) +
                       " bytes of JSON" + rest + '.';
    faults_.report(badRequest(std::move(text), std::move(place), "invalid_value"));
    return std::nullopt;
  };
  const std::size_t size = value.source().size();
  if (size > kMostBytes) return refuse(kMostBytes, ", but got " + std::to_string(size));
  if (!faults_.mayOwn(size)) return refuse(kMostBytesTotal, " in all such parts of a request");
  return value.value();
}

std::optional<bool> FieldReader::boolean(std::string_view key) {
  const json::Node value = any(key);
  if (value && !value.isBoolean()) faults_.wrongType(at(key), "a boolean", value);
  return value.boolean();
}

std::optional<double> FieldReader::number(std::string_view key, double least, double most) {
  const json::Node value = any(key);
  if (!value) return std::nullopt;
  const auto number = value.number();
  if (!number) {
    faults_.wrongType(at(key), "a number", value);
    return std::nullopt;
  }
  if (*number >= least && *number <= most) return number;
  faults_.report(badRequest("Invalid '" + at(key).text() + "': expected " + rangeText(least, most) +
                                ", but got " + numberText(*number) + '.',
                            at(key).text(), "invalid_value"));
  return std::nullopt;
}

std::optional<std::int64_t> FieldReader::integer(std::string_view key, std::int64_t least,
                                                 std::int64_t most) {
  const json::Node value = any(key);
  if (!value) return std::nullopt;
  const auto number = value.integer();
  if (!number) {
    faults_.wrongType(at(key), "an integer", value);
    return std::nullopt;
  }
  if (*number >= least && *number <= most) return number;
  faults_.report(badRequest("Invalid '" + at(key).text() + "': expected an integer from " +
                                std::to_string(least) + " to " + std::to_string(most) +
                                ", but got " + std::to_string(*number) + '.',
                            at(key).text(), "invalid_value"));
  return std::nullopt;
}

json::Text FieldReader::text(std::string_view key) {
  const json::Node value = any(key);
  if (value && !value.isString()) faults_.wrongType(at(key), "a string", value);
  return value.text();
}

std::string FieldReader::string(std::string_view key) { return text(key).plain(); }

json::Text FieldReader::requiredText(std::string_view key) {
  const json::Text found = text(key);
  if (found.empty()) faults_.missing(at(key));
  return found;
}

std::string FieldReader::requiredString(std::string_view key) { return requiredText(key).plain(); }

}  // namespace rondo::conversation
