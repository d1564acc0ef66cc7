#include <gtest/gtest.h>

#include "credentials/loader.h"
#include "support/credential_texts.h"

namespace rondo::credentials {
namespace {

using samples::serviceAccount;

std::string account(std::string_view name) { return json::dump(serviceAccount(name)); }

std::vector<std::string> variablesOf(const LoadedCredentials& loaded) {
  std::vector<std::string> names;
  for (const auto& credential : loaded.credentials) names.push_back(credential.variable);
  return names;
}

using Names = std::vector<std::string>;

TEST(LoaderSlotsTest, SlotsComeInNumericOrderWithGapsAndTheUnnumberedOneFirst) {
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNT_10", account("ten")},
                                       {"GCP_SERVICE_ACCOUNT_2", account("two")},
                                       {"UNRELATED", "x"},
                                       {"GCP_SERVICE_ACCOUNT", account("zero")},
                                       {"GCP_SERVICE_ACCOUNT_7", account("seven")}});
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(variablesOf(loaded), (Names{"GCP_SERVICE_ACCOUNT", "GCP_SERVICE_ACCOUNT_2",
                                        "GCP_SERVICE_ACCOUNT_7", "GCP_SERVICE_ACCOUNT_10"}));
}

TEST(LoaderSlotsTest, ANumberMayHaveLeadingZeros) {
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNT_02", account("b")},
                                       {"GCP_SERVICE_ACCOUNT_10", account("c")},
                                       {"GCP_SERVICE_ACCOUNT_01", account("a")}});
  EXPECT_EQ(variablesOf(loaded),
            (Names{"GCP_SERVICE_ACCOUNT_01", "GCP_SERVICE_ACCOUNT_02", "GCP_SERVICE_ACCOUNT_10"}));
}

TEST(LoaderSlotsTest, ANameWithoutANumberIsReported) {
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNT_x", account("a")},
                                       {"GCP_SERVICE_ACCOUNT_1a", account("b")},
                                       {"GCP_SERVICE_ACCOUNT_-1", account("c")},
                                       {"GCP_SERVICE_ACCOUNT_99999999999", account("d")}});
  EXPECT_TRUE(loaded.credentials.empty());
  ASSERT_EQ(loaded.problems.size(), 4U);
  EXPECT_EQ(loaded.problems[0].variable, "GCP_SERVICE_ACCOUNT_x");
  EXPECT_NE(loaded.problems[0].fault.find("number"), std::string::npos);
}

TEST(LoaderSlotsTest, ANumberWithoutItsUnderscoreOrBehindTheArraysNameIsReported) {
  for (const char* variable :
       {"GCP_SERVICE_ACCOUNT2", "GCP_SERVICE_ACCOUNTS_2", "GCP_SERVICE_ACCOUNTS2"}) {
    const auto loaded = loadCredentials({{variable, account("a")}});
    EXPECT_TRUE(loaded.credentials.empty()) << variable;
    ASSERT_EQ(loaded.problems.size(), 1U) << variable;
    EXPECT_EQ(loaded.problems[0].variable, variable);
    EXPECT_TRUE(loaded.problems[0].fault.contains("GCP_SERVICE_ACCOUNT_1")) << variable;
  }
}

TEST(LoaderSlotsTest, OtherVariablesOfASimilarNameAreNotOurs) {
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNTANT", "x"}, {"GCP_SERVICE", "y"}});
  EXPECT_TRUE(loaded.credentials.empty());
  EXPECT_TRUE(loaded.problems.empty());
}

TEST(LoaderSlotsTest, EmptyVariablesAreSkippedWithoutAWord) {
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNT_1", ""},
                                       {"GCP_SERVICE_ACCOUNT_2", " \n"},
                                       {"GCP_SERVICE_ACCOUNT_x", ""},
                                       {"GCP_SERVICE_ACCOUNTS", " "}});
  EXPECT_TRUE(loaded.credentials.empty());
  EXPECT_TRUE(loaded.problems.empty());
}

TEST(LoaderSlotsTest, TheArrayComesBehindTheSlotsAndHoldsObjectsOrStrings) {
  json::Value array = json::Value::array();
  array.push_back(serviceAccount("one"));
  array.push_back(account("two"));
  array.push_back("AQ.plain");
  const auto loaded = loadCredentials(
      {{"GCP_SERVICE_ACCOUNTS", json::dump(array)}, {"GCP_SERVICE_ACCOUNT_3", account("three")}});
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(variablesOf(loaded), (Names{"GCP_SERVICE_ACCOUNT_3", "GCP_SERVICE_ACCOUNTS[0]",
                                        "GCP_SERVICE_ACCOUNTS[1]", "GCP_SERVICE_ACCOUNTS[2]"}));
  EXPECT_EQ(loaded.credentials.back().kind, CredentialKind::ApiKey);
}

