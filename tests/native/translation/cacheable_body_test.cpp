#include "translation/cacheable_body.h"

#include <gtest/gtest.h>

namespace rondo::translation {
namespace {

const std::string kHead = R"({"systemInstruction":{"parts":[{"text":"s"}]},"contents":[)";
const std::string kTail =
    R"(],"tools":[{"a":1}],"toolConfig":{"b":2},"generationConfig":{"seed":1}})";
const std::string kFirst = R"({"role":"user","parts":[{"text":"one"}]})";
const std::string kSecond = R"({"role":"model","parts":[{"text":"two"}]})";
const std::string kThird = R"({"role":"user","parts":[{"text":"three"}]})";

std::string bodyOf(std::initializer_list<std::string> turns, const std::string& head = kHead) {
  std::string body = head;
  for (const auto& turn : turns) {
    if (body.size() > head.size()) body += ",";
    body += turn;
  }
  return body + kTail;
}

CacheableBody read(const std::string& body, std::string_view owner = "me") {
  return *CacheableBody::read(body, owner);
}

TEST(CacheableBody, LeavesTheLastRunOfTheUsersTurnsToTheRequest) {
  const auto most = [](std::initializer_list<std::string> turns) {
    return read(bodyOf(turns)).most();
  };
  EXPECT_EQ(most({kFirst}), 0U);
  EXPECT_EQ(most({kFirst, kThird}), 0U);
  EXPECT_EQ(most({kFirst, kSecond, kThird}), 2U);
  EXPECT_EQ(most({kFirst, kSecond, kThird, kThird}), 2U);
  EXPECT_EQ(most({kFirst, kSecond, R"({"parts":[{"text":"three"}]})"}), 2U);
}

TEST(CacheableBody, RefersToACacheInPlaceOfWhatThatHolds) {
  const auto body = bodyOf({kFirst, kSecond, kThird});
  EXPECT_EQ(read(body).referring(2, "cachedContents/x"),
            R"({"cachedContent":"cachedContents/x","contents":[)" + kThird +
                R"(],"generationConfig":{"seed":1}})");
}

TEST(CacheableBody, MakesACacheOfSettingsAndTurns) {
  const auto body = bodyOf({kFirst, kSecond, kThird});
  const std::string head = R"({"model":"models/m","ttl":"300s",)"
                           R"("systemInstruction":{"parts":[{"text":"s"}]},)"
                           R"("tools":[{"a":1}],"toolConfig":{"b":2})";
  EXPECT_EQ(read(body).creation(2, "models/m", "300s"),
            head + R"(,"contents":[)" + kFirst + "," + kSecond + "]}");
  EXPECT_EQ(read(body).creation(0, "models/m", "300s"), head + "}");
}

TEST(CacheableBody, HasTheSameKeyForTheSameBeginningWhateverFollows) {
  const auto shorter = bodyOf({kFirst, kSecond, kThird});
  const auto longer = bodyOf({kFirst, kSecond, kFirst, kSecond, kThird});
  EXPECT_EQ(read(shorter).key(2), read(longer).key(2));
  EXPECT_EQ(read(shorter).key(0), read(longer).key(0));
  EXPECT_NE(read(longer).key(2), read(longer).key(4));
}

TEST(CacheableBody, HasAnotherKeyForAnotherOwnerSettingOrTurn) {
  const auto body = bodyOf({kFirst, kSecond, kThird});
  const auto key = read(body).key(2);
  EXPECT_NE(read(body, "you").key(2), key);
  EXPECT_NE(read(bodyOf({kThird, kSecond, kThird})).key(2), key);
  EXPECT_NE(read(bodyOf({kFirst, kSecond, kThird}, R"({"contents":[)")).key(2), key);
  for (const std::string value : {R"("a":1)", R"("b":2)"}) {
    auto other = body;
    EXPECT_NE(read(other.replace(other.find(value), value.size(), R"("c":3)")).key(2), key)
        << value;
  }
}

TEST(CacheableBody, TellsWhichPartOfTheBodyACacheHolds) {
  const std::string body = R"({"contents":[{"role":"user"},{"role":"model"},{"role":"user"}]})";
  const auto read = *CacheableBody::read(body, "me");
  EXPECT_DOUBLE_EQ(read.share(0), 0.0);
  EXPECT_NEAR(read.share(2), 2.0 / 3, 0.02);
  const std::string tools = '"' + std::string(1000, 't') + '"';
  const std::string more = body.substr(0, body.size() - 1) + R"(,"tools":)" + tools + "}";
  EXPECT_NEAR(CacheableBody::read(more, "me")->share(0), 0.96, 0.02);
}

TEST(CacheableBody, IsNoneWithoutTurnsOrWhereACacheIsNamed) {
  for (const auto* body : {"", "[]", "{}", R"({"contents":1})",
                           R"({"contents":[],"cachedContent":"cachedContents/theirs"})"}) {
    EXPECT_FALSE(CacheableBody::read(body, "me")) << body;
  }
}

}  // namespace
}  // namespace rondo::translation
