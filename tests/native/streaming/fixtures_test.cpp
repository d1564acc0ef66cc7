#include <gtest/gtest.h>

#include <cstdlib>

#include "json/value.h"
#include "native/streaming/fixtures.h"
#include "native/streaming/run.h"

namespace rondo::streaming {
namespace {

using fixtures::Fixture;

std::string withCarriageReturns(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n' && !result.ends_with('\r')) result += '\r';
    result += c;
  }
  return result;
}

std::string withoutCarriageReturns(std::string text) {
  std::erase(text, '\r');
  return text;
}

std::vector<std::size_t> everyByte(std::string_view text) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < text.size(); ++i) cuts.push_back(i);
  return cuts;
}

class FixtureTest : public testing::TestWithParam<Fixture> {};

class StreamFixtureTest : public FixtureTest {};
class CompletionFixtureTest : public FixtureTest {};

TEST_P(StreamFixtureTest, GivesItsStream) {
  EXPECT_EQ(runStream(GetParam().upstream), *GetParam().stream);
}

TEST_P(CompletionFixtureTest, GivesItsCompletion) {
  EXPECT_EQ(runCollector(GetParam().upstream) + "\n", *GetParam().completion);
}

TEST_P(FixtureTest, GivesTheSameStreamWhereverItIsCutInTwo) {
  const std::string& upstream = GetParam().upstream;
  const std::string whole = runStream(upstream);
  for (std::size_t cut = 1; cut < upstream.size(); ++cut) {
    ASSERT_EQ(runStream(upstream, {cut}), whole) << "cut at " << cut;
  }
}

TEST_P(FixtureTest, GivesTheSameStreamByteByByte) {
  const std::string& upstream = GetParam().upstream;
  EXPECT_EQ(runStream(upstream, everyByte(upstream)), runStream(upstream));
}

TEST_P(FixtureTest, GivesTheSameStreamWithEitherLineEnding) {
  const std::string unix = withoutCarriageReturns(GetParam().upstream);
  EXPECT_EQ(runStream(withCarriageReturns(unix)), runStream(unix));
}

TEST_P(FixtureTest, GivesTheSameCompletionByteByByte) {
  EXPECT_EQ(runCollector(GetParam().upstream, 1), runCollector(GetParam().upstream));
}

// Whatever is lost at the end of the connection, no client is told that all is well.
TEST_P(FixtureTest, NeverStopsCleanlyWhenItIsCutShort) {
  const std::string& upstream = GetParam().upstream;
  const std::string whole = runStream(upstream);
  for (std::size_t length = 0; length + 1 < upstream.size(); ++length) {
    const std::string out = runStream(upstream.substr(0, length));
    EXPECT_TRUE(out == whole || out.find("[DONE]") == std::string::npos)
        << "cut short at " << length;
  }
}

std::string caseName(const testing::TestParamInfo<Fixture>& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, FixtureTest, testing::ValuesIn(fixtures::all()), caseName);
INSTANTIATE_TEST_SUITE_P(All, StreamFixtureTest,
                         testing::ValuesIn(fixtures::allWith(&Fixture::stream)), caseName);
INSTANTIATE_TEST_SUITE_P(All, CompletionFixtureTest,
                         testing::ValuesIn(fixtures::allWith(&Fixture::completion)), caseName);

// Recorded answers of Google's, kept outside the project, tell more than any that were made up.
class RecordedTest : public testing::Test {
 protected:
  std::filesystem::path folder() const {
    const char* shared = std::getenv("RONDO_SHARED");
    return std::filesystem::path(shared ? shared : "../shared") / "data" / "gemini-responses";
  }
};

// All texts of a recorded answer that aren't thoughts, in their order.
struct RecordedText : AnswerDecoder::Sink {
  std::string text;

  void takeText(const google::TextEvent& event) override {
    if (!event.isThought) text += event.text.plain();
  }

  void takeAnswer(google::Answer answer) override {
    for (const auto& candidate : answer.candidates) {
      for (const auto& part : candidate.parts) {
        const auto* piece = std::get_if<google::TextPart>(&part.data);
        if (piece && !part.isThought) text += piece->text.plain();
      }
    }
  }
};

std::string recordedText(std::string_view body) {
  AnswerDecoder decoder;
  RecordedText recorded;
  decoder.feed(body, recorded);
  decoder.finish(recorded);
  return recorded.text;
}

TEST_F(RecordedTest, LosesNoTextHoweverItIsCut) {
  if (!std::filesystem::exists(folder())) GTEST_SKIP() << "no recorded answers on this machine";
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    const std::string body = *fixtures::readFile(entry.path());
    const std::string whole = runStream(body);
    EXPECT_EQ(runStream(body, everyByte(body)), whole) << entry.path();
    const auto completion = json::parse(runCollector(body));
    ASSERT_TRUE(completion) << entry.path();
    const bool isFailure = whole.find("\"error\":") != std::string::npos;
    EXPECT_EQ(completion->contains("error"), isFailure) << entry.path();
    const bool hasBlocks = whole.find("```") != std::string::npos;
    if (isFailure || hasBlocks) continue;
    const auto& content = (*completion)["choices"][0]["message"]["content"];
    EXPECT_EQ(content.is_null() ? "" : content.get<std::string>(), recordedText(body))
        << entry.path();
  }
}

}  // namespace
}  // namespace rondo::streaming
