#include "json/scan.h"

#include <gtest/gtest.h>

namespace rondo::json {
namespace {

std::string repeated(std::string_view unit, std::size_t size) {
  std::string out;
  while (out.size() < size) out += unit;
  return out;
}

// As the library alone parses it.
Value reference(const std::string& text) { return Value::parse(text, nullptr, false); }

TEST(LongStrings, AreParsedLikeShortOnes) {
  for (const auto* unit : {"x", R"(\n)", R"(\u00e9)", "\xC3\xA9", R"(\ud83d\ude00)",
                           "\xF0\x9F\x98\x80", R"(\"\\)", "ab\xE2\x82\xAC\\t"}) {
    const std::string text = R"({"a":")" + repeated(unit, 3 * kLongString) + R"(","b":["short",")" +
                             repeated(unit, kLongString) + R"("]})";
    const auto parsed = parse(text);
    ASSERT_TRUE(parsed.has_value()) << unit;
    EXPECT_TRUE(*parsed == reference(text)) << unit;
  }
}

TEST(LongStrings, MayBeTheWholeDocument) {
  const std::string text = '"' + repeated("x", kLongString) + '"';
  EXPECT_TRUE(parse(text).value() == reference(text));
}

TEST(LongStrings, MayBeKeys) {
  const std::string text = R"({")" + repeated("k", kLongString) + R"(" : 1})";
  EXPECT_TRUE(parse(text).value() == reference(text));
}

TEST(LongStrings, AreNotMixedUpWithStringsThatLookLikeTheirTokens) {
  const std::string text =
      R"({"a":"\u000017","b":"\u0000","c":")" + repeated("x", kLongString) + R"("})";
  EXPECT_TRUE(parse(text).value() == reference(text));
}

TEST(LongStrings, AreRefusedWhenBroken) {
  for (const auto* broken : {R"(\x)", R"(\ud83d)", "\xFF", "\n", R"(\u12)"}) {
    const std::string text =
        R"({"a":")" + repeated("x", kLongString) + broken + repeated("x", kLongString) + R"("})";
    EXPECT_FALSE(parse(text).has_value()) << broken;
    EXPECT_TRUE(reference(text).is_discarded()) << broken;
  }
}

TEST(LongStrings, AreCountedInThePlaceOfAFault) {
  const std::string front = R"({"a":")" + repeated("x", kLongString) + R"(",)";
  const auto parsed = parse(front + "?}");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_NE(parsed.error().message.find("at byte " + std::to_string(front.size() + 1)),
            std::string::npos)
      << parsed.error().message;
}

TEST(LongStrings, ThatNeverEndAreAnEndBeforeTheDocumentIsComplete) {
  const auto parsed = parse(R"({"a":")" + repeated("x", kLongString));
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().message, "The JSON ends before it is complete.");
}

}  // namespace
}  // namespace rondo::json
