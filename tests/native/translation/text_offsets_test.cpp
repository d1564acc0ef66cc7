#include "translation/text_offsets.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

#include <random>

namespace rondo::translation {
namespace {

using Edge = TextOffsets::Edge;

TEST(TextOffsetsTest, BehindABlockAStretchBeginsAndInFrontOfItOneEnds) {
  TextOffsets offsets;
  offsets.addText("ab");
  offsets.addOther("-----");
  offsets.addText("cd");
  EXPECT_EQ(offsets.codePoint(0, std::nullopt, Edge::Begin), 0);
  EXPECT_EQ(offsets.codePoint(2, std::nullopt, Edge::End), 2);
  EXPECT_EQ(offsets.codePoint(2, std::nullopt, Edge::Begin), 7);
  EXPECT_EQ(offsets.codePoint(3, std::nullopt, Edge::End), 8);
  EXPECT_EQ(offsets.codePoint(9, std::nullopt, Edge::End), 9);
}

// Every byte of Google's beside where it is in the content, which is looked through from the start
// for each place.
struct Plain {
  std::string content;
  std::vector<std::size_t> places;

  std::int64_t at(std::size_t byte, Edge edge) const {
    const bool isBehind = byte == places.size() || (edge == Edge::End && byte > 0);
    const std::size_t place = isBehind ? places[byte - 1] + 1 : places[byte];
    return countCodePoints(content.substr(0, place));
  }
};

TEST(TextOffsetsTest, EveryPlaceIsWhatAPlainCountSays) {
  std::mt19937 random(5);
  for (int round = 0; round < 15; ++round) {
    TextOffsets offsets;
    Plain plain;
    for (std::size_t pieces = 1 + random() % 20; pieces > 0; --pieces) {
      std::string text;
      const bool isAscii = random() % 2 == 0;
      for (std::size_t size = random() % (pieces % 3 == 0 ? 900 : 9); size > 0; --size) {
        text += isAscii || random() % 2 == 0 ? "a" : random() % 2 == 0 ? "é" : "😀";
      }
      if (random() % 4 == 0) {
        offsets.addOther(text);
      } else {
        offsets.addText(text);
        for (std::size_t i = 0; i < text.size(); ++i) {
          plain.places.push_back(plain.content.size() + i);
        }
      }
      plain.content += text;
    }
    for (std::size_t byte = 0; byte <= plain.places.size() && !plain.places.empty(); ++byte) {
      for (const Edge edge : {Edge::Begin, Edge::End}) {
        ASSERT_EQ(offsets.codePoint(static_cast<std::int64_t>(byte), std::nullopt, edge),
                  plain.at(byte, edge))
            << round << ' ' << byte;
      }
    }
  }
}

// Steps that grew with the text would be 10 billion here.
TEST(TextOffsetsTest, ManyPlacesInALongTextAreFound) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "é";
  TextOffsets offsets;
  offsets.addText(text);
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_EQ(offsets.codePoint(2 * i, std::nullopt, Edge::Begin), i);
  }
}

TEST(TextOffsetsTest, BeyondItsLimitsNothingIsNoted) {
  TextOffsets offsets;
  const std::string text(TextOffsets::kMaxBytes, 'a');
  offsets.addText(text);
  offsets.addText(text);
  EXPECT_EQ(offsets.codePoint(INT64_MAX, std::nullopt, Edge::End),
            static_cast<std::int64_t>(TextOffsets::kMaxBytes));
}

}  // namespace
}  // namespace rondo::translation