TEST(LoaderSlotsTest, ABrokenElementStopsNeitherTheArrayNorTheSlots) {
  json::Value array = json::Value::array();
  array.push_back(7);
  array.push_back(nullptr);
  array.push_back("");
  array.push_back(serviceAccount("good"));
  const auto loaded = loadCredentials(
      {{"GCP_SERVICE_ACCOUNTS", json::dump(array)}, {"GCP_SERVICE_ACCOUNT_1", "{"}});
  EXPECT_EQ(variablesOf(loaded), (Names{"GCP_SERVICE_ACCOUNTS[3]"}));
  ASSERT_EQ(loaded.problems.size(), 4U);
  EXPECT_EQ(loaded.problems[0].variable, "GCP_SERVICE_ACCOUNT_1");
  EXPECT_EQ(loaded.problems[3].variable, "GCP_SERVICE_ACCOUNTS[2]");
}

TEST(LoaderSlotsTest, AnArrayVariableThatHoldsSomethingElseIsReported) {
  for (const auto* text : {"{}", "[", "AQ.plain", "\"x\""}) {
    const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNTS", text}});
    ASSERT_EQ(loaded.problems.size(), 1U) << text;
    EXPECT_EQ(loaded.problems[0].variable, "GCP_SERVICE_ACCOUNTS");
  }
}

TEST(LoaderSlotsTest, AnArrayInASlotIsSentToTheRightVariable) {
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNT_1", "[]"}});
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_NE(loaded.problems[0].fault.find("GCP_SERVICE_ACCOUNTS"), std::string::npos);
}

TEST(LoaderSlotsTest, TheSecondOfTwoEqualCredentialsIsReportedWithBothNames) {
  const auto loaded = loadCredentials(
      {{"GCP_SERVICE_ACCOUNT_2", account("same")}, {"GCP_SERVICE_ACCOUNT_5", account("same")}});
  EXPECT_EQ(variablesOf(loaded), (Names{"GCP_SERVICE_ACCOUNT_2"}));
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].variable, "GCP_SERVICE_ACCOUNT_5");
  EXPECT_NE(loaded.problems[0].fault.find("GCP_SERVICE_ACCOUNT_2"), std::string::npos);
}

std::string keyWith(std::string_view key, std::string_view alias) {
  return R"({"type":"api_key","api_key":")" + std::string(key) + R"(","alias":")" +
         std::string(alias) + R"("})";
}

TEST(LoaderSlotsTest, TwoCredentialsOfOneAliasAreToldApartByTheirIds) {
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNT_1", keyWith("AIzaOne", "same")},
                                       {"GCP_SERVICE_ACCOUNT_2", keyWith("AIzaTwo", "same")}});
  ASSERT_EQ(loaded.credentials.size(), 2U);
  EXPECT_EQ(loaded.credentials[0].alias, "same");
  EXPECT_EQ(loaded.credentials[1].alias, loaded.credentials[1].id);
  EXPECT_TRUE(loaded.problems.empty());
  ASSERT_EQ(loaded.remarks.size(), 1U);
  EXPECT_EQ(loaded.remarks[0].variable, "GCP_SERVICE_ACCOUNT_2");
  EXPECT_TRUE(loaded.remarks[0].fault.contains("GCP_SERVICE_ACCOUNT_1"));
}

TEST(LoaderSlotsTest, AnAliasThatIsAnothersIdIsNotTaken) {
  const auto alone = loadCredentials({{"GCP_SERVICE_ACCOUNT_2", keyWith("AIzaTwo", "two")}});
  const auto id = alone.credentials.at(0).id;
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNT_1", keyWith("AIzaOne", id)},
                                       {"GCP_SERVICE_ACCOUNT_2", keyWith("AIzaTwo", "two")}});
  ASSERT_EQ(loaded.credentials.size(), 2U);
  EXPECT_EQ(loaded.credentials[0].alias, loaded.credentials[0].id);
  EXPECT_EQ(loaded.credentials[1].alias, "two");
}

TEST(LoaderSlotsTest, AProjectThatIsNoneSkipsNoCredential) {
  const auto loaded = loadCredentials(
      {{"GCP_SERVICE_ACCOUNT_1", account("a")}, {"GOOGLE_CLOUD_PROJECT", "not a project!"}});
  EXPECT_EQ(loaded.credentials.size(), 1U);
  EXPECT_TRUE(loaded.problems.empty());
  ASSERT_EQ(loaded.remarks.size(), 1U);
  EXPECT_EQ(loaded.remarks[0].variable, "GOOGLE_CLOUD_PROJECT");
}

