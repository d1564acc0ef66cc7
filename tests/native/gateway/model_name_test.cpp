#include "gateway/model_name.h"

#include <gtest/gtest.h>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

Settings aliases() {
  Settings settings;
  settings.modelAliases = {{"gpt-4o", {"models/gemini-3.8-flash"}},
                           {"deep", {"gemini-4-neon(high)"}},
                           {"odd(high)", {"gemini-4-carbon"}}};
  return settings;
}

TEST(ModelNames, AreReadWithoutPrefixesBlanksAndSuffix) {
  for (const auto* text :
       {"gemini-3.8-flash", " gemini-3.8-flash ", "models/gemini-3.8-flash",
        "google/gemini-3.8-flash(high)", "gpt-4o", "models/gpt-4o", "gpt-4o(low)"}) {
    EXPECT_EQ(nameModel(aliases(), text).google, "gemini-3.8-flash") << text;
  }
}

TEST(ModelNames, KeepWhatTheClientAskedFor) {
  const auto name = nameModel(aliases(), " models/gpt-4o(low) ");
  EXPECT_EQ(name.asked, "models/gpt-4o(low)");
  EXPECT_EQ(name.plain, "gpt-4o");
  EXPECT_EQ(name.suffix.effort, conversation::Effort::Low);
}

TEST(ModelNames, TakeTheAliassSuffixUnlessTheClientHasItsOwn) {
  EXPECT_EQ(nameModel(aliases(), "deep").suffix.effort, conversation::Effort::High);
  EXPECT_EQ(nameModel(aliases(), "deep(low)").suffix.effort, conversation::Effort::Low);
  EXPECT_FALSE(nameModel(aliases(), "odd(high)").suffix.effort);
  EXPECT_EQ(nameModel(aliases(), "odd(high)").google, "gemini-4-carbon");
}

TEST(ModelNames, FollowTheMostSpecificPatternThatTheyFit) {
  Settings settings;
  settings.modelAliases = {{"claude-*", {"gemini-4-argon"}},
                           {"claude-*haiku*", {"gemini-3.8-flash"}},
                           {"claude-opus-5", {"gemini-4-neon"}}};
  EXPECT_EQ(nameModel(settings, "claude-sonnet-5").google, "gemini-4-argon");
  EXPECT_EQ(nameModel(settings, "claude-haiku-5-20260301").google, "gemini-3.8-flash");
  EXPECT_EQ(nameModel(settings, "claude-opus-5").google, "gemini-4-neon");
  EXPECT_EQ(nameModel(settings, "gemini-3.8-flash").google, "gemini-3.8-flash");
}

TEST(ModelNames, KeepTheirSuffixBesideAPattern) {
  Settings settings;
  settings.modelAliases = {{"claude-*", {"gemini-4-argon"}}};
  const auto name = nameModel(settings, "claude-sonnet-5(high)");
  EXPECT_EQ(name.google, "gemini-4-argon");
  EXPECT_EQ(name.suffix.effort, conversation::Effort::High);
}

TEST(ModelNames, HaveTheModeOfTheirAliasElseThatOfAllChats) {
  Settings settings;
  settings.modelAliases = {{"gpt-*", {"gemini-3.8-flash", ChatMode::Passthrough}},
                           {"mine", {"gemini-4-neon", ChatMode::Translate}},
                           {"plain", {"gemini-4-neon"}}};
  EXPECT_EQ(nameModel(settings, "gpt-5(high)").mode, ChatMode::Passthrough);
  EXPECT_EQ(nameModel(settings, "gemini-3.8-flash").mode, ChatMode::Translate);
  settings.chatMode = ChatMode::Passthrough;
  EXPECT_EQ(nameModel(settings, "mine").mode, ChatMode::Translate);
  EXPECT_EQ(nameModel(settings, "plain").mode, ChatMode::Passthrough);
  EXPECT_EQ(nameModel(settings, "gemini-3.8-flash").mode, ChatMode::Passthrough);
}

TEST(ModelNames, AreRefusedWhenTheyAreNoneOrTooLong) {
  for (const auto& text : {std::string("  \n"), std::string(257, 'm')}) {
    const auto name = readModelName({}, text);
    ASSERT_FALSE(name.has_value());
    EXPECT_EQ(name.error().kind, ErrorKind::BadRequest);
    EXPECT_EQ(name.error().param, "model");
  }
  EXPECT_TRUE(readModelName({}, std::string(256, 'm')).has_value());
}

TEST(Access, IsOpenForAKeyWithoutPatterns) {
  EXPECT_TRUE(mayUse({"any", {}}, nameModel({}, "gemini-4-neon")));
}

TEST(Access, IsForTheModelsThatAPatternCoversUnderEachOfTheirNames) {
  const Client client{"team", {"gemini-3*", {"deep"}}};
  for (const auto* allowed : {"gemini-3.8-flash", "models/gemini-3.8-flash",
                              " gemini-3.8-flash(high)", "gpt-4o", "deep", "models/deep(low)"}) {
    EXPECT_TRUE(mayUse(client, nameModel(aliases(), allowed))) << allowed;
  }
  for (const auto* denied : {"gemini-4-neon", "my-gemini-3", "odd(high)"}) {
    EXPECT_FALSE(mayUse(client, nameModel(aliases(), denied))) << denied;
  }
}

TEST(Access, IsForWholeNamesToo) {
  const Client client{"team", {"models/gemini-3*", {"publishers/google/models/deep"}}};
  EXPECT_TRUE(mayUse(client, nameModel(aliases(), "gemini-3.8-flash")));
  EXPECT_TRUE(mayUse(client, nameModel(aliases(), "models/deep")));
  EXPECT_FALSE(mayUse(client, nameModel(aliases(), "gemini-4-neon")));
}

TEST(Access, IsNotForNamesThatAClientMakesUpToFitItsPatternAndAnAliasToo) {
  Settings settings;
  settings.modelAliases = {{"claude-*", {"gemini-4-neon"}}};
  const auto name = nameModel(settings, "claude-2.5-flash");
  EXPECT_FALSE(mayUse({"few", {"*2.5-flash*"}}, name));
  for (const auto* pattern : {"claude-*", "claude-2*", "claude-2.5-flash", "gemini-4-*", "*"}) {
    EXPECT_TRUE(mayUse({"some", {pattern}}, name)) << pattern;
  }
}

TEST(ModelNames, OfOneModelCoolTogether) {
  PoolUnderTest pool(1, {{"MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})"}});
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[)"
                             R"({"@type":"type.googleapis.com/google.rpc.RetryInfo",)"
                             R"("retryDelay":"30s"}]}})");
  };
  pool.chat();
  for (const auto* name : {"gpt-4o", "models/gemini-3.8-flash", "google/gemini-3.8-flash(high)"}) {
    const auto reply = pool.chat(R"({"model":")" + std::string(name) +
                                 R"(","messages":[{"role":"user","content":"x"}]})");
    EXPECT_EQ(reply.head->status, 429) << name;
  }
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(ModelNames, ThatAreTooLongNeverComeBack) {
  PoolUnderTest pool(1);
  const std::string name(10'000, 'm');
  const auto reply =
      pool.chat(R"({"model":")" + name + R"(","messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(reply.body.find(name), std::string::npos);
  EXPECT_FALSE(pool.host.logger.contains(name));
}

}  // namespace
}  // namespace rondo::gateway
