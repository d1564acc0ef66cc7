#include "json/nested.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "json/writer.h"
#include "native/json/kept.h"

namespace rondo::json {
namespace {

constexpr std::string_view kBefore = "[before,";

// What is appended for the string with this spelling; nothing when it is left to a Document.
std::optional<std::string> taken(const std::string& spelling,
                                 References references = References::Allowed) {
  const Text text = keptNode('"' + spelling + '"').text();
  std::string out(kBefore);
  const bool isTaken = appendNested(out, text, references);
  EXPECT_TRUE(out.starts_with(kBefore)) << out;
  if (isTaken) return out.substr(kBefore.size());
  EXPECT_EQ(out, kBefore) << spelling;
  return std::nullopt;
}

// The same for a document that is put between quotes as we do it.
std::optional<std::string> takenOf(std::string_view document,
                                   References references = References::Allowed) {
  std::string spelling;
  appendSpelling(spelling, document);
  return taken(spelling, references);
}

// What a Document makes of it, if it is an object or an array.
std::optional<std::string> plainly(const std::string& text) {
  Document document;
  if (!document.tryRead(text)) return std::nullopt;
  const Node root = document.root();
  if (!root.isObject() && !root.isArray()) return std::nullopt;
  std::string out;
  root.appendTo(out);
  return out;
}

TEST(NestedTest, SaysWhetherTheDocumentItselfHasAKeyThatIsLookedFor) {
  static constexpr std::string_view kKeys[] = {"a", "b"};
  const auto isThere = [&](std::string_view spelling) {
    std::string out;
    KeyWatch watch{kKeys};
    EXPECT_TRUE(appendNested(out, {spelling, Text::Escapes::Present}, References::Refused, &watch));
    return watch.isAnyThere;
  };
  EXPECT_TRUE(isThere(R"({\"a\":1})"));
  EXPECT_TRUE(isThere(R"({\"x\":{},\"b\":1})"));
  EXPECT_FALSE(isThere(R"({\"x\":{\"a\":1},\"ab\":[{\"b\":1}]})"));
  EXPECT_FALSE(isThere(R"({\"x\":\"a\"})"));
  EXPECT_FALSE(isThere(R"([{\"a\":1}])"));
}

TEST(NestedTest, ADocumentComesOutInItsOwnSpelling) {
  const std::string document =
      R"({"b" : 1.50, "a":[true,false,null,-0,1e3,12345678901234567890],"b":{}, "c":[ ]})";
  EXPECT_EQ(takenOf(document), document);
  EXPECT_EQ(takenOf("[" + document + "]"), "[" + document + "]");
}

TEST(NestedTest, WhiteSpaceStaysInsideAndGoesAround) {
  EXPECT_EQ(takenOf("\r\n\t {\n\t\"a\" :\r\n [ 1 ,\t2 ] \n}\n "),
            "{\n\t\"a\" :\r\n [ 1 ,\t2 ] \n}");
}

TEST(NestedTest, TheDocumentsOwnEscapesStay) {
  const std::string document = R"({"a\n":"\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00\u0000\u0022"})";
  EXPECT_EQ(takenOf(document), document);
}

TEST(NestedTest, TheOuterEscapesGo) {
  EXPECT_EQ(taken(R"({\"a\":\"\/\u00e9\u20ac\ud83d\ude00\u003c\\\/\"})"), R"({"a":"/é€😀<\/"})");
}

TEST(NestedTest, WhatIsBeyondAsciiStays) {
  EXPECT_EQ(takenOf(R"({"größe":"naïve €😀"})"), R"({"größe":"naïve €😀"})");
}

TEST(NestedTest, HalfAnOuterPairIsTheReplacementCharacter) {
  EXPECT_EQ(taken(R"({\"a\":\"\ud83d\"})"), R"({"a":"�"})");
}

struct Left {
  const char* name;
  const char* spelling;
};

class LeftToADocumentTest : public testing::TestWithParam<Left> {};

TEST_P(LeftToADocumentTest, AppendsNothing) { EXPECT_EQ(taken(GetParam().spelling), std::nullopt); }

const Left kLeft[] = {
    {"Nothing", ""},
    {"Blank", R"( \n)"},
    {"Prose", "two words"},
    {"Number", "5"},
    {"Word", "null"},
    {"String", R"(\"{}\")"},
    {"Unfinished", R"({\"a\":)"},
    {"UnfinishedString", R"({\"a\":\"x)"},
    {"UnfinishedEscape", R"({\"a\":\"x\\)"},
    {"MoreBehind", R"({}x)"},
    {"ASecondDocument", R"({}{})"},
    {"ByteOrderMark", R"(\ufeff{})"},
    {"CommaTooMany", R"([1,])"},
    {"CommaTooFew", R"([1 2])"},
    {"NoKey", R"({1:2})"},
    {"NoColon", R"({\"a\" 1})"},
    {"WrongClose", R"([1})"},
    {"SingleQuotes", "{'a':1}"},
    {"ZeroInFront", R"([01])"},
    {"NumberWithoutDigits", R"([-])"},
    {"NumberBeyondAll", R"([1e999])"},
    {"WordCutShort", R"([tru])"},
    {"WordTooLong", R"([nulll])"},
    {"LineBreakInAString", R"({\"a\":\"x\n\"})"},
    {"TabInAKey", R"({\"a\t\":1})"},
    {"NulInAString", R"({\"a\":\"\u0000\"})"},
    {"ControlCharacter", R"({\"a\":\"\b\"})"},
    {"UnknownEscape", R"({\"a\":\"\\x\"})"},
    {"EscapedLineBreak", R"({\"a\":\"\\\n\"})"},
    {"EscapedEscape", R"({\"a\":\"\\\u006e\"})"},
    {"HexCutShort", R"({\"a\":\"\\u00e\"})"},
    {"HexInDisguise", R"({\"a\":\"\\u00\u0065\u0039\"})"},
    {"FirstHalf", R"({\"a\":\"\\ud83d\"})"},
    {"FirstHalfAndEscape", R"({\"a\":\"\\ud83d\\n\"})"},
    {"FirstHalfTwice", R"({\"a\":\"\\ud83d\\ud83d\"})"},
    {"SecondHalf", R"({\"a\":\"\\ude00\"})"},
    {"HalvesTheOtherWay", R"({\"a\":\"\\ude00\\ud83d\"})"},
    {"PairCutShort", R"({\"a\":\"\\ud83d\\ude0\"})"},
    {"BraceInDisguise", R"(\u007b})"},
    {"QuoteInDisguise", R"({\u0022a\":1})"},
    {"QuoteInDisguiseInside", R"({\"a\":\"\u0022})"},
    {"BackslashInDisguise", R"({\"a\":\"\u005cn\"})"},
    {"SpaceInDisguise", R"({\u0020})"},
    {"FormFeed", R"({\f})"},
    {"NoBreakSpace", "{\u00A0}"},
};

INSTANTIATE_TEST_SUITE_P(Kinds, LeftToADocumentTest, testing::ValuesIn(kLeft),
                         [](const auto& test) { return std::string(test.param.name); });

const std::string kFull =
    R"({"path":"src/größe.ts","text":"\tif (a == \"b\\n\") {\r\n\u00e9😀\ud83d\ude00}\/",)"
    R"("n":[-1.5e+10,0,[],{"deep":{"er":[true,false,null]}}]})";

TEST(NestedTest, APartOfADocumentIsNone) {
  ASSERT_EQ(takenOf(kFull), kFull);
  for (std::size_t size = 0; size < kFull.size(); ++size) {
    EXPECT_EQ(takenOf(kFull.substr(0, size)), std::nullopt) << size;
  }
}

// Any byte in the place of each: whatever is taken, a Document takes in the same way, and the other
// way round for what is spelled as we do it.
TEST(NestedTest, JudgesAsADocumentDoes) {
  for (std::size_t at = 0; at < kFull.size(); ++at) {
    for (const char c : std::string_view("\"\\{}[],:0a \n/u\x1f")) {
      std::string changed = kFull;
      changed[at] = c;
      const std::string text = keptNode(quote(changed)).string();
      const auto expected = plainly(text);
      const bool hasHalves = expected && *expected != text;
      EXPECT_EQ(takenOf(changed), hasHalves ? std::nullopt : expected) << changed;
    }
  }
}

// The string, what is special in it and the end of the text come to lie at each place of a block.
TEST(NestedTest, LengthsMakeNoDifference) {
  for (std::size_t before = 0; before <= 33; ++before) {
    for (std::size_t behind = 0; behind <= 33; ++behind) {
      for (const char* special : {"", "\\n", "\\\"", "\\\\", "é", "\\u00e9", "\\ud83d\\ude00"}) {
        const std::string document =
            R"({"k":")" + std::string(before, 'a') + special + std::string(behind, 'z') + R"("})";
        EXPECT_EQ(takenOf(document), document);
      }
    }
  }
}

std::string deep(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(NestedTest, GoesAsDeepAsADocument) {
  EXPECT_EQ(takenOf(deep(kMaxDepth)), deep(kMaxDepth));
  EXPECT_EQ(takenOf(deep(kMaxDepth + 1)), std::nullopt);
  EXPECT_EQ(plainly(deep(kMaxDepth + 1)), std::nullopt);
}

std::string withKeys(std::size_t count) {
  std::string object = "{";
  for (std::size_t i = 0; i < count; ++i) object += (i > 0 ? ",\"k\":1" : "\"k\":1");
  return object + "}";
}

TEST(NestedTest, TakesMoreKeysThanADocument) {
  EXPECT_EQ(takenOf(withKeys(kMaxKeys)), withKeys(kMaxKeys));
  EXPECT_EQ(takenOf(withKeys(kMaxKeys + 1)), withKeys(kMaxKeys + 1));
  EXPECT_EQ(plainly(withKeys(kMaxKeys + 1)), std::nullopt);
}

// An array of that many values.
std::string withValues(std::size_t count) {
  std::string array = "[1";
  for (std::size_t i = 1; i < count; ++i) array += ",1";
  return array + "]";
}

TEST(NestedTest, TakesAsManyValuesAsADocument) {
  for (const std::size_t count : {kMaxValues, kMaxValues + 1}) {
    const std::string document = withValues(count);
    EXPECT_EQ(takenOf(document) == document, plainly(document) == document) << count;
  }
}

TEST(NestedTest, AReferenceIsRefusedWhereItMayNotBe) {
  EXPECT_EQ(takenOf(R"({"$ref":1})"), R"({"$ref":1})");
  EXPECT_EQ(takenOf(R"({"$ref":1})", References::Refused), std::nullopt);
  EXPECT_EQ(takenOf(R"([{"a":{"$ref":1}}])", References::Refused), std::nullopt);
}

TEST(NestedTest, AReferenceIsRefusedHoweverItIsSpelled) {
  EXPECT_EQ(takenOf(R"({"\u0024ref":1})", References::Refused), std::nullopt);
  EXPECT_EQ(taken(R"({\"\u0024ref\":1})", References::Refused), std::nullopt);
}

TEST(NestedTest, OtherDollarsAreNoReferences) {
  const std::string document = R"({"a":"$ref","$refs":["$ref"],"ref":"\u0024ref","":1})";
  EXPECT_EQ(takenOf(document, References::Refused), document);
}

TEST(NestedTest, TheKindIsSeenFromTheStart) {
  const auto kindOf = [](const std::string& spelling) {
    return nestedKind(keptNode('"' + spelling + '"').text());
  };
  EXPECT_EQ(kindOf(R"({)"), Kind::Object);
  EXPECT_EQ(kindOf(R"( \n\r\t[)"), Kind::Array);
  for (const char* other : {"", " ", R"(\n)", R"(\u007b)", R"(\"{)", "5"}) {
    EXPECT_EQ(kindOf(other), Kind::Null) << other;
  }
}

}  // namespace
}  // namespace rondo::json