TEST(LoaderSlotsTest, AListOfNoModelsIsReported) {
  const auto loaded = loadCredentials(
      {{"GCP_SERVICE_ACCOUNT_1", R"({"type":"api_key","api_key":"AIzaKey","models":[]})"}});
  EXPECT_TRUE(loaded.credentials.empty());
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_TRUE(loaded.problems[0].fault.contains("models"));
}

TEST(LoaderSlotsTest, APoolHoldsAThousandCredentialsAndTheOthersAreReported) {
  json::Value keys = json::Value::array();
  for (int i = 0; i < 1002; ++i) keys.push_back("AIzaInvented-" + std::to_string(i));
  keys.push_back("AIzaInvented-7");
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNTS", json::dump(keys)}});
  EXPECT_EQ(loaded.credentials.size(), 1000U);
  ASSERT_EQ(loaded.problems.size(), 3U);
  EXPECT_EQ(loaded.problems[0].variable, "GCP_SERVICE_ACCOUNTS[1000]");
  EXPECT_NE(loaded.problems[0].fault.find("1000"), std::string::npos);
  EXPECT_NE(loaded.problems[2].fault.find("GCP_SERVICE_ACCOUNTS[7]"), std::string::npos);
}

TEST(LoaderSlotsTest, ACredentialThatFoundNoRoomIsNobodysTwin) {
  json::Value keys = json::Value::array();
  for (int i = 0; i < 1001; ++i) keys.push_back("AIzaInvented-" + std::to_string(i));
  keys.push_back("AIzaInvented-1000");
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNTS", json::dump(keys)}});
  ASSERT_EQ(loaded.problems.size(), 2U);
  EXPECT_EQ(loaded.problems[1].fault, loaded.problems[0].fault);
}

TEST(LoaderSlotsTest, IdsDoNotDependOnTheSlot) {
  const auto early = loadCredentials({{"GCP_SERVICE_ACCOUNT_1", account("a")}});
  const auto late = loadCredentials({{"GCP_SERVICE_ACCOUNT_9", account("a")}});
  EXPECT_EQ(early.credentials.at(0).id, late.credentials.at(0).id);
}

TEST(LoaderSlotsTest, LineEndsThatAnEnvFileUnfoldedAreTaken) {
  auto text = account("a");
  for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n")) {
    text.replace(at, 2, "\n");
  }
  const auto loaded = loadCredentials({{"GCP_SERVICE_ACCOUNT_1", "\xEF\xBB\xBF" + text}});
  ASSERT_EQ(loaded.credentials.size(), 1U);
  EXPECT_EQ(std::get<ServiceAccountKey>(loaded.credentials[0].grant).pkcs8.reveal(),
            samples::keyDer());
}

TEST(LoaderSlotsTest, NoFaultHoldsAnythingOfTheValue) {
  auto wrongKey = serviceAccount("s3cr3t");
  wrongKey["private_key"] = "s3cr3t";
  auto wrongPlace = serviceAccount("s3cr3t");
  wrongPlace["location"] = "s3cr3t/";
  const Environment environment = {
      {"GCP_SERVICE_ACCOUNT_1", "{\"s3cr3t\":"},
      {"GCP_SERVICE_ACCOUNT_2", json::dump(wrongKey)},
      {"GCP_SERVICE_ACCOUNT_3", json::dump(wrongPlace)},
      {"GCP_SERVICE_ACCOUNT_4", R"({"type":"s3cr3t"})"},
      {"GCP_SERVICE_ACCOUNT_5", "s3cr3t s3cr3t"},
      {"GCP_SERVICE_ACCOUNT_6", R"({"s3cr3t":1})"},
      {"GCP_SERVICE_ACCOUNTS", "s3cr3t"},
      {"GOOGLE_CLOUD_PROJECT", "s3cr3t/"},
  };
  const auto loaded = loadCredentials(environment);
  EXPECT_TRUE(loaded.credentials.empty());
  EXPECT_EQ(loaded.problems.size() + loaded.remarks.size(), environment.size());
  for (const auto* all : {&loaded.problems, &loaded.remarks}) {
    for (const auto& problem : *all) {
      EXPECT_EQ(problem.fault.find("s3cr3t"), std::string::npos) << problem.fault;
    }
  }
}

}  // namespace
}  // namespace rondo::credentials
