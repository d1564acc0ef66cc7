#include "gateway/renamed_events.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/bounds.h"

namespace rondo::gateway {
namespace {

std::string told(const std::vector<std::string>& pieces) {
  RenamedEvents events([](std::string_view id) { return std::optional("my" + std::string(id)); });
  std::string all;
  for (const auto& piece : pieces) all += events.feed(piece).value_or("none");
  return all + events.finish();
}

const std::string kEvents =
    "event: interaction.created\r\ndata: {\"interaction\":{\"id\":\"a\"}}\r\n\r\n"
    ": a comment\ndata:{\"interaction_id\":\"b\"} \n\ndata: [DONE]\n\n";
const std::string kRenamed =
    "event: interaction.created\r\ndata: {\"interaction\":{\"id\":\"mya\"}}\r\n\r\n"
    ": a comment\ndata:{\"interaction_id\":\"myb\"} \n\ndata: [DONE]\n\n";

TEST(RenamedEvents, HaveOtherIdsAndAllElseAsItWas) { EXPECT_EQ(told({kEvents}), kRenamed); }

TEST(RenamedEvents, MayBeCutAnywhere) {
  for (std::size_t cut = 1; cut < kEvents.size(); ++cut) {
    EXPECT_EQ(told({kEvents.substr(0, cut), kEvents.substr(cut)}), kRenamed) << cut;
  }
  std::vector<std::string> bytes;
  for (const char c : kEvents) bytes.emplace_back(1, c);
  EXPECT_EQ(told(bytes), kRenamed);
}

TEST(RenamedEvents, MayEndWithoutALinesEnd) {
  EXPECT_EQ(told({"data: {\"id\":", "\"a\"}"}), "data: {\"id\":\"mya\"}");
}

TEST(RenamedEvents, PassALineOnThatIsTooLongToBeKept) {
  const std::string line = "data: {\"id\":\"a\",\"x\":\"" + std::string(bounds::kAnswerBytes, 'x');
  EXPECT_EQ(told({line, "\"}\ndata: {\"id\":\"b\"}\n"}), line + "\"}\ndata: {\"id\":\"myb\"}\n");
}

}  // namespace
}  // namespace rondo::gateway
