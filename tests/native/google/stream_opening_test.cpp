#include "google/stream_opening.h"

#include <gtest/gtest.h>

#include <string>

namespace rondo::google {
namespace {

constexpr std::string_view kError = R"({"error":{"code":503}})";
constexpr std::string_view kAnswer = R"({"candidates":[]})";

TEST(StreamOpening, TellsAnErrorFromAnAnswerInEitherFraming) {
  for (const std::string frame : {"data: ", "data:", "[", "[\n ", "", "\n\ndata: "}) {
    EXPECT_EQ(openingOf(frame + std::string(kError)), Opening::Error) << frame;
    EXPECT_EQ(openingOf(frame + std::string(kAnswer)), Opening::Answer) << frame;
  }
}

TEST(StreamOpening, SeesThroughBlanksBeforeTheName) {
  EXPECT_EQ(openingOf("[{\n  \"error\": {"), Opening::Error);
}

TEST(StreamOpening, WaitsWhileTooLittleHasCome) {
  const std::string opening = "data: {\"error\"";
  for (std::size_t size = 0; size < opening.size(); ++size) {
    EXPECT_EQ(openingOf(opening.substr(0, size)), Opening::Undecided) << size;
  }
}

TEST(StreamOpening, TakesWhatIsNeitherForAnAnswer) {
  EXPECT_EQ(openingOf("<html>"), Opening::Answer);
  EXPECT_EQ(openingOf("{}"), Opening::Answer);
  EXPECT_EQ(openingOf("{\"errors\": 1}"), Opening::Answer);
}

}  // namespace
}  // namespace rondo::google
