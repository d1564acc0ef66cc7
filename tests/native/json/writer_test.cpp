#include "json/writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace rondo::json {
namespace {

std::string asToken(std::string_view text) {
  std::string out;
  appendQuoted(out, text);
  return out;
}

TEST(JsonWriterTest, CommasComeByThemselves) {
  std::string out;
  Writer writer(out);
  writer.beginObject().key("a").beginArray().integer(1).null().beginObject().endObject().endArray();
  writer.key("b").boolean(true).foreignKey("c\"").string("x").key("d").raw("[1]").endObject();
  EXPECT_EQ(out, R"({"a":[1,null,{}],"b":true,"c\"":"x","d":[1]})");
}

TEST(JsonWriterTest, ATokenMayBeAppendedByTheCaller) {
  std::string out;
  Writer writer(out);
  writer.beginArray().integer(1);
  writer.token() += "2";
  writer.integer(3).endArray();
  EXPECT_EQ(out, "[1,2,3]");
}

TEST(JsonWriterTest, NumbersAreAsShortAsTheyCanBe) {
  std::string out;
  Writer(out).beginArray().number(1.5).number(0.1).number(-2.5e-9).integer(-7).endArray();
  EXPECT_EQ(out, "[1.5,0.1,-2.5e-09,-7]");
}

TEST(JsonWriterTest, WhatIsNoNumberIsNull) {
  std::string out;
  Writer(out).beginArray().number(std::numeric_limits<double>::infinity()).endArray();
  EXPECT_EQ(out, "[null]");
}

TEST(JsonWriterTest, SpecialCharactersAreEscaped) {
  EXPECT_EQ(asToken("a\"\\\n\r\t\b\f\x01\x1fz"), R"("a\"\\\n\r\t\b\f\u0001\u001fz")");
}

TEST(JsonWriterTest, WellFormedTextPassesUnchanged) {
  const std::string text = "é€😀\x7f";
  EXPECT_EQ(asToken(text), '"' + text + '"');
}

class MalformedTextTest : public testing::TestWithParam<std::string> {};

TEST_P(MalformedTextTest, IsReplacedSoThatItCanBeReadBack) {
  const std::string token = asToken("a" + GetParam() + "z");
  const auto value = parse(token);
  ASSERT_TRUE(value) << token;
  const std::string text(asString(*value).value_or(""));
  EXPECT_TRUE(text.starts_with("a\uFFFD"));
  EXPECT_TRUE(text.ends_with("z"));
}

// A lone continuation byte, a lone lead byte, overlong forms, a surrogate, beyond U+10FFFF.
INSTANTIATE_TEST_SUITE_P(Bytes, MalformedTextTest,
                         testing::Values("\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                                         "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xE2\x82"));

}  // namespace
}  // namespace rondo::json
