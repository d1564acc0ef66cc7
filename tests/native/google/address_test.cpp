#include "google/address.h"

#include <gtest/gtest.h>

namespace rondo::google {
namespace {

const Place kVertex{Backend::Vertex, "my-project", "global"};
const Place kGemini{Backend::Gemini, "", ""};

std::string url(const Place& place, std::string_view model = "gemini-3.8-flash",
                Method method = Method::GenerateContent, const BaseUrls& bases = {}) {
  return methodUrl(bases, place, model, method).value_or("refused");
}

TEST(AddressTest, VertexGlobalHasNoRegionInItsHost) {
  EXPECT_EQ(url(kVertex),
            "https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/publishers/"
            "google/models/gemini-3.8-flash:generateContent");
}

TEST(AddressTest, AVertexRegionIsInHostAndPath) {
  EXPECT_EQ(url({Backend::Vertex, "p", "europe-west4"}),
            "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/"
            "publishers/google/models/gemini-3.8-flash:generateContent");
}

TEST(AddressTest, TheMultiRegionsHaveHostsOfTheirOwn) {
  EXPECT_TRUE(
      url({Backend::Vertex, "p", "eu"})
          .starts_with("https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/"));
  EXPECT_TRUE(url({Backend::Vertex, "p", "us"}).starts_with("https://aiplatform.us.rep."));
}

TEST(AddressTest, AVertexPlaceWithoutProjectIsExpressMode) {
  EXPECT_EQ(url({Backend::Vertex, "", "global"}),
            "https://aiplatform.googleapis.com/v1/publishers/google/models/"
            "gemini-3.8-flash:generateContent");
}

TEST(AddressTest, TheGeminiApiHasNeitherProjectNorLocation) {
  EXPECT_EQ(url(kGemini),
            "https://generativelanguage.googleapis.com/v1beta/models/"
            "gemini-3.8-flash:generateContent");
}

TEST(AddressTest, StreamsAreAskedForAsServerSentEvents) {
  EXPECT_TRUE(url(kGemini, "m", Method::StreamGenerateContent)
                  .ends_with("/m:streamGenerateContent?alt=sse"));
}

TEST(AddressTest, ABaseUrlReplacesTheHostAndMayHaveAPath) {
  const BaseUrls bases{"http://localhost:9000/vertex/", "http://localhost:9000"};
  EXPECT_TRUE(url(kVertex, "m", Method::GenerateContent, bases)
                  .starts_with("http://localhost:9000/vertex/v1/projects/my-project/"));
  EXPECT_EQ(url(kGemini, "m", Method::GenerateContent, bases),
            "http://localhost:9000/v1beta/models/m:generateContent");
}

TEST(AddressTest, KnownPrefixesOfAModelAreTakenOff) {
  EXPECT_EQ(modelInPath("models/gemini-3.8-flash"), "gemini-3.8-flash");
  EXPECT_EQ(modelInPath("google/gemini-3.8-flash"), "gemini-3.8-flash");
  EXPECT_EQ(modelInPath("publishers/google/models/gemini-3.8-flash"), "gemini-3.8-flash");
  EXPECT_EQ(modelInPath(" gemini-3.8-flash "), "gemini-3.8-flash");
}

TEST(AddressTest, AnEmptyModelIsABadRequest) {
  for (const auto* model : {"", "models/", "  "}) {
    const auto name = modelInPath(model);
    ASSERT_FALSE(name);
    EXPECT_EQ(name.error().kind, ErrorKind::BadRequest);
    EXPECT_EQ(name.error().param, "model");
  }
}

TEST(AddressTest, AModelThatWouldChangeThePathIsNotFound) {
  for (const auto* model : {"../x", "a/b", "..", "a?b", "a#b", "a%2Fb", "a:b", "é"}) {
    const auto name = modelInPath(model);
    ASSERT_FALSE(name) << model;
    EXPECT_EQ(name.error().kind, ErrorKind::NotFound) << model;
    EXPECT_EQ(name.error().code, "model_not_found") << model;
  }
}

TEST(AddressTest, AProjectCantChangeThePathEither) {
  EXPECT_NE(url({Backend::Vertex, "a/../b", "global"}).find("/projects/a%2F..%2Fb/"),
            std::string::npos);
}

TEST(AddressTest, ANativeCallGoesWhereItsPlaceHasItInTheNextVersion) {
  const auto native = [](const Place& place, std::string version) {
    return nativeMethodUrl({"https://v", "https://g"}, place, "gemini-3.8-flash",
                           {std::move(version), "countTokens", ""})
        .value_or("refused");
  };
  const std::string vertex =
      "/projects/my-project/locations/global/publishers/google/models/"
      "gemini-3.8-flash:countTokens";
  EXPECT_EQ(native(kGemini, "v1"), "https://g/v1/models/gemini-3.8-flash:countTokens");
  EXPECT_EQ(native(kGemini, "v1alpha"), "https://g/v1alpha/models/gemini-3.8-flash:countTokens");
  EXPECT_EQ(native(kGemini, "v1beta1"), "https://g/v1beta/models/gemini-3.8-flash:countTokens");
  EXPECT_EQ(native(kVertex, "v1"), "https://v/v1" + vertex);
  EXPECT_EQ(native(kVertex, "v1beta"), "https://v/v1beta1" + vertex);
  EXPECT_EQ(native(kVertex, "v1alpha"), "https://v/v1beta1" + vertex);
}

TEST(AddressTest, ANativeCallKeepsItsQueryAndCantChangeThePath) {
  EXPECT_EQ(nativeMethodUrl({}, kGemini, "m", {"v1", "streamGenerateContent", "alt=sse"}),
            "https://generativelanguage.googleapis.com/v1/models/m:streamGenerateContent?alt=sse");
  EXPECT_EQ(nativeMethodUrl({}, kGemini, "m", {"v1", "a/../b", ""}),
            "https://generativelanguage.googleapis.com/v1/models/m:a%2F..%2Fb");
  EXPECT_FALSE(nativeMethodUrl({}, kGemini, "../m", {"v1", "countTokens", ""}));
}

TEST(AddressTest, EachBackEndLacksAVerb) {
  EXPECT_FALSE(hasVerb(Backend::Vertex, "batchEmbedContents"));
  EXPECT_TRUE(hasVerb(Backend::Gemini, "batchEmbedContents"));
  EXPECT_FALSE(hasVerb(Backend::Gemini, "computeTokens"));
  EXPECT_TRUE(hasVerb(Backend::Vertex, "generateContent"));
}

TEST(AddressTest, ListsArePaged) {
  EXPECT_EQ(modelListUrl({}, kGemini, ""),
            "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000");
  EXPECT_EQ(modelListUrl({}, kVertex, "a=b"),
            "https://aiplatform.googleapis.com/v1beta1/publishers/google/models?pageSize=300"
            "&pageToken=a%3Db");
}

TEST(AddressTest, ChatsOfOpenaisClientsHaveAnEndpointOnEachBackEnd) {
  EXPECT_EQ(openaiChatUrl({}, kGemini),
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions");
  EXPECT_EQ(openaiChatUrl({}, {Backend::Vertex, "p", "europe-west4"}),
            "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/"
            "endpoints/openapi/chat/completions");
  EXPECT_EQ(openaiChatUrl({"http://v/", ""}, kVertex),
            "http://v/v1/projects/my-project/locations/global/endpoints/openapi/chat/completions");
}

TEST(AddressTest, AModelOfThatEndpointBearsItsPublisherOnVertexAlone) {
  EXPECT_EQ(modelForOpenai(kVertex, "models/gemini-3.8-flash"), "google/gemini-3.8-flash");
  EXPECT_EQ(modelForOpenai(kGemini, "google/gemini-3.8-flash"), "gemini-3.8-flash");
  const auto refused = modelForOpenai(kVertex, "a\",\"stream\":true");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "model_not_found");
}

}  // namespace
}  // namespace rondo::google
