#include <gtest/gtest.h>

#include "credentials/loader.h"
#include "support/credential_texts.h"

namespace rondo::credentials {
namespace {

using samples::authorizedUser;
using samples::oauthTokens;
using samples::serviceAccount;

Environment with(const json::Value& document, Environment more = {}) {
  more.emplace_back("GCP_SERVICE_ACCOUNT_1", json::dump(document));
  return more;
}

// The credential of an environment that must give exactly one.
Credential only(const Environment& environment) {
  auto loaded = loadCredentials(environment);
  for (const auto& problem : loaded.problems) {
    ADD_FAILURE() << problem.variable << " " << problem.fault;
  }
  if (loaded.credentials.size() != 1) {
    ADD_FAILURE() << loaded.credentials.size() << " credentials";
    return {};
  }
  return std::move(loaded.credentials.front());
}

std::string faultOf(const Environment& environment) {
  const auto loaded = loadCredentials(environment);
  if (!loaded.credentials.empty()) return "none";
  if (loaded.problems.size() != 1) return "not one problem";
  EXPECT_EQ(loaded.problems.front().variable, "GCP_SERVICE_ACCOUNT_1");
  return loaded.problems.front().fault;
}

json::Value changed(json::Value document, const char* field, json::Value value) {
  document[field] = std::move(value);
  return document;
}

json::Value lacking(json::Value document, const char* field) {
  document.erase(field);
  return document;
}

TEST(LoaderKindsTest, ServiceAccountIsReadWhole) {
  const auto credential = only(with(serviceAccount("bot", "proj-7")));
  EXPECT_EQ(credential.kind, CredentialKind::ServiceAccount);
  EXPECT_EQ(credential.backend, Backend::Vertex);
  EXPECT_EQ(credential.projectId, "proj-7");
  EXPECT_EQ(credential.location, "global");
  EXPECT_EQ(credential.quotaProjectId, "");
  EXPECT_EQ(credential.variable, "GCP_SERVICE_ACCOUNT_1");
  EXPECT_EQ(credential.weight, 1);
  const auto& key = std::get<ServiceAccountKey>(credential.grant);
  EXPECT_EQ(key.clientEmail, "bot@example.iam.gserviceaccount.com");
  EXPECT_EQ(key.privateKeyId, "key-of-bot");
  EXPECT_EQ(key.pkcs8.reveal(), samples::keyDer());
  EXPECT_EQ(key.tokenUrl, "https://oauth2.googleapis.com/token");
}

TEST(LoaderKindsTest, ServiceAccountIsNamedByItsIdAndNotByItsMail) {
  const auto credential = only(with(serviceAccount("bot")));
  EXPECT_EQ(credential.id, credentialId(CredentialKind::ServiceAccount,
                                        {"bot@example.iam.gserviceaccount.com", "key-of-bot"}));
  EXPECT_EQ(credential.alias, credential.id);
}

TEST(LoaderKindsTest, ServiceAccountIsToldByItsShapeWithoutAType) {
  EXPECT_EQ(only(with(lacking(serviceAccount(), "type"))).kind, CredentialKind::ServiceAccount);
}

TEST(LoaderKindsTest, ServiceAccountMissesItsFieldsByName) {
  for (const auto* field : {"client_email", "private_key_id", "private_key"}) {
    EXPECT_EQ(faultOf(with(lacking(serviceAccount(), field))), std::string(field) + " is missing");
    EXPECT_EQ(faultOf(with(changed(serviceAccount(), field, "  "))),
              std::string(field) + " is missing");
    EXPECT_EQ(faultOf(with(changed(serviceAccount(), field, 7))),
              std::string(field) + " must be a string");
  }
}

TEST(LoaderKindsTest, TokenUriMustBeOneOfGooglesTokenAddresses) {
  for (const auto* url :
       {"http://oauth2.googleapis.com/token", "https://evilgoogleapis.com/token",
        "https://oauth2.googleapis.com@evil.example/token", "https://googleapis.com.evil.example/",
        "https://evil.example\\.googleapis.com/", "oauth2.googleapis.com/token",
        "https://storage.googleapis.com/bucket/token", "https://sts.googleapis.com/v1/token",
        "https://evil.oauth2.googleapis.com/token", "https://www.googleapis.com/storage/v1/b",
        "https://www.googleapis.com/oauth2", "https://accounts.google.com/o/oauth2/token"}) {
    EXPECT_NE(faultOf(with(changed(serviceAccount(), "token_uri", url))).find("token_uri"),
              std::string::npos)
        << url;
  }
}

TEST(LoaderKindsTest, TokenUriHasNoOddSpelling) {
  for (const auto* url :
       {"https://oauth2.googleapis.com:443/token", "https://oauth2.googleapis.com:8443/token",
        "https://x@oauth2.googleapis.com/token", "https://oauth2.googleapis.com./token",
        "https://oauth2.googleapis.com", "https://oauth2.googleapis.com\\@evil.example/token",
        "https://oauth2.googleapis.com/to\\ken", "https://oauth2.googleapis.com/to ken",
        "https://oauth2.googleapis.com/to\nken", "https://oauth2.googleapis.com/to%2fken",
        "https://oauth2.googleapis.com/token?x=1", "https://oauth2.googleapis.com/token#x",
        "https://oauth2.googleapis.com/token;x", "https://oauth2.googleapis.com/t\xC3\xB6ken",
        "https://www.googleapis.com/oauth2/../storage/v1/b",
        "https://www.googleapis.com/oauth2//storage.googleapis.com/",
        "https://oauth2%2egoogleapis.com/token", "https://oauth2.google\tapis.com/token",
        "https:oauth2.googleapis.com/token"}) {
    EXPECT_NE(faultOf(with(changed(serviceAccount(), "token_uri", url))).find("token_uri"),
              std::string::npos)
        << url;
  }
}

TEST(LoaderKindsTest, TokenUriMayBeAnOlderOneOfGoogles) {
  for (const auto* url :
       {"https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v3/token",
        "https://www.googleapis.com/oauth2/v4/token"}) {
    const auto credential = only(with(changed(serviceAccount(), "token_uri", url)));
    EXPECT_EQ(std::get<ServiceAccountKey>(credential.grant).tokenUrl, url);
  }
}

TEST(LoaderKindsTest, AnyTokenUriIsTakenWhenTokenRequestsGoElsewhere) {
  const auto credential =
      only(with(changed(serviceAccount(), "token_uri", "http://127.0.0.1:9/token"),
                {{"OAUTH_TOKEN_URL", "http://127.0.0.1:8/token"}}));
  EXPECT_EQ(std::get<ServiceAccountKey>(credential.grant).tokenUrl, "http://127.0.0.1:9/token");
}

TEST(LoaderKindsTest, ATokenUriIsHeldToGooglesWhereTheOtherAddressIsNone) {
  const auto fault =
      faultOf(with(changed(serviceAccount(), "token_uri", "http://127.0.0.1:9/token"),
                   {{"OAUTH_TOKEN_URL", "oauth2.googleapis.com/token"}}));
  EXPECT_TRUE(fault.contains("token_uri")) << fault;
}

TEST(LoaderKindsTest, WithoutATokenUriGoogleIsAsked) {
  const auto credential = only(with(lacking(serviceAccount(), "token_uri")));
  EXPECT_EQ(std::get<ServiceAccountKey>(credential.grant).tokenUrl,
            "https://oauth2.googleapis.com/token");
}

TEST(LoaderKindsTest, OtherUniversesAreRefused) {
  EXPECT_NE(faultOf(with(changed(serviceAccount(), "universe_domain", "apis.example.fr")))
                .find("universe_domain"),
            std::string::npos);
  only(with(changed(serviceAccount(), "universe_domain", "googleapis.com")));
}

TEST(LoaderKindsTest, AuthorizedUserIsReadWhole) {
  const auto credential =
      only(with(changed(authorizedUser("1//abc"), "quota_project_id", "p-bill")));
  EXPECT_EQ(credential.kind, CredentialKind::AuthorizedUser);
  EXPECT_EQ(credential.backend, Backend::Vertex);
  EXPECT_EQ(credential.projectId, "p-user");
  EXPECT_EQ(credential.quotaProjectId, "p-bill");
  EXPECT_EQ(credential.id,
            credentialId(CredentialKind::AuthorizedUser, {"client.apps.example.com", "1//abc"}));
  const auto& grant = std::get<RefreshGrant>(credential.grant);
  EXPECT_EQ(grant.clientId, "client.apps.example.com");
  EXPECT_EQ(grant.clientSecret.reveal(), "pair-secret");
  EXPECT_EQ(grant.refreshToken.reveal(), "1//abc");
  EXPECT_FALSE(grant.given);
}

TEST(LoaderKindsTest, OauthTokensBringTheirAccessTokenAndItsExpiry) {
  auto document = changed(oauthTokens(), "access_token", "ya29.given");
  document["expiry_date"] = 1'764'003'600'000;
  const auto credential = only(with(document));
  EXPECT_EQ(credential.kind, CredentialKind::OAuthTokens);
  const auto& given = std::get<RefreshGrant>(credential.grant).given;
  ASSERT_TRUE(given);
  EXPECT_EQ(given->token.reveal(), "ya29.given");
  EXPECT_EQ(given->expiry, fromUnixMillis(1'764'003'600'000));
}

TEST(LoaderKindsTest, AnAccessTokenWithoutAnExpiryIsNotUsed) {
  const auto credential = only(with(changed(oauthTokens(), "access_token", "ya29.given")));
  EXPECT_FALSE(std::get<RefreshGrant>(credential.grant).given);
}

TEST(LoaderKindsTest, AnAccessTokenThatBreaksAHeaderIsAFault) {
  EXPECT_NE(
      faultOf(with(changed(oauthTokens(), "access_token", "ya29\r\nx: y"))).find("access_token"),
      std::string::npos);
}

TEST(LoaderKindsTest, AnExpiryThatIsNoNumberIsAFault) {
  EXPECT_EQ(faultOf(with(changed(oauthTokens(), "expiry_date", "tomorrow"))),
            "expiry_date must be a number of milliseconds");
}

TEST(LoaderKindsTest, AnAccessTokenAloneIsRefused) {
  EXPECT_NE(faultOf(with({{"access_token", "ya29.x"}})).find("refresh_token is missing"),
            std::string::npos);
}

TEST(LoaderKindsTest, TheClientPairIsTakenFromTheEnvironmentWhole) {
  auto document = lacking(lacking(oauthTokens(), "client_id"), "client_secret");
  const Environment pair = {{"OAUTH_CLIENT_ID", "env-client"}, {"OAUTH_CLIENT_SECRET", "env-pair"}};
  const auto credential = only(with(document, pair));
  EXPECT_EQ(std::get<RefreshGrant>(credential.grant).clientId, "env-client");
  EXPECT_EQ(std::get<RefreshGrant>(credential.grant).clientSecret.reveal(), "env-pair");

  document["client_id"] = "own-client";
  EXPECT_EQ(faultOf(with(document, pair)), "client_secret is missing");
  EXPECT_EQ(faultOf(with(lacking(oauthTokens(), "client_id"), pair)), "client_id is missing");
}

TEST(LoaderKindsTest, WithoutAnyClientPairTheFaultNamesBothWays) {
  const auto fault = faultOf(with(lacking(lacking(oauthTokens(), "client_id"), "client_secret")));
  EXPECT_NE(fault.find("client_id"), std::string::npos);
  EXPECT_NE(fault.find("OAUTH_CLIENT_SECRET"), std::string::npos);
}

TEST(LoaderKindsTest, AKeyMayStandBareQuotedOrInAnObject) {
  for (const auto* text :
       {"AQ.plain-key", " AQ.plain-key\n", R"("AQ.plain-key")",
        R"({"type":"api_key","api_key":"AQ.plain-key"})", R"({"api_key":"AQ.plain-key"})"}) {
    const auto credential = only({{"GCP_SERVICE_ACCOUNT_1", text}});
    EXPECT_EQ(credential.kind, CredentialKind::ApiKey) << text;
    EXPECT_EQ(credential.backend, Backend::Gemini);
    EXPECT_EQ(std::get<ApiKey>(credential.grant).key.reveal(), "AQ.plain-key") << text;
    EXPECT_EQ(credential.id, credentialId(CredentialKind::ApiKey, {"AQ.plain-key"}));
  }
}

TEST(LoaderKindsTest, WhatIsNeitherJsonNorAKeyIsAFault) {
  for (const auto& text :
       {std::string("two words"), std::string(300, 'k'), std::string("key\xc3\xa9")}) {
    EXPECT_EQ(faultOf({{"GCP_SERVICE_ACCOUNT_1", text}}), "is neither JSON nor an API key");
  }
}

TEST(LoaderKindsTest, KindsThatAreNotImplementedAreRefusedByName) {
  for (const auto* type : {"external_account", "impersonated_service_account",
                           "external_account_authorized_user", "gdch_service_account"}) {
    EXPECT_TRUE(faultOf(with({{"type", type}})).starts_with(type)) << type;
  }
}

TEST(LoaderKindsTest, AnUnknownTypeIsRefusedAndNotRepeated) {
  const auto fault = faultOf(with({{"type", "hunter2"}}));
  EXPECT_TRUE(fault.starts_with("type is not one of")) << fault;
  EXPECT_EQ(fault.find("hunter2"), std::string::npos);
}

TEST(LoaderKindsTest, AnOauthClientFileIsToldFromACredential) {
  EXPECT_NE(faultOf(with({{"installed", {{"client_id", "x"}}}})).find("OAUTH_CLIENT_ID"),
            std::string::npos);
}

TEST(LoaderKindsTest, VertexWithoutAProjectNamesTheField) {
  EXPECT_NE(faultOf(with(lacking(serviceAccount(), "project_id"))).find("project_id"),
            std::string::npos);
}

TEST(LoaderKindsTest, AKeyOfVertexHasNoPlaceWhateverIsToldOfOne) {
  const Environment defaults = {{"GOOGLE_CLOUD_PROJECT", "p-env"},
                                {"GOOGLE_CLOUD_LOCATION", "europe-west4"}};
  for (const auto* text :
       {R"({"type":"api_key","api_key":"AQ.plain-key","backend":"vertex"})",
        R"({"api_key":"AQ.plain-key","backend":"vertex","project_id":"p-own","location":"us"})"}) {
    const auto key = only(with(json::parse(text).value(), defaults));
    EXPECT_EQ(key.backend, Backend::Vertex);
    EXPECT_EQ(key.projectId, "");
    EXPECT_EQ(key.location, "global");
  }
}

TEST(LoaderKindsTest, TheEnvironmentFillsProjectAndLocation) {
  const Environment defaults = {{"GOOGLE_CLOUD_PROJECT", "p-env"},
                                {"GOOGLE_CLOUD_LOCATION", "europe-west4"}};
  const auto filled = only(with(lacking(serviceAccount(), "project_id"), defaults));
  EXPECT_EQ(filled.projectId, "p-env");
  EXPECT_EQ(filled.location, "europe-west4");
  const auto own = only(with(changed(serviceAccount("bot", "p-own"), "location", "us"), defaults));
  EXPECT_EQ(own.projectId, "p-own");
  EXPECT_EQ(own.location, "us");
}

TEST(LoaderKindsTest, TheQuotaProjectOfAFileComesBeforeTheEnvironmentsProject) {
  auto document = changed(lacking(authorizedUser(), "project_id"), "quota_project_id", "p-bill");
  EXPECT_EQ(only(with(document)).projectId, "p-bill");
  EXPECT_EQ(only(with(document, {{"GOOGLE_CLOUD_PROJECT", "p-env"}})).projectId, "p-bill");
}

TEST(LoaderKindsTest, AUserOnTheGeminiApiIsBilledToTheProject) {
  const auto credential = only(with(changed(authorizedUser(), "backend", "gemini")));
  EXPECT_EQ(credential.backend, Backend::Gemini);
  EXPECT_EQ(credential.quotaProjectId, "p-user");
}

TEST(LoaderKindsTest, AServiceAccountOnTheGeminiApiNeedsNoQuotaProject) {
  EXPECT_EQ(only(with(changed(serviceAccount(), "backend", "gemini"))).quotaProjectId, "");
}

TEST(LoaderKindsTest, NamesThatCouldBendAnAddressAreFaults) {
  for (const auto* field : {"project_id", "location", "quota_project_id"}) {
    EXPECT_TRUE(faultOf(with(changed(serviceAccount(), field, "x/../evil.example#")))
                    .starts_with(std::string(field) + " is not a"))
        << field;
  }
}

TEST(LoaderKindsTest, ABentDefaultIsReportedAndNotUsed) {
  for (const auto* bent : {"evil.example/", "evil.example", "us:1"}) {
    const auto loaded = loadCredentials(with(serviceAccount(), {{"GOOGLE_CLOUD_LOCATION", bent}}));
    ASSERT_EQ(loaded.credentials.size(), 1U);
    EXPECT_EQ(loaded.credentials[0].location, "global") << bent;
    ASSERT_EQ(loaded.remarks.size(), 1U) << bent;
    EXPECT_EQ(loaded.remarks[0].variable, "GOOGLE_CLOUD_LOCATION");
  }
}

TEST(LoaderKindsTest, OptionalFieldsAreTaken) {
  auto document = changed(serviceAccount(), "alias", "team a");
  document["models"] = {"gemini-3*", "gemini-4-argon"};
  document["weight"] = 5;
  document["backend"] = "gemini";
  const auto credential = only(with(document));
  EXPECT_EQ(credential.alias, "team a");
  EXPECT_EQ(credential.models, (std::vector<std::string>{"gemini-3*", "gemini-4-argon"}));
  EXPECT_EQ(credential.weight, 5);
  EXPECT_EQ(credential.backend, Backend::Gemini);
}

TEST(LoaderKindsTest, WeightsOutsideTheBoundsAreFaults) {
  for (const json::Value& weight : {json::Value(0), json::Value(-1), json::Value(101),
                                    json::Value(1.5), json::Value("2"), json::Value(true)}) {
    EXPECT_EQ(faultOf(with(changed(serviceAccount(), "weight", weight))),
              "weight must be a whole number from 1 to 100")
        << weight.dump();
  }
  EXPECT_EQ(only(with(changed(serviceAccount(), "weight", 100))).weight, 100);
}

TEST(LoaderKindsTest, WrongTypesNameTheField) {
  const struct {
    const char* field;
    json::Value value;
  } cases[] = {{"alias", 1},       {"backend", true},     {"project_id", 5}, {"location", {"us"}},
               {"models", "gem*"}, {"models", {1}},       {"models", {""}},  {"type", 3},
               {"token_uri", {}},  {"universe_domain", 1}};
  for (const auto& [field, value] : cases) {
    if (value.is_null()) continue;
    EXPECT_TRUE(faultOf(with(changed(serviceAccount(), field, value))).starts_with(field)) << field;
  }
}

TEST(LoaderKindsTest, AnUnknownBackendIsAFault) {
  EXPECT_EQ(faultOf(with(changed(serviceAccount(), "backend", "cloudcode"))),
            "backend is neither vertex nor gemini");
}

TEST(LoaderKindsTest, AnAliasMustFitAHeader) {
  for (const auto& alias :
       {std::string("caf\xc3\xa9"), std::string("a\nb"), std::string(65, 'a')}) {
    EXPECT_TRUE(faultOf(with(changed(serviceAccount(), "alias", alias))).starts_with("alias"));
  }
}

}  // namespace
}  // namespace rondo::credentials
