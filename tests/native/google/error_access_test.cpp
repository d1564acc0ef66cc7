#include "native/google/error_cases.h"

namespace rondo::google {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using enum RefusalClass;

std::string denied(const std::string& message, const std::string& details = {}) {
  return errorOf(403, "PERMISSION_DENIED", message, details);
}

std::string invalid(const std::string& message, const std::string& details = {}) {
  return errorOf(400, "INVALID_ARGUMENT", message, details);
}

class AccessRefusalTest : public RefusalTest {};

TEST_P(AccessRefusalTest, HasItsClassItsResetAndItsReason) { check(); }

INSTANTIATE_TEST_SUITE_P(
    Tokens, AccessRefusalTest,
    testing::Values(
        RefusalCase{"ExpiredToken", 401,
                    errorOf(401, "UNAUTHENTICATED",
                            "Request had invalid authentication credentials. Expected OAuth 2 "
                            "access token, login cookie or other valid authentication credential.",
                            errorInfo("ACCESS_TOKEN_EXPIRED")),
                    FixToken, std::nullopt, "access_token_expired", ""},
        RefusalCase{"GarbledToken", 401,
                    errorOf(401, "UNAUTHENTICATED", "Invalid credentials.",
                            errorInfo("ACCESS_TOKEN_TYPE_UNSUPPORTED")),
                    FixToken, std::nullopt, "access_token_type_unsupported", ""},
        RefusalCase{"BareUnauthorized", 401, "", FixToken, std::nullopt, "unauthenticated", ""},
        RefusalCase{"KeyWhereOnlyTokensAreTaken", 401,
                    errorOf(401, "UNAUTHENTICATED",
                            "API keys are not supported by this API. Expected OAuth2 access token.",
                            errorInfo("CREDENTIALS_MISSING")),
                    DeadCredential, std::nullopt, "api_key_unsupported", ""}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    DeadCredentials, AccessRefusalTest,
    testing::Values(
        RefusalCase{"BadKeyIsA400", 400,
                    invalid("API key not valid. Please pass a valid API key.",
                            errorInfo("API_KEY_INVALID")),
                    DeadCredential, std::nullopt, "api_key_invalid", ""},
        RefusalCase{"BadKeyByItsMessageAlone", 400, invalid("API key not valid."), DeadCredential,
                    std::nullopt, "api_key_invalid", ""},
        RefusalCase{"ExpiredKey", 400, invalid("API key expired. Please renew the API key."),
                    DeadCredential, std::nullopt, "api_key_expired", ""},
        RefusalCase{"LeakedKey", 403,
                    denied("Your API key was reported as leaked. Please use another API key."),
                    DeadCredential, std::nullopt, "api_key_leaked", ""},
        RefusalCase{
            "SuspendedKey", 403,
            denied("Permission denied: Consumer 'api_key:AQ.abcdefghijk' has been suspended.",
                   errorInfo("CONSUMER_SUSPENDED")),
            DeadCredential, std::nullopt, "consumer_suspended", ""},
        RefusalCase{"BlockedKey", 403, denied("Blocked.", errorInfo("API_KEY_SERVICE_BLOCKED")),
                    DeadCredential, std::nullopt, "api_key_service_blocked", ""},
        RefusalCase{"ApiNotEnabled", 403, denied("Not enabled.", errorInfo("SERVICE_DISABLED")),
                    DeadCredential, std::nullopt, "service_disabled", ""},
        RefusalCase{"ApiNotEnabledByItsMessageAlone", 403,
                    denied("Example API has not been used in project 12 before or it is disabled."),
                    DeadCredential, std::nullopt, "service_disabled", ""},
        RefusalCase{"ScopeMissing", 403, denied("Request had insufficient authentication scopes."),
                    DeadCredential, std::nullopt, "access_token_scope_insufficient", ""},
        RefusalCase{"RoleMissing", 403, denied("No.", errorInfo("IAM_PERMISSION_DENIED")),
                    DeadCredential, std::nullopt, "iam_permission_denied", ""},
        RefusalCase{"RoleMissingByItsMessageAlone", 403,
                    denied("Permission 'aiplatform.endpoints.predict' denied on resource "
                           "'//aiplatform.googleapis.com/projects/p-1' (or it may not exist)."),
                    DeadCredential, std::nullopt, "iam_permission_denied", ""},
        RefusalCase{"QuotaProjectRefused", 403, denied("No.", errorInfo("USER_PROJECT_DENIED")),
                    DeadCredential, std::nullopt, "user_project_denied", ""},
        RefusalCase{"ProjectDenied", 403,
                    denied("Your project has been denied access. Please contact support."),
                    DeadCredential, std::nullopt, "project_denied", ""},
        RefusalCase{"BillingOff", 403, denied("No.", errorInfo("BILLING_DISABLED")), DeadCredential,
                    std::nullopt, "billing_disabled", ""},
        RefusalCase{"CreditsGone", 429,
                    exhausted("Your prepayment credits are depleted. Please manage your billing."),
                    DeadCredential, std::nullopt, "credits_depleted", ""},
        RefusalCase{"TermsViolated", 403, denied("No.", errorInfo("TOS_VIOLATION")), DeadCredential,
                    std::nullopt, "tos_violation", ""},
        RefusalCase{"ValidationRequired", 403,
                    denied("No.", errorInfo("VALIDATION_REQUIRED", "",
                                            "cloudcode-pa.\\u200bgoogleapis.com")),
                    DeadCredential, std::nullopt, "validation_required", ""},
        RefusalCase{
            "AccessNotConfiguredInTheOldErrorsList", 403,
            R"({"error":{"code":403,"message":"No.","errors":[{"reason":"accessNotConfigured"}]}})",
            DeadCredential, std::nullopt, "accessnotconfigured", ""}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Models, AccessRefusalTest,
    testing::Values(
        RefusalCase{"BareForbidden", 403, denied("The caller does not have permission"), NoAccess,
                    minutes(30), "permission_denied", ""},
        RefusalCase{"ForbiddenWithoutAnyBody", 403, "", NoAccess, minutes(30), "permission_denied",
                    ""},
        RefusalCase{"UnknownModelOfTheGeminiApi", 404,
                    errorOf(404, "NOT_FOUND",
                            "models/gemini-9-test is not found for API version v1beta, or is not "
                            "supported for generateContent. Call ListModels."),
                    NoAccess, hours(12), "model_not_found", ""},
        RefusalCase{"UnknownModelOfVertex", 404,
                    errorOf(404, "NOT_FOUND",
                            "Publisher Model `projects/p-1/locations/global/publishers/google/"
                            "models/x` was not found or your project does not have access to it."),
                    NoAccess, hours(12), "model_not_found", ""},
        RefusalCase{"AddressThatTheFrontEndDoesNotKnow", 404,
                    "<!DOCTYPE html><html><title>Error 404 (Not Found)!!1</title></html>",
                    RequestFault, std::nullopt, "address_not_found", ""},
        RefusalCase{
            "FileOfAnotherKey", 403,
            denied("You do not have permission to access the File abc or it may not exist."),
            NamedContent, std::nullopt, "content_not_accessible", ""},
        RefusalCase{"CachedContentThatIsGone", 404,
                    errorOf(404, "NOT_FOUND", "CachedContent not found (or permission denied)"),
                    NamedContent, std::nullopt, "content_not_found", ""},
        RefusalCase{"BucketOfSomebodyElse", 403,
                    denied("svc@p.iam.gserviceaccount.com does not have storage.objects.get access "
                           "to the Google Cloud Storage object. Permission 'storage.objects.get' "
                           "denied on resource (or it may not exist)."),
                    NamedContent, std::nullopt, "content_not_accessible", ""},
        RefusalCase{"CacheOfAnotherProject", 403,
                    denied("Permission 'aiplatform.cachedContents.get' denied on resource "
                           "'//aiplatform.googleapis.com/projects/p/locations/l/cachedContents/1' "
                           "(or it may not exist).",
                           errorInfo("IAM_PERMISSION_DENIED",
                                     R"("permission":"aiplatform.cachedContents.get",)"
                                     R"("resource":"projects/p/locations/l/cachedContents/1")")),
                    NamedContent, std::nullopt, "content_not_accessible", ""},
        RefusalCase{"EndpointOfAnotherProject", 403,
                    denied("Permission 'aiplatform.endpoints.predict' denied on resource "
                           "'//aiplatform.googleapis.com/projects/p/locations/l/endpoints/1' "
                           "(or it may not exist)."),
                    NamedContent, std::nullopt, "content_not_accessible", ""},
        RefusalCase{"BucketOfSomebodyElseByTheReasonAlone", 403,
                    denied("Access denied.", errorInfo("IAM_PERMISSION_DENIED",
                                                       R"("permission":"storage.objects.get")")),
                    NamedContent, std::nullopt, "content_not_accessible", ""}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Locations, AccessRefusalTest,
    testing::Values(
        RefusalCase{
            "CallersCountry", 400,
            errorOf(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
            Location, std::nullopt, "location_unsupported", ""},
        RefusalCase{"FreeTierNotInTheCountry", 400,
                    errorOf(400, "FAILED_PRECONDITION",
                            "Gemini API free tier is not available in your country. Please enable "
                            "billing on your project."),
                    Location, std::nullopt, "location_unsupported", ""},
        RefusalCase{"PolicyOnPlaces", 403, denied("No.", errorInfo("LOCATION_POLICY_VIOLATED")),
                    Location, std::nullopt, "location_unsupported", ""},
        RefusalCase{"ModelNotInTheRegion", 400,
                    errorOf(400, "FAILED_PRECONDITION",
                            "Publisher Model x is not servable in region europe-west9."),
                    Location, std::nullopt, "location_unsupported", ""}),
    nameOf);

INSTANTIATE_TEST_SUITE_P(
    Servers, AccessRefusalTest,
    testing::Values(
        RefusalCase{"Internal", 500, errorOf(500, "INTERNAL", "An internal error has occurred."),
                    Transient, std::nullopt, "internal", ""},
        RefusalCase{"Overloaded", 503,
                    errorOf(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
                    Transient, std::nullopt, "model_overloaded", ""},
        RefusalCase{"OverloadedWithADelay", 503,
                    errorOf(503, "UNAVAILABLE", "Busy.", retryInfo(R"("8s")")), Transient,
                    seconds(8), "unavailable", ""},
        RefusalCase{"DeadlineExceeded", 504, errorOf(504, "DEADLINE_EXCEEDED", "Too late."),
                    Transient, std::nullopt, "deadline_exceeded", ""},
        RefusalCase{"ServerFaultThatSpeaksOfPlaces", 500,
                    errorOf(500, "INTERNAL", "The location is not supported."), Transient,
                    std::nullopt, "internal", ""},
        RefusalCase{"BadGatewayPage", 502, "<html><title>502 Bad Gateway</title></html>", Transient,
                    std::nullopt, "upstream_failed", ""},
        RefusalCase{"Cancelled", 499, errorOf(499, "CANCELLED", "The operation was cancelled."),
                    Transient, std::nullopt, "cancelled", ""},
        RefusalCase{"RequestTimeout", 408, "", Transient, std::nullopt, "upstream_failed", ""},
        RefusalCase{"SuccessThatIsNone", 200, "what?", Transient, std::nullopt, "upstream_failed",
                    ""},
        RefusalCase{"Redirect", 302, "", Transient, std::nullopt, "upstream_failed", ""}),
    nameOf);

TEST(AccessRefusalFieldsTest, ADisabledApiNamesItsActivationPage) {
  const auto refusal =
      classify(403, {},
               denied("Off.", errorInfo("SERVICE_DISABLED",
                                        R"("consumer":"projects/12",)"
                                        R"("activationUrl":"https://console.example/a")")),
               kNow);
  EXPECT_EQ(refusal.link, "https://console.example/a");
  EXPECT_EQ(refusal.resource, "projects/12");
}

TEST(AccessRefusalFieldsTest, AHelpLinkIsTakenThatIsNoReadingMatter) {
  const auto refusal = classify(
      403, {},
      denied("Off.", R"({"@type":"type.googleapis.com/google.rpc.Help","links":[)"
                     R"({"description":"Learn more","url":"https://docs.example/"},)"
                     R"({"description":"Open","url":"javascript:open"},)"
                     R"({"description":"Activation","url":"https://console.example/b"}]},)" +
                         errorInfo("SERVICE_DISABLED")),
      kNow);
  EXPECT_EQ(refusal.link, "https://console.example/b");
}

TEST(AccessRefusalFieldsTest, AMissingRoleNamesPermissionAndResource) {
  const auto told =
      classify(403, {},
               denied("No.", errorInfo("IAM_PERMISSION_DENIED",
                                       R"("permission":"aiplatform.endpoints.predict",)"
                                       R"("resource":"projects/p-1")")),
               kNow);
  EXPECT_EQ(told.permission, "aiplatform.endpoints.predict");
  EXPECT_EQ(told.resource, "projects/p-1");
  const auto guessed = classify(403, {},
                                denied("Permission 'billing.accounts.get' denied on resource "
                                       "'//x/projects/p-2' (or not there)."),
                                kNow);
  EXPECT_EQ(guessed.permission, "billing.accounts.get");
  EXPECT_EQ(guessed.resource, "//x/projects/p-2");
}

TEST(AccessRefusalFieldsTest, KeysInAMessageAreBlottedOut) {
  const auto refusal = classify(
      403, {}, denied("Consumer 'api_key:AIzaSyInventedInvented' has been suspended."), kNow);
  EXPECT_EQ(refusal.message, "Consumer 'api_key:[redacted]' has been suspended.");
}

}  // namespace
}  // namespace rondo::google
