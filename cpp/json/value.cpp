#include "json/value.h"

#include <cmath>

#include "json/scan.h"

namespace rondo::json {
namespace {

// Reads a document only to learn where it breaks.
class FaultFinder : public nlohmann::json_sax<Value> {
 public:
  std::size_t position = 0;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&,
                   const nlohmann::detail::exception&) override {
    position = at;
    return false;
  }
};

// `text` is a document without its long strings.
Error syntaxError(std::string_view text, const Scan& scan) {
  FaultFinder finder;
  Value::sax_parse(text.begin(), text.end(), &finder);
  if (finder.position > text.size()) return badRequest("The JSON ends before it is complete.", "");
  return badRequest("The text is not valid JSON (at byte " +
                        std::to_string(positionBefore(scan, finder.position)) + ").",
                    "");
}

Value parseWhole(std::string_view text) {
  return Value::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
}

}  // namespace

Result<Value> parse(std::string_view text) {
  const Scan scan = scanDocument(text);
  if (!scan.excess.empty()) return fail(badRequest("The JSON is " + scan.excess + ".", ""));
  const std::string shortened = scan.longStrings.empty() ? "" : withoutLongStrings(text, scan);
  const std::string_view document = scan.longStrings.empty() ? text : shortened;
  Value value = parseWhole(document);
  if (value.is_discarded()) return fail(syntaxError(document, scan));
  if (!scan.longStrings.empty() && !restoreLongStrings(value, text, scan)) {
    return fail(badRequest("The text is not valid JSON: a long string is broken.", ""));
  }
  return value;
}

std::string dump(const Value& value) {
  return value.dump(-1, ' ', false, Value::error_handler_t::replace);
}

std::string quote(std::string_view text) { return dump(Value(text)); }

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
  const double number = value.get<double>();
  if (std::trunc(number) != number || std::abs(number) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace rondo::json
