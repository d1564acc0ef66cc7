#include "credentials/private_key.h"

#include <gtest/gtest.h>

#include "support/credential_texts.h"

namespace rondo::credentials {
namespace {

using samples::keyDer;
using samples::keyPem;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string faultOf(std::string_view pem) {
  const auto key = readPkcs8(pem);
  return key ? "none" : key.error();
}

TEST(PrivateKeyTest, TakesTheArmourOffAndDecodes) {
  EXPECT_EQ(readPkcs8(keyPem())->reveal(), keyDer());
}

TEST(PrivateKeyTest, LineEndsMayBeOfAnyKindAndEscaped) {
  for (const auto* lineEnd : {"\r\n", "\\n", "\\\\n", "\\r\\n", "\\\\r\\\\n", " \n"}) {
    const auto key = readPkcs8(replaced(keyPem(), "\n", lineEnd));
    ASSERT_TRUE(key) << lineEnd << ": " << key.error();
    EXPECT_EQ(key->reveal(), keyDer()) << lineEnd;
  }
}

TEST(PrivateKeyTest, LinesOfSixtyFourCharactersAreJoined) {
  auto pem = keyPem();
  pem.insert(pem.find('\n') + 20, "\n");
  EXPECT_EQ(readPkcs8(pem)->reveal(), keyDer());
}

TEST(PrivateKeyTest, LongFormLengthsAreRead) {
  std::string der = "\x30\x82\x01\x2c" + std::string(300, 'x');
  const auto pem = replaced(keyPem(), encodeBase64(keyDer()), encodeBase64(der));
  ASSERT_TRUE(readPkcs8(pem));
  EXPECT_EQ(readPkcs8(pem)->reveal(), der);
}

TEST(PrivateKeyTest, Pkcs1IsRefusedWithTheCommandThatConvertsIt) {
  const auto fault = faultOf(replaced(keyPem(), "PRIVATE KEY", "RSA PRIVATE KEY"));
  EXPECT_NE(fault.find("RSA PRIVATE KEY"), std::string::npos);
  EXPECT_NE(fault.find("openssl pkcs8 -topk8 -nocrypt"), std::string::npos);
}

TEST(PrivateKeyTest, EncryptedAndEcKeysAreRefusedByName) {
  EXPECT_NE(faultOf(replaced(keyPem(), "PRIVATE KEY", "ENCRYPTED PRIVATE KEY")).find("encrypted"),
            std::string::npos);
  EXPECT_NE(faultOf(replaced(keyPem(), "PRIVATE KEY", "EC PRIVATE KEY")).find("EC key"),
            std::string::npos);
}

TEST(PrivateKeyTest, MissingArmourIsAFault) {
  EXPECT_EQ(faultOf(encodeBase64(keyDer())), "private_key has no BEGIN PRIVATE KEY line");
  EXPECT_EQ(faultOf(replaced(keyPem(), "-----END PRIVATE KEY-----", "")),
            "private_key has no END PRIVATE KEY line; it may have been cut short");
}

TEST(PrivateKeyTest, WhatIsNotBase64IsAFault) {
  EXPECT_EQ(faultOf(replaced(keyPem(), encodeBase64(keyDer()), "<your key here>")),
            "private_key is not base64 between its BEGIN and END lines");
}

TEST(PrivateKeyTest, AKeyThatWasCutShortIsAFault) {
  const auto cut = keyDer().substr(0, 30);
  EXPECT_EQ(faultOf(replaced(keyPem(), encodeBase64(keyDer()), encodeBase64(cut))),
            "private_key is not a whole PKCS#8 key; it may have been cut short");
  EXPECT_EQ(faultOf(replaced(keyPem(), encodeBase64(keyDer()), "")),
            "private_key is not a whole PKCS#8 key; it may have been cut short");
}

}  // namespace
}  // namespace rondo::credentials
