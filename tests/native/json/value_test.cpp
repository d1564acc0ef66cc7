#include "json/value.h"

#include <gtest/gtest.h>

namespace rondo::json {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string faultOf(std::string_view text) {
  const auto value = parse(text);
  return value ? "none" : value.error().message;
}

TEST(JsonTest, KeysKeepTheirOrder) {
  EXPECT_EQ(dump(*parse(R"({"z":1,"a":{"y":2,"b":3}})")), R"({"z":1,"a":{"y":2,"b":3}})");
}

TEST(JsonTest, NumbersKeepTheirValue) {
  EXPECT_EQ(dump(*parse("[18446744073709551615,-9223372036854775808,0.1,1e300]")),
            "[18446744073709551615,-9223372036854775808,0.1,1e+300]");
}

TEST(JsonTest, TwoHundredLevelsAreReadAndOneMoreIsNot) {
  EXPECT_TRUE(parse(nested(kMaxDepth)));
  EXPECT_EQ(faultOf(nested(kMaxDepth + 1)), "The JSON is nested more than 200 levels deep.");
}

TEST(JsonTest, ObjectsUpToTheLimitOfKeysAreRead) {
  const auto object = [](std::size_t keys) {
    std::string text = "[{";
    for (std::size_t i = 0; i < keys; ++i) {
      text += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":\":,\"";
    }
    return text + "},{\"a\":{}}]";
  };
  EXPECT_TRUE(parse(object(kMaxKeys)));
  EXPECT_EQ(faultOf(object(kMaxKeys + 1)),
            "The JSON is an object with more than 1000 keys, or has one inside.");
}

TEST(JsonTest, DocumentsOfTooManyValuesAreRefused) {
  std::string text = "[0";
  for (std::size_t i = 0; i < kMaxValues; ++i) text += ",0";
  EXPECT_EQ(faultOf(text + "]"), "The JSON is made of more than 1000000 values.");
}

TEST(JsonTest, BracketsInStringsAreNotDepth) {
  EXPECT_TRUE(parse("\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\""));
}

TEST(JsonTest, AHugeNestIsRefusedWithoutReadingIt) {
  EXPECT_FALSE(parse(std::string(5'000'000, '[')));
}

TEST(JsonTest, AFaultSaysWhereItIs) {
  EXPECT_EQ(faultOf(R"({"a":1,,})"), "The text is not valid JSON (at byte 8).");
  EXPECT_EQ(faultOf("[1] 2"), "The text is not valid JSON (at byte 5).");
  EXPECT_EQ(faultOf("x"), "The text is not valid JSON (at byte 1).");
}

TEST(JsonTest, ATextThatEndsEarlySaysSo) {
  for (const auto* text : {"{", "[1,", R"({"a":)", R"("abc)"}) {
    EXPECT_EQ(faultOf(text), "The JSON ends before it is complete.") << text;
  }
}

TEST(JsonTest, ATextThatIsEmptySaysSo) {
  for (const auto* text : {"", " \n"}) {
    EXPECT_EQ(faultOf(text), "There is no JSON: the text is empty.");
  }
}

TEST(JsonTest, AFaultIsTheCallersAndNamesNoField) {
  const auto value = parse("x");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().kind, ErrorKind::BadRequest);
  EXPECT_EQ(value.error().param, "");
}

TEST(JsonTest, BytesThatAreNotUtf8AreRefusedComingIn) {
  EXPECT_FALSE(parse("\"\xff\""));
  EXPECT_FALSE(parse("\"\xC3\""));
}

TEST(JsonTest, BytesThatAreNotUtf8AreReplacedGoingOut) {
  EXPECT_EQ(dump(Value("a\xff")), "\"a\xEF\xBF\xBD\"");
  EXPECT_EQ(quote("\xC3"), "\"\xEF\xBF\xBD\"");
}

TEST(JsonTest, QuotingEscapesWhatMustBe) {
  EXPECT_EQ(quote("a\"\\\n\x01\xC3\xA9"), "\"a\\\"\\\\\\n\\u0001\xC3\xA9\"");
}

TEST(JsonReaderTest, FindsMembersOfTheRightTypeAlone) {
  const auto value = *parse(R"({"s":"x","b":true,"n":1.5,"i":3,"o":{},"a":[],"z":null})");
  EXPECT_EQ(findString(value, "s"), "x");
  EXPECT_EQ(findBool(value, "b"), true);
  EXPECT_EQ(findNumber(value, "n"), 1.5);
  EXPECT_EQ(findInteger(value, "i"), 3);
  EXPECT_TRUE(findObject(value, "o"));
  EXPECT_TRUE(findArray(value, "a"));
  EXPECT_EQ(findString(value, "b"), std::nullopt);
  EXPECT_EQ(findBool(value, "s"), std::nullopt);
  EXPECT_EQ(findNumber(value, "s"), std::nullopt);
  EXPECT_EQ(findInteger(value, "s"), std::nullopt);
  EXPECT_FALSE(findObject(value, "a"));
  EXPECT_FALSE(findArray(value, "o"));
}

TEST(JsonReaderTest, NullAndAbsentAreTheSame) {
  const auto value = *parse(R"({"z":null})");
  EXPECT_FALSE(find(value, "z"));
  EXPECT_FALSE(find(value, "y"));
}

TEST(JsonReaderTest, WhatIsNoObjectHasNoMembers) {
  for (const auto* text : {"[]", "1", "\"s\"", "null", "true"}) {
    EXPECT_FALSE(find(*parse(text), "s")) << text;
  }
}

TEST(JsonReaderTest, IntegersAreWholeAndFit64Bits) {
  EXPECT_EQ(asInteger(*parse("3.0")), 3);
  EXPECT_EQ(asInteger(*parse("-7")), -7);
  EXPECT_EQ(asInteger(*parse("9223372036854775807")), INT64_MAX);
  for (const auto* text : {"3.5", "9223372036854775808", "1e40", "\"3\"", "true"}) {
    EXPECT_EQ(asInteger(*parse(text)), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rondo::json
