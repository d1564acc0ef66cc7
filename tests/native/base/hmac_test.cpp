#include "base/hmac.h"

#include <gtest/gtest.h>

#include <string>

namespace rondo {
namespace {

// RFC 4231, test cases 1, 2, 6 and 7: short keys, and keys that are longer than a block.
TEST(HmacSha256, GivesTheStandardsVectors) {
  EXPECT_EQ(hexOf(hmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hexOf(hmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const std::string longKey(131, '\xaa');
  EXPECT_EQ(hexOf(hmacSha256(longKey, "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hexOf(hmacSha256(longKey,
                             "This is a test using a larger than block-size key and a larger than "
                             "block-size data. The key needs to be hashed before being used by the "
                             "HMAC algorithm.")),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacSha256, TakesAKeyOfABlockAsItIs) {
  EXPECT_NE(hmacSha256(std::string(64, 'k'), "m"), hmacSha256(std::string(63, 'k'), "m"));
  EXPECT_EQ(hmacSha256(std::string(63, 'k') + std::string(1, '\0'), "m"),
            hmacSha256(std::string(63, 'k'), "m"));
}

}  // namespace
}  // namespace rondo
