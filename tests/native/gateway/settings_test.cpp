#include "gateway/settings.h"

#include <gtest/gtest.h>

namespace rondo::gateway {
namespace {

TEST(Settings, AreDefaultsWhenNothingIsSet) {
  const auto [settings, problems, lines] = readSettings({});
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(settings.maxAttempts, 4);
  EXPECT_EQ(settings.attemptDeadline, std::chrono::seconds(60));
  EXPECT_EQ(settings.logLevel, host::LogLevel::Info);
  EXPECT_EQ(settings.vertexBaseUrl, "");
}

TEST(Settings, ReadAliasesFromAnObject) {
  const auto read = readSettings({{"MODEL_ALIASES", R"({"gpt-4o":"gemini-3.8-flash"})"}});
  EXPECT_TRUE(read.problems.empty());
  EXPECT_EQ(read.settings.modelAliases.at("gpt-4o").model, "gemini-3.8-flash");
}

TEST(Settings, ReadTheModeOfAnAliasWhereItHasOne) {
  const auto read =
      readSettings({{"MODEL_ALIASES", R"({"a":{"model":"gemini-3.8-flash","mode":"passthrough"},)"
                                      R"("b":{"mode":"translate","model":"gemini-4-neon"},)"
                                      R"("c":{"model":"gemini-4-argon"}})"}});
  EXPECT_TRUE(read.problems.empty());
  const auto& aliases = read.settings.modelAliases;
  EXPECT_EQ(aliases.at("a").model, "gemini-3.8-flash");
  EXPECT_EQ(aliases.at("a").mode, ChatMode::Passthrough);
  EXPECT_EQ(aliases.at("b").mode, ChatMode::Translate);
  EXPECT_EQ(aliases.at("c").mode, std::nullopt);
}

TEST(Settings, ReportAnAliasWhoseObjectIsBroken) {
  for (const char* broken :
       {R"({"mode":"passthrough"})", R"({"model":"m","mode":"raw"})", R"({"model":"m","mode":1})",
        R"({"model":"m","more":"x"})", R"({"model":["m"]})", "{}"}) {
    const auto read = readSettings({{"MODEL_ALIASES", std::string(R"({"a":)") + broken + "}"}});
    ASSERT_EQ(read.problems.size(), 1U) << broken;
    EXPECT_TRUE(read.problems[0].fault.starts_with("\"a\" is not mapped to a model"))
        << read.problems[0].fault;
    EXPECT_TRUE(read.settings.modelAliases.empty()) << broken;
  }
}

TEST(Settings, ReadTheModeOfAllChats) {
  EXPECT_EQ(readSettings({}).settings.chatMode, ChatMode::Translate);
  const auto read = readSettings({{"CHAT_MODE", " Passthrough "}});
  EXPECT_TRUE(read.problems.empty());
  EXPECT_EQ(read.settings.chatMode, ChatMode::Passthrough);
  const auto broken = readSettings({{"CHAT_MODE", "raw"}});
  ASSERT_EQ(broken.problems.size(), 1U);
  EXPECT_EQ(broken.problems[0].variable, "CHAT_MODE");
  EXPECT_EQ(broken.settings.chatMode, ChatMode::Translate);
}

TEST(Settings, ReadHowLongABackEndMayBeSilent) {
  const auto usual = readSettings({}).settings;
  EXPECT_EQ(usual.firstByteTimeout, std::chrono::minutes(5));
  EXPECT_EQ(usual.idleTimeout, std::chrono::minutes(2));
  EXPECT_EQ(usual.keepAlive, std::chrono::seconds(15));
  const auto read = readSettings(
      {{"FIRST_BYTE_TIMEOUT_MS", "1000"}, {"IDLE_TIMEOUT_MS", "2000"}, {"KEEPALIVE_MS", "0"}});
  EXPECT_EQ(read.settings.firstByteTimeout, std::chrono::seconds(1));
  EXPECT_EQ(read.settings.idleTimeout, std::chrono::seconds(2));
  EXPECT_EQ(read.settings.keepAlive, Millis{});
}

TEST(Settings, LetAllStoredContentBeNamedUnlessToldOtherwise) {
  EXPECT_TRUE(readSettings({}).settings.storedContent.all);
  EXPECT_FALSE(readSettings({{"STORED_CONTENT", "OFF"}}).settings.storedContent.all);
  const auto read = readSettings({{"STORED_CONTENT", "gs://one/, gs://two/a"}});
  EXPECT_TRUE(read.problems.empty());
  EXPECT_FALSE(read.settings.storedContent.all);
  EXPECT_EQ(read.settings.storedContent.prefixes,
            (std::vector<std::string>{"gs://one/", "gs://two/a"}));
}

TEST(Settings, LetNothingBeNamedByABrokenStoredContent) {
  for (const char* value : {"yes", "gs://a/,,", "mine"}) {
    const auto read = readSettings({{"STORED_CONTENT", value}});
    ASSERT_EQ(read.problems.size(), 1U) << value;
    EXPECT_EQ(read.problems[0].variable, "STORED_CONTENT");
    EXPECT_FALSE(read.settings.storedContent.all);
    EXPECT_TRUE(read.settings.storedContent.prefixes.empty());
  }
}

TEST(Settings, ReportABrokenAliasAndKeepTheOthers) {
  const auto read = readSettings({{"MODEL_ALIASES", R"({"a":1,"b":"gemini-3.8-flash"})"}});
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_EQ(read.problems[0].variable, "MODEL_ALIASES");
  EXPECT_EQ(read.settings.modelAliases.at("b").model, "gemini-3.8-flash");
}

TEST(Settings, HaveAnAliasOfAnAliasStandForItsModel) {
  const auto read = readSettings(
      {{"MODEL_ALIASES", R"({"a":"b","b":{"model":"c","mode":"passthrough"},"c":"gemini-4-neon",)"
                         R"("gemini-3.8-pro":"gemini-3.8-pro","d":"gemini-3.8-pro"})"}});
  EXPECT_TRUE(read.problems.empty());
  const auto& aliases = read.settings.modelAliases;
  EXPECT_EQ(aliases.at("a").model, "gemini-4-neon");
  EXPECT_EQ(aliases.at("a").mode, ChatMode::Passthrough);
  EXPECT_EQ(aliases.at("b").model, "gemini-4-neon");
  EXPECT_EQ(aliases.at("d").model, "gemini-3.8-pro");
}

TEST(Settings, ReportAliasesThatGoRoundInACircle) {
  const auto read =
      readSettings({{"MODEL_ALIASES", R"({"a":"b","b":"c","c":"b","d":"gemini-3.8-flash"})"}});
  EXPECT_EQ(read.problems.size(), 3U);
  EXPECT_TRUE(read.problems.at(0).fault.contains("\"a\""));
  EXPECT_EQ(read.settings.modelAliases.size(), 1U);
}

TEST(Settings, ReadNamesWithoutTheBlanksAroundThem) {
  const auto read = readSettings({{"MODEL_ALIASES", R"({" fast ":"gemini-3.8-flash"," ":"x"})"}});
  EXPECT_TRUE(read.settings.modelAliases.contains("fast"));
  EXPECT_EQ(read.problems.size(), 1U);
}

TEST(Settings, ReadWholeNamesOfModelsThatOthersMayStandInFor) {
  const auto read = readSettings({{"MODEL_FALLBACKS", R"({" models/gemini-2.5-pro":"b"})"}});
  EXPECT_TRUE(read.settings.modelFallbacks.contains("gemini-2.5-pro"));
}

TEST(Settings, ReportAPatternThatNothingMayStandInFor) {
  const auto read = readSettings({{"MODEL_FALLBACKS", R"({"gemini-3*":"b","c":"d"})"}});
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_TRUE(read.problems[0].fault.contains("gemini-3*"));
  EXPECT_EQ(read.settings.modelFallbacks.size(), 1U);
}

TEST(Settings, ReportABaseUrlBehindWhichNoPathCanStand) {
  for (const char* url :
       {"https://a.example?x=1", "https://a.example/#f", "https://a.example/ b"}) {
    const auto read = readSettings({{"VERTEX_BASE_URL", url}});
    EXPECT_EQ(read.problems.size(), 1U) << url;
    EXPECT_EQ(read.settings.vertexBaseUrl, "") << url;
  }
}

TEST(Settings, ReportAliasesThatAreNoObject) {
  const auto read = readSettings({{"MODEL_ALIASES", "gpt-4o=gemini"}});
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_TRUE(read.settings.modelAliases.empty());
}

TEST(Settings, DropTheSlashAtTheEndOfABaseUrl) {
  const auto read = readSettings({{"VERTEX_BASE_URL", "http://localhost:9000/vertex/"}});
  EXPECT_EQ(read.settings.vertexBaseUrl, "http://localhost:9000/vertex");
}

TEST(Settings, ReportABaseUrlThatIsNone) {
  const auto read = readSettings({{"GEMINI_BASE_URL", "localhost:9000"}});
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_EQ(read.problems[0].variable, "GEMINI_BASE_URL");
  EXPECT_EQ(read.settings.geminiBaseUrl, "");
}

TEST(Settings, KeepTheDefaultForANumberOutOfRange) {
  for (const char* value : {"0", "9", "four", "4x", "-1", "99999999999999999999"}) {
    const auto read = readSettings({{"MAX_ATTEMPTS", value}});
    EXPECT_EQ(read.problems.size(), 1U) << value;
    EXPECT_EQ(read.settings.maxAttempts, 4) << value;
  }
  EXPECT_EQ(readSettings({{"MAX_ATTEMPTS", " 8 "}}).settings.maxAttempts, 8);
}

TEST(Settings, LetARequestMakeAsManyCallsAsThePlanAllows) {
  EXPECT_EQ(readSettings({}).settings.maxSubrequests, 45U);
  EXPECT_EQ(readSettings({{"MAX_SUBREQUESTS", "1000"}}).settings.maxSubrequests, 1000U);
  EXPECT_EQ(readSettings({{"MAX_SUBREQUESTS", "5"}}).settings.maxSubrequests, 45U);
}

TEST(Settings, ReadTheLogLevelInAnyCase) {
  EXPECT_EQ(readSettings({{"LOG_LEVEL", "WARN"}}).settings.logLevel, host::LogLevel::Warn);
  const auto read = readSettings({{"LOG_LEVEL", "loud"}});
  EXPECT_EQ(read.settings.logLevel, host::LogLevel::Info);
  EXPECT_EQ(read.problems.size(), 1U);
}

TEST(Settings, FallbacksAreOneModelOrAList) {
  const auto read = readSettings({{"MODEL_FALLBACKS", R"({"a":"b","c":["d","e"]})"}});
  EXPECT_TRUE(read.problems.empty());
  EXPECT_EQ(read.settings.modelFallbacks.at("a"), std::vector<std::string>{"b"});
  EXPECT_EQ(read.settings.modelFallbacks.at("c"), (std::vector<std::string>{"d", "e"}));
}

TEST(Settings, ABrokenFallbackIsNamedAndTheOthersHold) {
  const auto read = readSettings({{"MODEL_FALLBACKS", R"({"a":[1],"c":"d"})"}});
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_EQ(read.problems[0].variable, "MODEL_FALLBACKS");
  EXPECT_NE(read.problems[0].fault.find("\"a\""), std::string::npos);
  EXPECT_TRUE(read.settings.modelFallbacks.contains("c"));
}

TEST(Settings, TheStrategyIsReadByItsName) {
  using enum credentials::Strategy;
  EXPECT_EQ(readSettings({}).settings.strategy, RoundRobin);
  EXPECT_EQ(readSettings({{"CREDENTIAL_STRATEGY", "Sticky"}}).settings.strategy, Sticky);
  EXPECT_EQ(readSettings({{"CREDENTIAL_STRATEGY", "fill_first"}}).settings.strategy, FillFirst);
}

TEST(Settings, AnUnknownStrategyIsNamed) {
  const auto read = readSettings({{"CREDENTIAL_STRATEGY", "random"}});
  ASSERT_EQ(read.problems.size(), 1U);
  EXPECT_EQ(read.problems[0].variable, "CREDENTIAL_STRATEGY");
}

TEST(Settings, ReportMoreThanFourFallbacksOfAModel) {
  const auto four = readSettings({{"MODEL_FALLBACKS", R"({"m":["a","b","c","d"]})"}});
  EXPECT_EQ(four.settings.modelFallbacks.size(), 1U);
  const auto five = readSettings({{"MODEL_FALLBACKS", R"({"m":["a","b","c","d","e"]})"}});
  EXPECT_TRUE(five.settings.modelFallbacks.empty());
  EXPECT_EQ(five.problems.size(), 1U);
}

}  // namespace
}  // namespace rondo::gateway
