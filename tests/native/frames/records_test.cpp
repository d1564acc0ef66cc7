#include "frames/records.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "frames/texts.h"

namespace rondo::frames {
namespace {

using host::Recalled;
using Items = std::vector<std::string>;
using Views = std::vector<std::string_view>;

Result<Recalled> read(const Views& texts) { return readRecalled(writeTexts(texts)); }

TEST(Records, WhatIsRecalledIsTheHistoryAndThenTheNamedItems) {
  const auto recalled = read({"", "", "2", "h1", "h2", "i1"});
  ASSERT_TRUE(recalled);
  EXPECT_EQ(recalled->lack, Recalled::Lack::Nothing);
  EXPECT_EQ(recalled->history, (Items{"h1", "h2"}));
  EXPECT_EQ(recalled->items, Items{"i1"});
}

TEST(Records, WhatIsLackingIsToldByItsKindAndName) {
  const std::pair<std::string_view, Recalled::Lack> kinds[] = {
      {"response", Recalled::Lack::Response},
      {"conversation", Recalled::Lack::Conversation},
      {"item", Recalled::Lack::Item},
      {"too_much", Recalled::Lack::TooMuch},
  };
  for (const auto& [word, lack] : kinds) {
    const auto recalled = read({word, "x_1", "0"});
    ASSERT_TRUE(recalled);
    EXPECT_EQ(recalled->lack, lack);
    EXPECT_EQ(recalled->lacking, "x_1");
  }
}

TEST(Records, AHistoryOfMoreItemsThanThereAreIsBroken) {
  for (const Views& texts : {Views{"", ""}, Views{"", "", "2", "h1"}, Views{"", "", "1x", "h1"},
                             Views{"", "", "-1", "h1"}, Views{"", "", "", "h1"}}) {
    const auto recalled = read(texts);
    ASSERT_FALSE(recalled);
    EXPECT_EQ(recalled.error().kind, ErrorKind::Broken);
  }
}

TEST(Records, ATurnIsItsFrameTheNumberOfItsInputsAndAllItsItems) {
  host::Turn turn;
  turn.before = "{[";
  turn.behind = "]}";
  turn.inputs = {"in1", "in2"};
  turn.outputs = {"out"};
  EXPECT_EQ(readTexts(writeRecord(turn))->all,
            (Views{"response", "{[", "]}", "2", "in1", "in2", "out"}));
}

TEST(Records, ACompletionIsItsBodyItsMetadataAndItsMessages) {
  host::Completion completion;
  completion.body = "{b}";
  completion.metadata = "{m}";
  completion.messages = {"m1", "m2"};
  EXPECT_EQ(readTexts(writeRecord(completion))->all,
            (Views{"completion", "{b}", "{m}", "m1", "m2"}));
}

}  // namespace
}  // namespace rondo::frames
