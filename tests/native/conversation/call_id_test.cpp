#include "conversation/call_id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace rondo::conversation {
namespace {

TEST(CallId, CarriesASignatureAndGivesItBack) {
  const std::string joined = joinCallId("call_1", "Crw+C/8=");
  const auto [id, signature] = splitCallId(joined);
  EXPECT_EQ(id, "call_1");
  EXPECT_EQ(signature, "Crw-C_8");
}

TEST(CallId, IsOfLettersThatEachDialectTakes) {
  const std::string joined = joinCallId("call_1", "Crw+C/8==");
  EXPECT_TRUE(std::ranges::all_of(joined, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  })) << joined;
}

TEST(CallId, IsTheIdAloneWithoutASignature) {
  EXPECT_EQ(joinCallId("call_1", ""), "call_1");
  EXPECT_EQ(splitCallId("call_1").id, "call_1");
  EXPECT_EQ(splitCallId("call_1").signature, "");
}

TEST(CallId, IsPlainWhenItMayBeOneOfOurs) {
  for (const std::string& id : {std::string("call_1-B"), std::string(40, 'a')}) {
    EXPECT_TRUE(isPlainCallId(id)) << id;
  }
  for (const std::string& id :
       {std::string(), std::string(41, 'a'), std::string("a.b"), std::string("a b"),
        std::string("\xc3\xa4"), std::string(1, '\0')}) {
    EXPECT_FALSE(isPlainCallId(id)) << id;
  }
}

}  // namespace
}  // namespace rondo::conversation
