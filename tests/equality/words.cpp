#include "equality/words.h"

#include <limits>

#include "equality/spelling.h"

namespace rondo::equality {
namespace {

std::string bit(Dice& dice) {
  switch (dice.below(24)) {
    case 0: return "\"";
    case 1: return "\\";
    case 2: return "/";
    case 3: return dice.of<const char*>({"\b", "\f", "\n", "\r", "\t"});
    case 4: return std::string(1, static_cast<char>(dice.below(32)));
    case 5: return "\x7F";
    case 6: return dice.of<const char*>({"é", "ß", "\xC2\x80", "\xDF\xBF"});
    case 7: return dice.of<const char*>({"€", "\u2028", "\u2029", "漢", "\uFEFF", "\uFFFD"});
    case 8: return dice.of<const char*>({"\uD7FF", "\uE000", "\uFFFF", "\u0800"});
    case 9: return dice.of<const char*>({"😀", "\U00010000", "\U0010FFFF", "👩‍👩‍👧"});
    case 10: return dice.of<const char*>({"\\u0041", "\\n", "\\", "</script>", "data: ", "```"});
    case 11: return "\n\n";
    case 12:
      return dice.of<const char*>({"e", "0", "-1.5e+10", "null", "true", "{", "}", "[", "]"});
    default:
      return dice.of<const char*>(
          {"a", "word ", "Hello, world! ", "the quick brown fox ", ", ", ":"});
  }
}

std::string bits(Dice& dice, std::size_t most) {
  std::string text;
  for (std::size_t i = dice.below(most + 1); i > 0; --i) text += bit(dice);
  return text;
}

// Around the length at which production has handled strings in another way, and beyond.
std::string longText(Dice& dice) {
  const std::string unit = dice.of<const char*>({"a", "ab\"", "é", "€", "😀", "\n"});
  const std::size_t least = 64 * 1024 - 4 + dice.below(8);
  std::string text = bits(dice, 8);
  while (text.size() < least) text += unit;
  return text + bits(dice, 8);
}

std::string anyKey(Dice& dice) {
  if (dice.once(6)) return bits(dice, 4);
  return dice.of<const char*>({"a", "b", "input", "path", "x y", "größe", "$schema", "type", "id"});
}

Value plainSchema(Dice& dice) {
  Value schema = {
      {"type", dice.of<const char*>({"string", "number", "integer", "boolean", "null"})}};
  if (dice.once(4)) schema["description"] = anyText(dice);
  if (dice.once(6)) schema["enum"] = Value::array({anyText(dice), anyText(dice)});
  if (dice.once(8)) schema["minimum"] = anyNumber(dice);
  if (dice.once(8)) schema["default"] = anyValue(dice, 1);
  return schema;
}

// The number of values in a document, itself included.
std::size_t countOf(const Value& value) {
  std::size_t count = 1;
  if (value.is_structured()) {
    for (const Value& member : value) count += countOf(member);
  }
  return count;
}

Value* placeAt(Value& value, std::size_t& skip) {
  if (skip-- == 0) return &value;
  if (!value.is_structured()) return nullptr;
  for (Value& member : value) {
    if (Value* found = placeAt(member, skip)) return found;
  }
  return nullptr;
}

// With U+FFFD in the place of bytes that are no UTF-8, of which no Value can be printed.
std::string wellFormed(const std::string& text) {
  const std::string json = Value(text).dump(-1, ' ', false, Value::error_handler_t::replace);
  return Value::parse(json).get<std::string>();
}

}  // namespace

std::string anyText(Dice& dice) {
  if (dice.once(12)) return {};
  if (dice.once(4000)) return longText(dice);
  if (dice.once(3)) return "plain text";
  return bits(dice, 8);
}

std::string jsonText(Dice& dice) {
  switch (dice.below(14)) {
    case 0: return "";
    case 1: return anyText(dice);
    case 2: return dice.of<const char*>({"null", "true", " 12 ", "-0", "1e308", "[1, 2]", " [ ] "});
    case 3: return dice.of<const char*>({"{", "{\"a\":1}}", "{'a':1}", "{\"a\":01}", "{\"a\":1,}"});
    case 4:
      return dice.of<const char*>({R"({"a":"\ud800"})", R"({"\udc00":["\ud83d\ud83d\ude00"]})",
                                   R"({"a":[{"$ref":1}]})", R"([{"\u0024ref":"$ref"}])",
                                   R"({"$refs":"$ref"})", R"({"a":"\uD83D\uDE00"})",
                                   R"({"a":"\x"})", "{\"a\":\"\t\"}", R"({"a":"\/"})"});
    case 5:
      return dice.of<const char*>({"{ \"a\" : 1.0 }", "\n{\"a\":1}\n", "\uFEFF{\"a\":1}",
                                   "\u00A0{}", R"({"a":12345678901234567890})"});
    case 6:
      return Value(dice.of<const char*>({"", " ", "\n"}) + anyObject(dice, 1).dump() + " ").dump();
    case 7: return Value(anyText(dice)).dump();
    case 8: return anyValue(dice, 2).dump();
    case 9: return anyObject(dice, 2).dump(2);
    case 10: return wellFormed(garbled(spelled(anyObject(dice, 1), dice), dice));
    default: return anyObject(dice, 2).dump();
  }
}

std::string base64Text(Dice& dice) {
  if (dice.once(24)) return dice.of<const char*>({"", "a", "not base64!", "aG=k", "====", "é"});
  std::string text = dice.of<const char*>(
      {"iVBORw0KGgo=", "/9j/4AAQ", "R0lGODlh", "JVBERi0xLjQ", "SUQzBAA=", "ZkxhQw==", "T2dnUwAC",
       "aGk-_w==", "UklGRiQAAABXRUJQVlA4", "UklGRiQAAABXQVZF", "aGVs\r\n bG8=\t"});
  return dice.once(2000) ? std::string(70000, 'A') + text : text;
}

std::string signature(Dice& dice) {
  if (dice.once(8)) return anyText(dice);
  return dice.of<const char*>({"c2ln", "U2lnbmF0dXJl", "abcd-_+/", "YQ==", "abcde", "a=b="});
}

Value anyNumber(Dice& dice) {
  return dice.of<Value>({0,
                         1,
                         2,
                         -1,
                         7,
                         1.0,
                         0.5,
                         -0.0,
                         1e308,
                         5e-324,
                         0.1,
                         1e16,
                         3.0,
                         9007199254740993,
                         std::numeric_limits<std::int64_t>::min(),
                         std::numeric_limits<std::int64_t>::max(),
                         12345678901234567890U,
                         18446744073709551615U,
                         1.7976931348623157e308,
                         100000.0,
                         1e-7});
}

Value anyValue(Dice& dice, int depth) {
  switch (dice.below(depth > 0 ? 9 : 6)) {
    case 0: return nullptr;
    case 1: return dice.once(2);
    case 2: return anyNumber(dice);
    case 6: {
      Value array = Value::array();
      for (std::size_t i = dice.below(4); i > 0; --i) array.push_back(anyValue(dice, depth - 1));
      return array;
    }
    case 7:
    case 8: return anyObject(dice, depth - 1);
    default: return anyText(dice);
  }
}

Value anyObject(Dice& dice, int depth) {
  Value object = Value::object();
  for (std::size_t i = dice.below(4); i > 0; --i) object[anyKey(dice)] = anyValue(dice, depth);
  return object;
}

Value anySchema(Dice& dice, int depth) {
  if (dice.once(12)) return anyObject(dice, 1);
  if (dice.once(16)) return Value::object();
  Value schema = Value::object();
  if (dice.once(6)) schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["type"] = dice.once(10) ? "OBJECT" : "object";
  if (dice.once(8)) return schema;
  Value properties = Value::object();
  for (std::size_t i = dice.below(3); i > 0; --i) {
    properties[anyKey(dice)] =
        depth > 0 && dice.once(3) ? anySchema(dice, depth - 1) : plainSchema(dice);
  }
  schema["properties"] = properties;
  if (dice.once(3)) schema["required"] = Value::array({"a"});
  if (dice.once(4)) schema["additionalProperties"] = anyValue(dice, 0);
  if (dice.once(8)) schema["anyOf"] = Value::array({plainSchema(dice), plainSchema(dice)});
  return schema;
}

void damage(Value& document, Dice& dice) {
  std::size_t skip = dice.below(countOf(document));
  Value* place = placeAt(document, skip);
  if (place->is_object() && !place->empty() && dice.once(2)) {
    auto member = place->begin();
    for (std::size_t i = dice.below(place->size()); i > 0; --i) ++member;
    place->erase(member);
  } else if (place->is_object() && dice.once(2)) {
    (*place)[anyKey(dice)] = anyValue(dice, 2);
  } else if (place->is_array() && !place->empty() && dice.once(2)) {
    place->push_back(Value((*place)[dice.below(place->size())]));
  } else if (dice.once(3)) {
    *place = nullptr;
  } else {
    *place = anyValue(dice, 2);
  }
}

}  // namespace rondo::equality
