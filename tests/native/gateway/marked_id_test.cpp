#include "gateway/marked_id.h"

#include <gtest/gtest.h>

#include <vector>

namespace rondo::gateway {
namespace {

constexpr std::string_view kCredential = "0123456789abcdef";

std::string markedWith(std::string_view id) { return writeMarkedId(kCredential, id); }

TEST(MarkedId, TellsItsCredentialAndGooglesOwn) {
  for (const auto* id : {"abc123", "my-file", "v1_Ch-Rk_Q", "1234567890123456789", "a.b="}) {
    const auto read = readMarkedId(markedWith(id));
    ASSERT_TRUE(read) << id;
    EXPECT_EQ(read->credential, kCredential);
    EXPECT_EQ(read->id, id);
  }
}

TEST(MarkedId, MayBearAllLettersAndDigits) {
  for (const std::string id : {"azAZ", "09"}) {
    const auto read = readMarkedId(writeMarkedId(kCredential, id));
    ASSERT_TRUE(read) << id;
    EXPECT_EQ(read->id, id);
  }
}

// @google/genai takes /[a-z0-9]+/ behind "files/" out of an address.
TEST(MarkedId, BearsNothingThatGooglesSdksCutOff) {
  EXPECT_EQ(markedWith("abc123").find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789"),
            std::string::npos);
}

TEST(MarkedId, IsNoneWithoutACredentialOrAnId) {
  const std::string mark(kIdMark);
  std::vector<std::string> texts = {"", "abc", mark, markedWith("")};
  texts.push_back("x" + markedWith("abc"));
  texts.push_back(mark + "0123456789abcdeg1");
  texts.push_back(std::string(mark.size(), 'x') + "0123456789abcdefabc");
  texts.push_back(mark + "0123456789abcde");
  for (const auto& text : texts) EXPECT_FALSE(readMarkedId(text)) << text;
}

TEST(MarkedId, IsNoneThatWouldBeAnotherPath) {
  for (const auto* id : {"..", ".", "..a", "a/b", "a%2e", "%2e%2e", "a?b", "a#b", "a\\b", "a:b"}) {
    EXPECT_FALSE(readMarkedId(markedWith(id))) << id;
  }
}

TEST(MarkedId, OfAPageMayHoldAnythingOrNothing) {
  EXPECT_EQ(readMarkedToken(markedWith(""))->id, "");
  EXPECT_EQ(readMarkedToken(markedWith("a/b+c=="))->id, "a/b+c==");
  EXPECT_EQ(readMarkedToken(markedWith("a/b"))->credential, kCredential);
}

}  // namespace
}  // namespace rondo::gateway
