#include "equality/spelling.h"

#include <cstdint>

namespace rondo::equality {
namespace {

class Speller {
 public:
  explicit Speller(Dice& dice)
      : dice_(dice),
        spaces_(dice.below(4)),
        escapes_(dice.of<std::size_t>({0, 0, 1, 3, 12})),
        repeats_(dice.once(8)) {}

  void write(const json::Value& value) {
    blank();
    if (value.is_object()) {
      writeObject(value);
    } else if (value.is_array()) {
      writeArray(value);
    } else if (value.is_string()) {
      writeText(value.get_ref<const std::string&>());
    } else {
      out += value.dump();
    }
    blank();
  }

  std::string out;

 private:
  void writeObject(const json::Value& object) {
    out += '{';
    if (object.empty()) blank();
    bool isFirst = true;
    for (const auto& [key, member] : object.items()) {
      if (!isFirst) out += ',';
      isFirst = false;
      if (repeats_ && dice_.once(8)) {
        writeMember(key, dice_.of<json::Value>({nullptr, 1, "x", json::Value::object(), {1, "]"}}));
        out += ',';
      }
      writeMember(key, member);
    }
    out += '}';
  }

  void writeMember(const std::string& key, const json::Value& member) {
    blank();
    writeText(key);
    blank();
    out += ':';
    write(member);
  }

  void writeArray(const json::Value& array) {
    out += '[';
    if (array.empty()) blank();
    bool isFirst = true;
    for (const json::Value& element : array) {
      if (!isFirst) out += ',';
      isFirst = false;
      write(element);
    }
    out += ']';
  }

  void blank() {
    if (spaces_ == 0 || dice_.below(4) >= spaces_) return;
    for (std::size_t i = dice_.below(3); i > 0; --i) out += dice_.of({' ', '\t', '\n', '\r', ' '});
  }

  void writeText(const std::string& text) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t length = lengthAt(text, i);
      writeCharacter(text.substr(i, length));
      i += length;
    }
    out += '"';
  }

  static std::size_t lengthAt(const std::string& text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }

  void writeCharacter(const std::string& character) {
    const char c = character[0];
    const bool isControl = static_cast<unsigned char>(c) < 0x20;
    const bool mustEscape = isControl || c == '"' || c == '\\';
    const bool isEscaped = escapes_ > 0 && dice_.below(12) < escapes_;
    if (!mustEscape && !isEscaped) {
      out += character;
      return;
    }
    const char* const shortForm = shortEscape(c);
    if (shortForm && !dice_.once(3)) {
      out += shortForm;
    } else {
      writeCodePoint(codePoint(character));
    }
  }

  static const char* shortEscape(char c) {
    switch (c) {
      case '"': return "\\\"";
      case '\\': return "\\\\";
      case '/': return "\\/";
      case '\b': return "\\b";
      case '\f': return "\\f";
      case '\n': return "\\n";
      case '\r': return "\\r";
      case '\t': return "\\t";
      default: return nullptr;
    }
  }

  static std::uint32_t codePoint(const std::string& character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    std::uint32_t code = character.size() == 1   ? lead
                         : character.size() == 2 ? lead & 0x1FU
                         : character.size() == 3 ? lead & 0x0FU
                                                 : lead & 0x07U;
    for (std::size_t i = 1; i < character.size(); ++i) {
      code = code << 6 | (static_cast<unsigned char>(character[i]) & 0x3FU);
    }
    return code;
  }

  void writeCodePoint(std::uint32_t code) {
    if (code < 0x10000) {
      writeUnit(code);
      return;
    }
    writeUnit(0xD800 + ((code - 0x10000) >> 10));
    writeUnit(0xDC00 + ((code - 0x10000) & 0x3FF));
  }

  void writeUnit(std::uint32_t unit) {
    out += "\\u";
    for (std::uint32_t place = 0x1000; place > 0; place /= 16) {
      const char* digits = dice_.once(2) ? "0123456789abcdef" : "0123456789ABCDEF";
      out += digits[unit / place % 16];
    }
  }

  Dice& dice_;
  std::size_t spaces_;   // Of 4 places, how many get white space.
  std::size_t escapes_;  // Of 12 characters, how many are escaped without need.
  bool repeats_;         // Whether keys come twice.
};

}  // namespace

std::string spelled(const json::Value& document, Dice& dice) {
  Speller speller(dice);
  speller.write(document);
  return std::move(speller.out);
}

std::string garbled(std::string text, Dice& dice) {
  for (std::size_t i = 1 + dice.below(2); i > 0; --i) {
    const std::size_t at = dice.below(text.size() + 1);
    switch (dice.below(8)) {
      case 0: text.erase(at, 1 + dice.below(3)); break;
      case 1: text.resize(at); break;
      case 2: text.insert(at, 1, static_cast<char>(dice.below(256))); break;
      case 3: text.insert(at, text.substr(at / 2, dice.below(6))); break;
      case 4:
        text.insert(at,
                    dice.of<const char*>({"\\ud800", "\\udc00", "\\ud83d\\u0041", "\\x", "\\u12",
                                          "\\ud83d\\ude00", "\\", "\\u0000", "\\U0041"}));
        break;
      case 5:
        text.insert(
            at, dice.of<const char*>({"\x80", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80",
                                      "\xE2\x82", "\xF0\x9F\x98", "\xEF\xBB\xBF", "\x01", "\x7F",
                                      "\xC2\xA0", "\n", "\t"}));
        break;
      case 6:
        text.insert(at, dice.of<const char*>({"1e999", "01", "-", "1.", ".5", "+1", "1e", "NaN",
                                              "tru", "nulll", "0x1", "1E5", "-0", "/**/", "//\n"}));
        break;
      default:
        text.insert(at, dice.of<const char*>({",", ":", "]", "[", "}", "{", "\"", "'"}));
        break;
    }
  }
  return text;
}

}  // namespace rondo::equality
