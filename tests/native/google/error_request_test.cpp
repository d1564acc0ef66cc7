#include "native/google/error_cases.h"

namespace rondo::google {
namespace {

struct FaultCase {
  std::string name;
  std::string body;
  RefusalClass refusal;
  std::string reason;
  std::string field;
};

void PrintTo(const FaultCase& each, std::ostream* out) { *out << each.name; }

std::string invalid(const std::string& message, const std::string& details = {}) {
  return errorOf(400, "INVALID_ARGUMENT", message, details);
}

using enum RefusalClass;

class RequestFaultTest : public testing::TestWithParam<FaultCase> {};

TEST_P(RequestFaultTest, HasItsClassItsReasonAndItsField) {
  const auto refusal = classify(400, {}, GetParam().body, kNow);
  EXPECT_EQ(refusalName(refusal.refusal), refusalName(GetParam().refusal));
  EXPECT_EQ(refusal.reason, GetParam().reason);
  EXPECT_EQ(refusal.field, GetParam().field);
  EXPECT_EQ(refusal.resetAt, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    ToBeMended, RequestFaultTest,
    testing::Values(
        FaultCase{"MissingSignature",
                  invalid("Function call is missing a thought_signature in functionCall parts. "
                          "Additional data, function call `default_api:get_time`, position 2."),
                  MendRequest, "thought_signature", "thought_signature"},
        FaultCase{"CorruptedSignature", invalid("Corrupted thought signature."), MendRequest,
                  "thought_signature", "thought_signature"},
        FaultCase{"InvalidSignature", invalid("Invalid thought signature."), MendRequest,
                  "thought_signature", "thought_signature"},
        FaultCase{"SignatureThatIsNoBase64",
                  invalid("Invalid value at 'contents[1].parts[0].thought_signature' (TYPE_BYTES), "
                          "Base64 decoding failed"),
                  MendRequest, "thought_signature", "contents[1].parts[0].thought_signature"},
        FaultCase{"SignatureAsTheFieldAlone",
                  invalid("Request contains an invalid argument.",
                          badField("contents[1].parts[0].thoughtSignature", "Not base64.")),
                  MendRequest, "thought_signature", "contents[1].parts[0].thoughtSignature"},
        FaultCase{"UnknownNameInAPart",
                  invalid(R"(Invalid JSON payload received. Unknown name \"foo\" at )"
                          R"('generation_config': Cannot find field.)",
                          badField("generation_config", "Unknown name")),
                  RequestFault, "unknown_field", "generation_config.foo"},
        FaultCase{
            "UnknownNameAtTheTop",
            invalid(R"(Invalid JSON payload received. Unknown name \"foo\": Cannot find field.)"),
            RequestFault, "unknown_field", "foo"},
        FaultCase{
            "FieldViolationInTheConfig",
            invalid("Request contains an invalid argument.",
                    badField("generation_config.thinking_config.thinking_budget", "Too big.")),
            MendRequest, "field_refused", "generation_config.thinking_config.thinking_budget"},
        FaultCase{"FieldViolationWithTheMessagesName",
                  invalid("No.", badField("GenerateContentRequest.safety_settings[0]", "No.")),
                  RequestFault, "invalid_argument", "safety_settings[0]"},
        FaultCase{"PathInTheMessage",
                  invalid("* GenerateContentRequest.generation_config.max_output_tokens: must be "
                          "positive."),
                  MendRequest, "field_refused", "generation_config.max_output_tokens"},
        FaultCase{"PathOfWhatIsCounted",
                  invalid("* CountTokensRequest.generate_content_request.generation_config."
                          "max_output_tokens: must be positive."),
                  MendRequest, "field_refused", "generation_config.max_output_tokens"},
        FaultCase{"PathInVertexsWords",
                  invalid(R"(The GenerateContentRequest proto is invalid:\n  * tools[0].)"
                          R"(function_declarations[0].name: [FIELD_INVALID] Invalid name.)"),
                  RequestFault, "invalid_argument", "tools[0].function_declarations[0].name"},
        FaultCase{"ToolSchema",
                  invalid("* GenerateContentRequest.tools[0].function_declarations[0].parameters: "
                          "unsupported."),
                  MendRequest, "field_refused", "tools[0].function_declarations[0].parameters"},
        FaultCase{"ThinkingLevel", invalid("Thinking level is not supported for this model."),
                  MendRequest, "field_refused", "generation_config.thinking_config.thinking_level"},
        FaultCase{"ThinkingBudget",
                  invalid("Thinking budget is not supported for this model. Use thinking level "
                          "instead."),
                  MendRequest, "field_refused",
                  "generation_config.thinking_config.thinking_budget"},
        FaultCase{"ThinkingCannotBeOff",
                  invalid("Budget 0 is invalid. This model only works in thinking mode."),
                  MendRequest, "field_refused",
                  "generation_config.thinking_config.thinking_budget"},
        FaultCase{"Penalties", invalid("Penalty is not enabled for models/x."), MendRequest,
                  "field_refused", "generation_config.frequency_penalty"},
        FaultCase{"Candidates", invalid("Multiple candidates is not enabled for models/x."),
                  MendRequest, "field_refused", "generation_config.candidate_count"}),
    [](const auto& each) { return each.param.name; });

INSTANTIATE_TEST_SUITE_P(
    ToBePassedOn, RequestFaultTest,
    testing::Values(
        FaultCase{"Contents",
                  invalid("* GenerateContentRequest.contents: contents is not specified"),
                  RequestFault, "invalid_argument", "contents"},
        FaultCase{"Embedding",
                  invalid("* EmbedContentRequest.output_dimensionality: must be in [1, 3072].\\n"),
                  RequestFault, "invalid_argument", "output_dimensionality"},
        FaultCase{"EmbeddingWithoutItsMessage",
                  invalid("output_dimensionality: output_dimensionality must be between 1 and 768"),
                  RequestFault, "invalid_argument", "output_dimensionality"},
        FaultCase{"Language", invalid("Unsupported language code: zz9"), RequestFault,
                  "invalid_argument",
                  "generation_config.audio_transcription_config.language_codes"},
        FaultCase{"TextOfABatch",
                  invalid("* BatchEmbedContentsRequest.requests[3].content: contents is not "
                          "specified\\n"),
                  RequestFault, "invalid_argument", "requests[3].content"},
        FaultCase{"Batch",
                  invalid("* BatchEmbedContentsRequest.requests: at most 100 requests can be in "
                          "one batch\\n"),
                  RequestFault, "invalid_argument", "requests"},
        FaultCase{"FieldViolationOfAnEmbedding",
                  invalid("No.", badField("EmbedContentRequest.task_type", "No.")), RequestFault,
                  "invalid_argument", "task_type"},
        FaultCase{
            "ContentPart",
            invalid("No.", badField("contents[0].parts[0].inline_data.mime_type", "Unknown.")),
            RequestFault, "invalid_argument", "contents[0].parts[0].inline_data.mime_type"},
        FaultCase{"TooLong",
                  invalid("The input token count (2000000) exceeds the maximum number of tokens "
                          "allowed (1048576)."),
                  RequestFault, "context_length_exceeded", "contents"},
        FaultCase{"ModelTurnAtTheEnd",
                  invalid("Requests ending with a model turn are not supported."), MendRequest,
                  "field_refused", "contents"},
        FaultCase{
            "CallsAndResponsesDiffer",
            invalid("Please ensure that the number of function response parts is equal to the "
                    "number of function call parts of the function call turn."),
            RequestFault, "invalid_argument", ""},
        FaultCase{"Precondition", errorOf(400, "FAILED_PRECONDITION", "Precondition check failed."),
                  RequestFault, "failed_precondition", ""},
        FaultCase{"AllTools", invalid("No.", badField("tools", "No tools here.")), RequestFault,
                  "invalid_argument", "tools"},
        FaultCase{"NoBody", "", RequestFault, "invalid_argument", ""},
        FaultCase{"Html", "<html><body>Bad Request</body></html>", RequestFault, "invalid_argument",
                  ""}),
    [](const auto& each) { return each.param.name; });

// What a client wrote and Google quotes must not be taken for Google's own words.
INSTANTIATE_TEST_SUITE_P(
    ClientsWords, RequestFaultTest,
    testing::Values(
        FaultCase{"QuotedKeyFault",
                  invalid(R"(Invalid value at 'contents' (oneof), \"API key not valid\")"),
                  RequestFault, "invalid_argument", "contents"},
        FaultCase{"QuotedLocationFault",
                  invalid("Function name `location is not supported` is not allowed."),
                  RequestFault, "invalid_argument", ""},
        FaultCase{"QuotedError",
                  invalid(R"(Invalid value '{\"error\":{\"code\":429,\"message\":\"x\",)"
                          R"(\"status\":\"RESOURCE_EXHAUSTED\"}}' in a part.)"),
                  RequestFault, "invalid_argument", ""},
        FaultCase{"KeyFaultInAFieldsDescription",
                  invalid("API key not valid", badField("contents[0]", "API key not valid")),
                  RequestFault, "invalid_argument", "contents[0]"}),
    [](const auto& each) { return each.param.name; });

// Google repeats some of them without quotation marks.
const std::string kRepeated[] = {
    "API key not valid. Please pass a valid API key.",
    "API key expired.",
    "Your API key was reported as leaked.",
    "API keys are not supported by this API.",
    "Permission denied: Consumer 'x' has been suspended.",
    "Your project has been denied access.",
    "Your prepayment credits are depleted.",
    "This API method requires billing to be enabled.",
    "Request had insufficient authentication scopes.",
    "Caller does not have required permission to use project x.",
    "Permission 'aiplatform.endpoints.predict' denied on resource 'x'.",
    "Example API has not been used in project 12 before or it is disabled.",
    "No capacity available",
    "MODEL_CAPACITY_EXHAUSTED",
    R"({\"error\":{\"code\":429,\"message\":\"x\",\"status\":\"RESOURCE_EXHAUSTED\"}})",
    R"({\"error\":{\"code\":403,\"message\":\"API key not valid\"}})",
};

TEST(RepeatedWordsTest, OfAClientsBodyAreNoFaultOfACredential) {
  for (const std::string& words : kRepeated) {
    const auto refusal = classify(400, {}, invalid("Unsupported MIME type: image/" + words), kNow);
    EXPECT_EQ(refusal.refusal, RequestFault) << words << ": " << refusal.reason;
    EXPECT_EQ(refusal.status, 400) << words;
  }
}

TEST(RepeatedWordsTest, OfAClientsBodyTeachNothingAboutASetting) {
  for (const std::string words :
       {"maxOutputTokens/range/1/2.png", "max_output_tokens range 1 2",
        "thinking_budget between 1 2",
        "GenerateContentRequest.generation_config.max_output_tokens: range 1 2",
        "temperature is not supported", "Invalid value at 'generation_config.temperature'",
        R"(Unknown name \"seed\" at 'generation_config')"}) {
    for (const std::string before :
         {"Unsupported MIME type: image/", "Cannot fetch content from https://e.example/"}) {
      const auto refusal = classify(400, {}, invalid(before + words), kNow);
      const bool isOfSetting = refusal.feature && isSetting(refusal.feature->feature);
      EXPECT_FALSE(isOfSetting) << before << words;
    }
  }
}

TEST(RepeatedWordsTest, OfAnAddressAreNotAboutTheModel) {
  for (const int status : {403, 404}) {
    const auto named =
        classify(status, {}, errorOf(status, "X", "Can't read gs://b/model.png"), kNow);
    EXPECT_FALSE(isSurelyOfCredential(named)) << status;
    const auto model =
        classify(status, {}, errorOf(status, "X", "Publisher Model `x` is none."), kNow);
    EXPECT_TRUE(isSurelyOfCredential(model)) << status;
  }
}

TEST(RefusalsOfMethods, MayBeThoseOfACredential) {
  const auto saying = [](int status, std::string_view words) {
    return classify(status, {}, errorOf(status, "X", std::string(words)), kNow);
  };
  EXPECT_TRUE(mayBeOfMethod(saying(401, "API keys are not supported by this API.")));
  EXPECT_TRUE(mayBeOfMethod(saying(401, "Request had invalid authentication credentials.")));
  EXPECT_TRUE(mayBeOfMethod(saying(403, "Request had insufficient authentication scopes.")));
  EXPECT_FALSE(mayBeOfMethod(saying(400, "API key not valid. Please pass a valid API key.")));
  EXPECT_FALSE(mayBeOfMethod(saying(403, "The caller does not have permission")));
}

TEST(RepeatedWordsTest, OfAModelsNameAreNoFaultOfACredential) {
  for (const std::string& words : kRepeated) {
    const auto body = errorOf(404, "NOT_FOUND", "models/" + words + " is not found.");
    const auto refusal = classify(404, {}, body, kNow);
    const bool isHarmless =
        refusal.refusal == RefusalClass::NoAccess || refusal.refusal == RefusalClass::NamedContent;
    EXPECT_TRUE(isHarmless) << words << ": " << refusalName(refusal.refusal);
  }
}

TEST(RequestFaultStatusTest, OtherStatusesOfTheCallersFaultArePassedOn) {
  EXPECT_EQ(classify(413, {}, "", kNow).refusal, RequestFault);
  EXPECT_EQ(classify(413, {}, "", kNow).reason, "payload_too_large");
  EXPECT_EQ(classify(405, {}, "", kNow).refusal, RequestFault);
  EXPECT_EQ(classify(422, {}, "", kNow).refusal, RequestFault);
}

}  // namespace
}  // namespace rondo::google
