#include "host/fetcher.h"

#include <gtest/gtest.h>

#include "support/fake_host.h"

namespace rondo::host {
namespace {

class ReadAllTest : public testing::Test {
 protected:
  Result<std::string> read(fake::Answer answer, std::size_t limit) {
    fake_.fetcher.handler = [answer](const http::Request&) { return answer; };
    auto fetched = fake_.run(fake_.fetcher.fetch({"GET", "https://x.example/", {}, ""}));
    return fake_.run(readAll(*fetched->body, limit));
  }

  fake::FakeHost fake_;
};

TEST_F(ReadAllTest, JoinsTheChunks) {
  EXPECT_EQ(read({200, {}, {"ab", "c", "def"}, {}, false}, 100), "abcdef");
}

TEST_F(ReadAllTest, AnEmptyBodyIsAnEmptyText) { EXPECT_EQ(read({200, {}, {}, {}, false}, 0), ""); }

TEST_F(ReadAllTest, TakesAsMuchAsTheLimitAndNoByteMore) {
  EXPECT_TRUE(read({200, {}, {"abc", "def"}, {}, false}, 6));
  const auto tooLong = read({200, {}, {"abc", "def"}, {}, false}, 5);
  ASSERT_FALSE(tooLong);
  EXPECT_EQ(tooLong.error().kind, ErrorKind::Broken);
}

TEST_F(ReadAllTest, ABrokenConnectionIsTransient) {
  const auto broken = read({200, {}, {"abc", "def"}, 1, false}, 100);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, ErrorKind::Transient);
}

TEST_F(ReadAllTest, TheConnectionIsClosedWithTheBody) {
  EXPECT_TRUE(read({200, {}, {"abc"}, {}, false}, 100));
  EXPECT_EQ(fake_.fetcher.openBodies, 0);
  EXPECT_EQ(fake_.loop.openOps(), 0U);
}

}  // namespace
}  // namespace rondo::host
