#include "conversation/signature.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rondo::conversation {
namespace {

const SignatureOrigin kOrigin{"service_account", "gemini-3", "0123456789abcdef"};

TEST(AnEnvelope, BringsBackAllThatItCarries) {
  for (const auto what :
       {Carried::CallSignature, Carried::TextSignature, Carried::HostedPart, Carried::Summary}) {
    const auto back = unseal(seal({what, kOrigin, "call_1", "two\nlines, and {\"json\":\"é\"}"}));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->what, what);
    EXPECT_EQ(back->origin, kOrigin);
    EXPECT_EQ(back->callId, "call_1");
    EXPECT_EQ(back->value, "two\nlines, and {\"json\":\"é\"}");
  }
}

TEST(AnEnvelope, IsOfVisibleAsciiAlone) {
  const auto sealed = seal({Carried::HostedPart, kOrigin, "", "{\"a\":\"é\n\"}"});
  EXPECT_TRUE(std::ranges::all_of(sealed, [](char c) { return c > ' ' && c <= '~'; })) << sealed;
}

TEST(AnEnvelope, IsRefusedWithAnyOfItsCharactersChanged) {
  const auto sealed = seal({Carried::CallSignature, kOrigin, "call_1", "c2ln"});
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto damaged = sealed;
    damaged[i] = damaged[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(unseal(damaged)) << damaged;
  }
}

TEST(AnEnvelope, IsRefusedWhenItIsCutShort) {
  const auto sealed = seal({Carried::CallSignature, kOrigin, "call_1", "c2ln"});
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(unseal(sealed.substr(0, size))) << size;
  }
}

TEST(AnEnvelope, IsNothingThatSomebodyElseMade) {
  for (const auto* text :
       {"", "gAAAAABo", "c2lnbmF0dXJl", "rondo2", "rondo2.", "rondo2..", "rondo1.YQ.x"}) {
    EXPECT_FALSE(unseal(text)) << text;
  }
}

}  // namespace
}  // namespace rondo::conversation
