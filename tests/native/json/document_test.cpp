#include "json/document.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "json/cursor.h"
#include "json/writer.h"
#include "native/json/kept.h"

namespace rondo::json {
namespace {

std::string memberOf(std::string_view object, std::string_view key) {
  return std::string(keptNode(object).find(key).source());
}

TEST(DocumentTest, ValuesAreFoundAsTheyAreSpelled) {
  const auto* object = R"({ "s":"a\u0062" , "n":-1.50e2,"a":[ 1, 2 ],"o":{"x" : true}})";
  EXPECT_EQ(memberOf(object, "s"), R"("a\u0062")");
  EXPECT_EQ(memberOf(object, "n"), "-1.50e2");
  EXPECT_EQ(memberOf(object, "a"), "[ 1, 2 ]");
  EXPECT_EQ(memberOf(object, "o"), R"({"x" : true})");
}

TEST(DocumentTest, AMemberThatIsNullOrAbsentIsNone) {
  EXPECT_FALSE(keptNode(R"({"a":null})").find("a"));
  EXPECT_FALSE(keptNode(R"({"a":null})").find("b"));
  EXPECT_FALSE(keptNode("[1]").find("a"));
  EXPECT_FALSE(Node().find("a").find("b"));
}

TEST(DocumentTest, OfSeveralMembersWithANameTheLastCounts) {
  EXPECT_EQ(memberOf(R"({"a":1,"b":2,"a":{"c":3}})", "a"), R"({"c":3})");
}

TEST(DocumentTest, ANameIsKnownHoweverItIsSpelled) {
  EXPECT_EQ(memberOf(R"({"\u006dodel":"x"})", "model"), R"("x")");
}

TEST(DocumentTest, StringsLoseTheirEscapesWhenAskedForTheirCharacters) {
  EXPECT_EQ(keptNode(R"("\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00")").string(),
            "\"\\/\b\f\n\r\t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

struct HalfPair {
  const char* name;
  const char* spelling;
  const char* characters;
  const char* passedOn;
};

class HalfPairTest : public testing::TestWithParam<HalfPair> {
 protected:
  std::string quoted() const { return '"' + std::string(GetParam().spelling) + '"'; }
  std::string expected() const { return '"' + std::string(GetParam().passedOn) + '"'; }
};

TEST_P(HalfPairTest, StandsForTheReplacementCharacter) {
  EXPECT_EQ(keptNode(quoted()).string(), GetParam().characters);
}

TEST_P(HalfPairTest, IsSoundForTheCursorToo) {
  const std::string text = quoted();
  Cursor cursor(text);
  EXPECT_TRUE(cursor.takeValue() && cursor.isAtEnd());
}

TEST_P(HalfPairTest, IsNeverPassedOnInItsSpelling) {
  std::string text;
  Writer(text).string(keptNode(quoted()).text());
  EXPECT_EQ(text, expected());
  TextBuilder builder("");
  builder.append(keptNode(quoted()).text());
  EXPECT_EQ(builder.view().spelling(), GetParam().passedOn);
  EXPECT_EQ(builder, GetParam().characters);
}

TEST_P(HalfPairTest, IsNeverPassedOnInADocument) {
  const std::string before = R"({"k":[1, {"a":)";
  const std::string behind = R"(}],"\\ud83d":"\n"})";
  std::string text;
  keptNode(before + quoted() + behind).appendTo(text);
  EXPECT_EQ(text, before + expected() + behind);
}

TEST_P(HalfPairTest, IsNeverPassedOnInAKey) {
  const Node object = keptNode('{' + quoted() + ":1}");
  EXPECT_EQ(object.find(GetParam().characters).integer(), 1);
  std::string text;
  object.appendTo(text);
  EXPECT_EQ(text, '{' + expected() + ":1}");
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, HalfPairTest,
    testing::Values(HalfPair{"First", R"(\ud83d)", "\xEF\xBF\xBD", R"(\ufffd)"},
                    HalfPair{"Second", R"(a\uDE00)", "a\xEF\xBF\xBD", R"(a\ufffd)"},
                    HalfPair{"BeforeALetter", R"(\ud83dx)", "\xEF\xBF\xBDx", R"(\ufffdx)"},
                    HalfPair{"BeforeAnEscape", R"(\uDBFF\u0041)",
                             "\xEF\xBF\xBD"
                             "A",
                             R"(\ufffd\u0041)"},
                    HalfPair{"BeforeAPair", R"(\ud83d\ud83d\ude00)", "\xEF\xBF\xBD\xF0\x9F\x98\x80",
                             R"(\ufffd\ud83d\ude00)"},
                    HalfPair{"TheWrongWayRound", R"(\ude00\ud83d)", "\xEF\xBF\xBD\xEF\xBF\xBD",
                             R"(\ufffd\ufffd)"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(DocumentTest, WhatHoldsNoHalfPairIsPassedOnAsItIsBesideOneThatDoes) {
  const Node list = keptNode(R"([ "\ud83d" , { "a" : "\u0041\ud83d\ude00" } ])");
  std::string text;
  for (const Node element : list.elements()) element.appendTo(text);
  EXPECT_EQ(text, R"("\ufffd"{ "a" : "\u0041\ud83d\ude00" })");
}

TEST(DocumentTest, AWideObjectIsTheSameValueAsANarrowOne) {
  std::string text = "{";
  std::string expected = "{";
  for (int i = 0; i < 40; ++i) {
    const std::string key = "\"k" + std::to_string(i) + "\":";
    text += key + "0,";
    expected += (i > 0 ? "," : "") + key + (i == 7 ? "[7]" : "0");
  }
  EXPECT_EQ(dump(keptNode(text + R"("\u006b7":[7]})").value()), expected + "}");
}

TEST(DocumentTest, ReadersGiveNothingForAnotherKind) {
  const Node number = keptNode("1");
  EXPECT_EQ(number.string(), "");
  EXPECT_EQ(number.boolean(), std::nullopt);
  EXPECT_EQ(keptNode("true").number(), std::nullopt);
  EXPECT_EQ(keptNode(R"("1")").integer(), std::nullopt);
}

TEST(DocumentTest, WholeNumbersAreIntegersHoweverTheyAreWritten) {
  EXPECT_EQ(keptNode("-42").integer(), -42);
  EXPECT_EQ(keptNode("3.0").integer(), 3);
  EXPECT_EQ(keptNode("3.5").integer(), std::nullopt);
  EXPECT_EQ(keptNode("9223372036854775808").integer(), std::nullopt);
}

TEST(DocumentTest, MembersAndElementsComeInTheirOrder) {
  std::string order;
  for (const auto [name, value] : keptNode(R"({"b":[1,[2]],"a":{"x":[]}})").members()) {
    order += name.string() + "=" + std::string(value.source()) + ";";
  }
  for (const Node element : keptNode(R"([[],{"a":[1]},3])").elements()) {
    order += std::string(element.source()) + ";";
  }
  EXPECT_EQ(order, R"(b=[1,[2]];a={"x":[]};[];{"a":[1]};3;)");
}

TEST(DocumentTest, OneDocumentReadsTextAfterText) {
  Document document;
  EXPECT_FALSE(document.tryRead("[1"));
  ASSERT_TRUE(document.tryRead("[[2]]"));
  EXPECT_EQ(document.root().source(), "[[2]]");
}

struct Verdict {
  const char* text;
  bool isSound;
};

class SoundnessTest : public testing::TestWithParam<Verdict> {};

// Both ways over a text, and the library, agree.
TEST_P(SoundnessTest, DocumentCursorAndLibraryAgree) {
  const std::string text = GetParam().text;
  Document document;
  Cursor cursor(text);
  EXPECT_EQ(document.tryRead(text), GetParam().isSound) << text;
  EXPECT_EQ(cursor.takeValue() && cursor.isAtEnd(), GetParam().isSound) << text;
  EXPECT_EQ(Value::accept(text), GetParam().isSound) << text;
}

INSTANTIATE_TEST_SUITE_P(Texts, SoundnessTest,
                         testing::ValuesIn(std::initializer_list<Verdict>{
                             {"0", true},
                             {"-0.0e+0", true},
                             {"01", false},
                             {"-", false},
                             {"1.", false},
                             {".5", false},
                             {"1e", false},
                             {"1e999", false},
                             {"1e-999", true},
                             {"+1", false},
                             {"truex", false},
                             {"nul", false},
                             {"[]", true},
                             {"[1,]", false},
                             {"[,1]", false},
                             {"{}", true},
                             {R"({"a"})", false},
                             {R"({"a":1,})", false},
                             {R"({a:1})", false},
                             {R"({"a" : [ ] })", true},
                             {"\"\n\"", false},
                             {R"("\x")", false},
                             {R"("\u12")", false},
                             {R"("\ud83d\u12")", false},
                             {R"("\ude00\x")", false},
                             {R"("\ud83D\uDe00")", true},
                             {"\"\xC0\x80\"", false},
                             {"\"\xED\xA0\x80\"", false},
                             {"\"\xF4\x90\x80\x80\"", false},
                             {"\"\xF0\x9F\x98\x80\"", true},
                             {"\"\xE2\x82\"", false},
                             {"\"abc", false},
                             {"", false}}));

// The library would take it for the end.
TEST(DocumentTest, ANulIsNoEndOfTheText) {
  using namespace std::string_literals;
  Document document;
  EXPECT_FALSE(document.tryRead("1\0 2"s));
  EXPECT_FALSE(document.tryRead("{}\0"s));
}

// Whatever comes before and behind it, a byte is judged alike: blocks of sixteen change nothing.
TEST(DocumentTest, EveryByteIsJudgedAlikeAtEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t at : {0u, 7u, 15u, 16u, 17u, 36u}) {
      std::string text(37, 'a');
      text[at] = static_cast<char>(byte);
      text = '"' + text + '"';
      Document document;
      EXPECT_EQ(document.tryRead(text), Value::accept(text)) << byte << " at " << at;
    }
  }
}

TEST(CursorTest, EndsANumberAtTheFirstByteThatIsNoDigitWhereverItStands) {
  const std::string digits = "98765432109876543210";
  for (std::size_t at = 1; at < digits.size(); ++at) {
    for (int byte = 0; byte <= std::numeric_limits<unsigned char>::max(); ++byte) {
      std::string text = digits;
      text[at] = static_cast<char>(byte);
      if (std::string_view("0123456789.eE").contains(text[at])) continue;
      Cursor cursor(text);
      EXPECT_TRUE(cursor.takeNumber());
      EXPECT_EQ(cursor.position(), at) << "byte " << byte;
    }
  }
}

TEST(CursorTest, StaysWithinALineWhenTold) {
  Cursor within("{ \t}\n", Cursor::Space::WithinLine);
  EXPECT_TRUE(within.takeMark('{') && within.take('}'));
  within.skipSpace();
  EXPECT_EQ(within.peek(), '\n');
  Cursor across("{\n}", Cursor::Space::WithinLine);
  EXPECT_FALSE(across.takeMark('{') && across.take('}'));
}

TEST(TextBuilderTest, PutsSpelledAndPlainPiecesTogether) {
  TextBuilder text("a\n");
  text.append(keptNode(R"("\u0062\"")").text());
  text.append("\xFF");
  EXPECT_EQ(text.view().spelling(), "a\\n\\u0062\\\"\xEF\xBF\xBD");
  EXPECT_EQ(text, "a\nb\"\xEF\xBF\xBD");
}

}  // namespace
}  // namespace rondo::json
