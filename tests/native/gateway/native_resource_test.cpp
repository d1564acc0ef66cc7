#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "gateway/marked_id.h"
#include "native/gateway/native_pool.h"
#include "native/gateway/operator_questions.h"

namespace rondo::gateway {
namespace {

fake::Answer inJson(std::string body, http::Headers more = {}) {
  fake::Answer answer = fake::answer(200, std::move(body));
  answer.headers = std::move(more);
  answer.headers.set("content-type", "application/json; charset=UTF-8");
  return answer;
}

fake::Answer refusal(int status, const std::string& word, const std::string& message) {
  return fake::answer(status, R"({"error":{"code":)" + std::to_string(status) + R"(,"status":")" +
                                  word + R"(","message":")" + message + R"("}})");
}

std::string markedBy(std::string_view key, std::string_view id) {
  return writeMarkedId(idOfKey(key), id);
}

constexpr std::string_view kFile =
    R"({"name":"files/abc","uri":"https://generativelanguage.googleapis.com/v1beta/files/abc"})";

void answerAll(NativePool& pool, std::string body) {
  pool.answers = [body = std::move(body)](const std::string&, const http::Request&) {
    return inJson(body);
  };
}

// --- Where one credential has it -----------------------------------------------------------------

TEST(NativeResource, OfTheOnlyCredentialPassesByAsItIs) {
  NativePool pool({.keys = 1});
  answerAll(pool, std::string(kFile));
  const auto reply = pool.resource("GET", "files/abc", "alt=json");
  EXPECT_EQ(reply.passed, kFile);
  EXPECT_EQ(pool.sent().url, "https://generativelanguage.googleapis.com/v1beta/files/abc?alt=json");
  EXPECT_EQ(pool.host.held.reads, 0);
}

TEST(NativeResource, OfACredentialThatThePoolHasntGotIsRefusedWithoutACall) {
  NativePool pool({.users = 1});
  const auto reply = pool.resource("GET", "files/abc");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("RESOURCE_NOT_SERVED"), std::string::npos);
  EXPECT_NE(reply.body.find("`files` needs a credential of the Gemini API, such as an API key,"),
            std::string::npos);
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NativeResource, OfVertexAiThatThePoolHasntGotIsToldInItsName) {
  NativePool pool({.keys = 1});
  auto request = pool.asking("GET", "cachedContents/abc");
  request.native.backend = google::Backend::Vertex;
  const auto reply = pool.serve(std::move(request));
  EXPECT_NE(reply.body.find("`cachedContents` needs a credential of Vertex AI with a project, such "
                            "as a service account,"),
            std::string::npos);
}

TEST(NativeResource, IsMadeForTheModelBehindAnAlias) {
  const credentials::Environment aliases{
      {"MODEL_ALIASES", R"({"fast":"gemini-3.8-flash","claude-*":"gemini-3.8-pro"})"}};
  const std::tuple<const char*, std::string, std::string> all[] = {
      {"interactions", R"({"input":"x", "model":"fast"})",
       R"({"input":"x", "model":"gemini-3.8-flash"})"},
      {"interactions", R"({"model":"claude-opus","input":"fast"})",
       R"({"model":"gemini-3.8-pro","input":"fast"})"},
      {"cachedContents", R"({"model":"models/fast","contents":[]})",
       R"({"model":"models/gemini-3.8-flash","contents":[]})"},
      {"openai/chat/completions", R"({"model":"fast"})", R"({"model":"gemini-3.8-flash"})"},
  };
  for (const auto& [path, asked, sent] : all) {
    NativePool pool({.keys = 1}, aliases);
    answerAll(pool, "{}");
    EXPECT_EQ(pool.serve(pool.asking("POST", path, "", asked)).head->status, 200) << path;
    EXPECT_EQ(pool.sentBody(), sent);
  }
}

TEST(NativeResource, ThatNamesNoAliasGoesAsItIs) {
  NativePool pool({.keys = 1}, {{"MODEL_ALIASES", R"({"fast":"gemini-3.8-flash"})"}});
  answerAll(pool, "{}");
  pool.serve(
      pool.asking("POST", "interactions", "", R"({"model":"gemini-4-neon","input":"fast"})"));
  EXPECT_EQ(pool.sent().source, http::Request::BodySource::Held);
  EXPECT_EQ(pool.host.held.reads, 0);
}

TEST(NativeResource, IsToldWhereTheBytesOfAnUploadGo) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return inJson("{}",
                  {{"x-goog-upload-url",
                    "https://generativelanguage.googleapis.com/upload/v1beta/files?key=secret&"
                    "upload_id=1&upload_protocol=resumable"},
                   {"x-goog-upload-status", "active"},
                   {"x-goog-upload-chunk-granularity", "262144"}});
  };
  auto request = pool.asking("POST", "files", "", "{}");
  request.native.way = NativeCall::Way::Upload;
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(header(reply, "x-goog-upload-url"),
            "https://rondo.example/upload/v1beta/files?upload_id=1&upload_protocol=resumable");
  EXPECT_EQ(header(reply, "x-goog-upload-status"), "active");
  EXPECT_EQ(header(reply, "x-goog-upload-chunk-granularity"), "262144");
}

TEST(NativeResource, OfGooglesOwnOpenAiDialectGetsItsKeyAsOpenAisClientsSendIt) {
  NativePool pool({.keys = 1});
  pool.host.fetcher.handler = [](const http::Request&) { return inJson("{}"); };
  pool.serve(pool.asking("POST", "openai/chat/completions", "", "{}"));
  EXPECT_EQ(pool.sent().headers.get("authorization"), "Bearer key-k1");
  EXPECT_EQ(pool.sent().url,
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions");
  EXPECT_EQ(pool.sent().headers.get("x-goog-api-key"), std::nullopt);
}

TEST(NativeResource, OfGooglesOwnOpenAiDialectKeepsItsIdsBesideAnotherBackEnd) {
  NativePool pool({.users = 1, .keys = 1});
  pool.host.fetcher.handler = [](const http::Request&) { return inJson(R"({"id":"batch_1"})"); };
  EXPECT_EQ(pool.resource("GET", "openai/batches").body, R"({"id":"batch_1"})");
}

TEST(NativeResource, OfGooglesOwnOpenAiDialectNeedsOneCredentialAloneWhereItIsKept) {
  NativePool pool({.keys = 2});
  for (const auto* path : {"openai/batches", "openai/batches/b", "openai/files", "openai/videos"}) {
    const auto reply = pool.serve(pool.asking("POST", path, "", "{}"));
    EXPECT_EQ(reply.head->status, 400) << path;
    EXPECT_NE(reply.body.find("RESOURCE_NOT_SERVED"), std::string::npos) << path;
  }
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NativeResource, OfGooglesOwnOpenAiDialectGoesThroughThePoolWhereNothingIsKept) {
  NativePool pool({.keys = 2});
  std::vector<std::string> asked;
  pool.answers = [&asked](const std::string&, const http::Request& request) {
    asked.emplace_back(request.headers.get("authorization").value_or(""));
    return asked.back() == "Bearer key-k1" ? minuteSpent() : inJson(R"({"id":"x"})");
  };
  const std::string chat = R"({"model":"gemini-3.8-flash","messages":[]})";
  for (int i = 0; i < 2; ++i) {
    const auto reply = pool.serve(pool.asking("POST", "openai/chat/completions", "", chat));
    EXPECT_EQ(reply.body, R"({"id":"x"})");
  }
  EXPECT_EQ(asked, (std::vector<std::string>{"Bearer key-k1", "Bearer key-k2", "Bearer key-k2"}));
  EXPECT_TRUE(pool.sent().url.ends_with("/v1beta/openai/chat/completions"));
  for (const auto* path : {"openai/models", "openai/models/gemini-3.8-flash"}) {
    EXPECT_EQ(pool.serve(pool.asking("GET", path)).head->status, 200) << path;
  }
  EXPECT_EQ(pool.serve(pool.asking("POST", "openai/embeddings", "", chat)).head->status, 200);
}

TEST(NativeResource, WithTextsThatWouldSpendAMinuteByThemselvesCoolsNobody) {
  const std::string body =
      R"({"model":"gemini-3.8-flash","input":")" + std::string(400, 'a') + R"("})";
  for (const auto* path : {"openai/chat/completions", "interactions"}) {
    NativePool pool({.keys = 1});
    pool.answers = [](const std::string&, const http::Request&) {
      return fake::answer(
          429,
          R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota.","details":[)"
          R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":)"
          R"("InputTokensPerModelPerMinute","quotaValue":"100",)"
          R"("quotaDimensions":{"model":"gemini-3.8-flash"}}]}]}})");
    };
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(pool.serve(pool.asking("POST", path, "", body)).head->status, 429) << path;
    }
    EXPECT_EQ(pool.callees.size(), 2U) << path;
    EXPECT_EQ(pool.call("generateContent", "{}").head->status, 429) << path;
    EXPECT_EQ(pool.callees.size(), 3U) << path;
  }
}

TEST(NativeResource, OfVertexAisOpenAiDialectGoesThroughThePoolAsWell) {
  NativePool pool({.users = 2});
  pool.answers = [](const std::string&, const http::Request&) { return inJson("{}"); };
  for (int i = 0; i < 2; ++i) {
    auto request = pool.asking("POST", "endpoints/openapi/chat/completions", "", "{}");
    request.native.backend = google::Backend::Vertex;
    EXPECT_EQ(pool.serve(std::move(request)).head->status, 200);
  }
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"u1", "u2"}));
}

// --- Who may have it -----------------------------------------------------------------------------

TEST(NativeResource, IsNotForAClientThatMayNotNameStoredContent) {
  NativePool pool({.keys = 1});
  for (const auto* path : {"files", "files/abc", "cachedContents", "cachedContents/x",
                           "interactions/x", "interactions/x/cancel", "openai/files/x",
                           "openai/batches", "openai/videos/v", "openai/Files/x"}) {
    auto request = pool.asking("GET", path);
    request.client.stored = Client::Stored::Denied;
    const auto reply = pool.serve(std::move(request));
    EXPECT_EQ(reply.head->status, 403) << path;
    EXPECT_EQ(statusWord(reply), "PERMISSION_DENIED") << path;
  }
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NativeResource, GoesOnFromNoInteractionForSuchAClient) {
  NativePool pool({.keys = 1});
  answerAll(pool, "{}");
  const auto statusOf = [&pool](const std::string& body) {
    auto request = pool.asking("POST", "interactions", "", body);
    request.client.stored = Client::Stored::Denied;
    return pool.serve(std::move(request)).head->status;
  };
  EXPECT_EQ(statusOf(R"({"input":"Hello","previous_interaction_id":"v1_x"})"), 403);
  EXPECT_EQ(statusOf(R"({"input":"Hello","previousInteractionId":"v1_x"})"), 403);
  EXPECT_EQ(statusOf(R"({"input":[{"interaction_id":"v1_x"}]})"), 403);
  EXPECT_TRUE(pool.callees.empty());
  EXPECT_EQ(statusOf(R"({"input":"Hello","previous_interaction_id":""})"), 200);
}

TEST(NativeResource, NamesNoFilesForSuchAClientInAnInteraction) {
  NativePool pool({.keys = 2});
  answerAll(pool, "{}");
  for (const auto& uri : {std::string("files/abc"), "files/" + markedBy("k1", "abc")}) {
    auto request = pool.asking("POST", "interactions", "",
                               R"({"input":[{"type":"image","uri":")" + uri + R"("}]})");
    request.client.stored = Client::Stored::Denied;
    EXPECT_EQ(pool.serve(std::move(request)).head->status, 403) << uri;
  }
  EXPECT_TRUE(pool.callees.empty());
  auto request = pool.asking("POST", "interactions", "", R"({"input":"Hello"})");
  request.client.stored = Client::Stored::Denied;
  EXPECT_EQ(pool.serve(std::move(request)).head->status, 200);
}

TEST(NativeResource, NamesNothingStoredForSuchAClientInOpenAisDialect) {
  const auto part = [](const std::string& words) {
    return R"({"model":"g","messages":[{"role":"user","content":[)" + words + "]}]}";
  };
  const std::string bodies[] = {
      part(R"({"type":"image_url","image_url":{"url":)"
           R"("https://generativelanguage.googleapis.com/v1beta/files/abc"}})"),
      part(R"({"type":"image_url","image_url":{"url":"gs://theirs/a.png"}})"),
      part(R"({"type":"file","file":{"file_id":"files/abc"}})"),
      R"({"model":"g","extra_body":{"google":{"cached_content":"cachedContents/a"}}})",
      R"({"model":"g","extra_body":{"google":{"tools":[{"x":"corpora/a"}]}}})"};
  for (const auto backend : {google::Backend::Gemini, google::Backend::Vertex}) {
    const bool isVertex = backend == google::Backend::Vertex;
    NativePool pool({.users = isVertex ? 1 : 0, .keys = isVertex ? 0 : 1});
    pool.host.fetcher.handler = [inner = pool.host.fetcher.handler](const http::Request& request) {
      return request.url.ends_with("/token") ? inner(request) : inJson("{}");
    };
    const auto statusOf = [&](const std::string& body, Client::Stored stored) {
      auto request = pool.asking(
          "POST", isVertex ? "endpoints/openapi/chat/completions" : "openai/chat/completions", "",
          body);
      request.native.backend = backend;
      request.client.stored = stored;
      return pool.serve(std::move(request)).head->status;
    };
    for (const auto& body : bodies) {
      EXPECT_EQ(statusOf(body, Client::Stored::Denied), 403) << body;
      EXPECT_EQ(statusOf(body, Client::Stored::Allowed), 200) << body;
    }
    const auto inlined = part(R"({"image_url":{"url":"data:image/png;base64,AAAA"}})");
    EXPECT_EQ(statusOf(inlined, Client::Stored::Denied), 200);
  }
}

TEST(NativeResource, IsOfFilesAloneForAClientThatIsHeldToModels) {
  NativePool pool({.keys = 1});
  answerAll(pool, "{}");
  for (const auto& [path, status] : {std::pair{"files", 200}, std::pair{"cachedContents", 403},
                                     std::pair{"interactions/a", 403}}) {
    auto request = pool.asking("GET", path);
    request.client.models = {"gemini-*"};
    EXPECT_EQ(pool.serve(std::move(request)).head->status, status) << path;
  }
}

// --- Attempts ------------------------------------------------------------------------------------

TEST(NativeResource, IsMadeOnceWhereItMayHaveBeenMade) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(503, "UNAVAILABLE", "Overloaded.");
  };
  pool.serve(pool.asking("POST", "cachedContents", "", "{}"));
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeResource, IsMadeElsewhereWhereItWasTurnedDown) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string& key, const http::Request&) {
    return key == "k1" ? minuteSpent() : inJson(R"({"name":"cachedContents/x"})");
  };
  const auto reply = pool.serve(pool.asking("POST", "cachedContents", "", "{}"));
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2"}));
  EXPECT_EQ(reply.body, R"({"name":"cachedContents/)" + markedBy("k2", "x") + R"("})");
}

TEST(NativeResource, OfOneClientIsMadeWhereItsFilesLie) {
  NativePool pool({.keys = 4});
  answerAll(pool, R"({"name":"cachedContents/x"})");
  std::set<std::string> all;
  for (int i = 0; i < 12; ++i) {
    const auto make = [&](std::string path) {
      auto request = pool.asking("POST", std::move(path), "", "{}");
      request.client.name = "client-" + std::to_string(i);
      if (request.native.path == "files") request.native.way = NativeCall::Way::Upload;
      pool.serve(std::move(request));
      return pool.callees.back();
    };
    const auto first = make("cachedContents");
    EXPECT_EQ(make("cachedContents"), first);
    EXPECT_EQ(make("files"), first);
    all.insert(first);
  }
  EXPECT_GT(all.size(), 1U);
}

TEST(NativeResource, OfVertexIsMadeForTheModelOfWhoeverMakesIt) {
  const std::string full =
      "projects/project-u1/locations/global/publishers/google/models/gemini-3.8-flash";
  for (const std::string name :
       {"projects/any/locations/any/publishers/google/models/gemini-3.8-flash",
        "publishers/google/models/gemini-3.8-flash", "models/gemini-3.8-flash",
        "gemini-3.8-flash"}) {
    NativePool pool({.users = 1});
    answerAll(pool, "{}");
    auto request = pool.asking("POST", "cachedContents", "", R"({"model":")" + name + R"("})");
    request.native.backend = google::Backend::Vertex;
    EXPECT_EQ(pool.serve(std::move(request)).head->status, 200) << name;
    EXPECT_EQ(pool.sentBody(), R"({"model":")" + full + R"("})") << name;
  }
  for (const std::string& name : {std::string("projects/p/locations/l/endpoints/7"), full}) {
    NativePool pool({.users = 1});
    answerAll(pool, "{}");
    auto request = pool.asking("POST", "cachedContents", "", R"({"model":")" + name + R"("})");
    request.native.backend = google::Backend::Vertex;
    pool.serve(std::move(request));
    EXPECT_EQ(pool.sentBody(), R"({"model":")" + name + R"("})");
  }
}

TEST(NativeResource, OfWhichTheBodyHasBeenSentOnIsNotMadeElsewhere) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) { return minuteSpent(); };
  auto request = pool.asking("POST", "cachedContents", "", "{}");
  request.native.body = NativeCall::Body::Piped;
  EXPECT_EQ(pool.serve(std::move(request)).head->status, 503);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeResource, ThatIsOnlyLookedAtIsAskedForElsewhereAfterAFault) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string& key, const http::Request&) {
    return key == "k1" ? refusal(503, "UNAVAILABLE", "Overloaded.") : inJson("{}");
  };
  EXPECT_EQ(pool.resource("GET", "interactions").head->status, 200);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2"}));
}

TEST(NativeResource, OfACredentialThatIsRefusedIsAskedForElsewhere) {
  for (const auto& lost :
       {refusal(401, "UNAUTHENTICATED", "Who?"), minuteSpent(), dayIsSpent(), apiIsOff()}) {
    NativePool pool({.keys = 2});
    pool.answers = [&lost](const std::string& key, const http::Request&) {
      return key == "k1" ? lost : inJson("{}");
    };
    EXPECT_EQ(pool.serve(pool.asking("POST", "cachedContents", "", "{}")).head->status, 200)
        << lost.chunks[0];
    EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2"}));
  }
}

fake::Answer modelIsMissing() {
  return refusal(
      404, "NOT_FOUND",
      "models/gemini-4-neon is not found for API version v1beta, or is not supported for "
      "createInteraction.");
}

fake::Answer modelIsRetired() {
  return refusal(404, "NOT_FOUND",
                 "This model models/gemini-4-neon is no longer available to new users. Please "
                 "update your code to use a newer model.");
}

fake::Answer isDenied() {
  return refusal(403, "PERMISSION_DENIED", "The caller does not have permission");
}

TEST(NativeResource, OfAModelThatACredentialLacksIsMadeElsewhere) {
  for (const auto& lost : {modelIsMissing(), modelIsRetired(), isDenied()}) {
    NativePool pool({.keys = 2});
    pool.answers = [&lost](const std::string& key, const http::Request&) {
      return key == "k1" ? lost : inJson("{}");
    };
    for (int time = 0; time < 3; ++time) {
      EXPECT_EQ(pool.serve(pool.asking("POST", "interactions", "", R"({"model":"gemini-4-neon"})"))
                    .head->status,
                200);
    }
    // Nothing of it is held against the first one.
    EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k1", "k2", "k1", "k2"}));
  }
}

TEST(NativeResource, ThatTwoCredentialsAreDeniedIsToldInGooglesWords) {
  for (const auto& lost : {modelIsMissing(), isDenied()}) {
    NativePool pool({.keys = 3});
    pool.answers = [&lost](const std::string&, const http::Request&) { return lost; };
    const auto reply = pool.serve(pool.asking("POST", "interactions", "", R"({"model":"g"})"));
    EXPECT_EQ(reply.head->status, lost.status);
    EXPECT_EQ(reply.body, lost.chunks[0]);
    EXPECT_EQ(pool.callees.size(), 2U);
  }
}

TEST(NativeResource, ThatOneCredentialIsDeniedIsNotToldWhereAnotherOneOnlyCools) {
  for (const std::string spent : {"k1", "k2"}) {
    NativePool pool({.keys = 2});
    pool.answers = [&](const std::string& key, const http::Request&) {
      return key == spent ? minuteSpent() : isDenied();
    };
    const auto reply = pool.serve(pool.asking("POST", "interactions", "", R"({"model":"g"})"));
    EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2"})) << spent;
    EXPECT_EQ(reply.head->status, 429) << spent;
  }
}

TEST(NativeResource, ThatTheOnlyCredentialIsDeniedIsToldInGooglesWords) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) { return modelIsMissing(); };
  const auto ask = [&pool] {
    return pool.serve(pool.asking("POST", "interactions", "", R"({"model":"gemini-4-neon"})"));
  };
  EXPECT_EQ(ask().body, modelIsMissing().chunks[0]);
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(403, "<html>Forbidden</html>");
  };
  EXPECT_EQ(ask().head->status, 403);
}

TEST(NativeResource, OfWhichTheBodyHasBeenSentOnIsNotMadeElsewhereThoughItIsDenied) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) { return modelIsMissing(); };
  auto request = pool.asking("POST", "interactions", "", R"({"model":"gemini-4-neon"})");
  request.native.body = NativeCall::Body::Piped;
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeResource, ThatIsOfNothingThereIsMadeOnce) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(404, "NOT_FOUND", "Requested entity was not found.");
  };
  pool.serve(pool.asking("POST", "interactions", "", R"({"previous_interaction_id":"v1_a"})"));
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeResource, ThatGoogleHasntGotIsAskedForOnce) {
  const auto missing = refusal(404, "NOT_FOUND", "Requested entity was not found.");
  NativePool pool({.keys = 2});
  pool.answers = [&](const std::string&, const http::Request&) { return missing; };
  const auto reply = pool.resource("GET", "interactions");
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(reply.body, missing.chunks[0]);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NativeResource, OfVertexsOpenAiDialectNeedsOneCredentialAloneForOtherThanChats) {
  NativePool pool({.users = 2});
  auto request = pool.asking("POST", "endpoints/openapi/jobs", "", "{}");
  request.native.backend = google::Backend::Vertex;
  EXPECT_TRUE(pool.serve(std::move(request)).body.contains("RESOURCE_NOT_SERVED"));
}

TEST(NativeResource, IsForNobodyWhereStoredContentIsNot) {
  NativePool pool({.keys = 1}, {{"STORED_CONTENT", "off"}});
  EXPECT_EQ(pool.resource("GET", "files").head->status, 403);
}

TEST(NativeResource, IsNotForACredentialThatIsHeldToModels) {
  NativePool pool({}, {{"GCP_SERVICE_ACCOUNT_1",
                        R"({"type":"api_key","api_key":"key-k1","models":["gemini-*"]})"}});
  EXPECT_TRUE(pool.resource("GET", "files").body.contains("RESOURCE_NOT_SERVED"));
}

TEST(NativeResource, InABodyThatIsSentOnMayNameNothingForAClientThatMayNot) {
  NativePool pool({.keys = 1});
  answerAll(pool, "{}");
  auto request = pool.asking("POST", "interactions");
  request.native.body = NativeCall::Body::Piped;
  request.client.stored = Client::Stored::Denied;
  pool.host.held.gone = true;
  EXPECT_NE(pool.serve(std::move(request)).head->status, 200);
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NativeResource, HasABodyWhereItsMethodHasOne) {
  NativePool pool({.keys = 1});
  answerAll(pool, "{}");
  for (const auto& [method, source] : {std::pair{"POST", http::Request::BodySource::Held},
                                       std::pair{"PATCH", http::Request::BodySource::Held},
                                       std::pair{"GET", http::Request::BodySource::Own},
                                       std::pair{"DELETE", http::Request::BodySource::Own}}) {
    pool.resource(method, "cachedContents/x");
    EXPECT_EQ(pool.sent().method, method);
    EXPECT_EQ(pool.sent().source, source) << method;
  }
}

TEST(NativeResource, SendsTheFieldsThatItIsTold) {
  NativePool pool({.keys = 1});
  answerAll(pool, "{}");
  auto request = pool.asking("POST", "cachedContents", "", "{}");
  request.native.fields.set("x-goog-upload-command", "start");
  pool.serve(std::move(request));
  EXPECT_EQ(pool.sent().headers.get("x-goog-upload-command"), "start");
}

TEST(NativeResource, AnswersWithGooglesStatus) {
  for (const int keys : {1, 2}) {
    NativePool pool({.keys = keys});
    pool.answers = [](const std::string&, const http::Request&) {
      auto answer = inJson("{}");
      answer.status = 202;
      return answer;
    };
    EXPECT_EQ(pool.resource("GET", "interactions").head->status, 202);
  }
}

TEST(NativeResource, BlotsOutWhatGooglesWordsTellOfTheCredential) {
  NativePool pool({.keys = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(400, "INVALID_ARGUMENT", "No, you@example.com.");
  };
  const auto reply = pool.resource("GET", "interactions");
  EXPECT_TRUE(reply.body.contains("No, ")) << reply.body;
  EXPECT_FALSE(reply.body.contains("you@example.com"));
}

TEST(NativeResource, ThatGoogleRefusesIsToldInItsWords) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return refusal(400, "INVALID_ARGUMENT", "model is required");
  };
  const auto reply = pool.serve(pool.asking("POST", "cachedContents", "", "{}"));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(reply.body, refusal(400, "INVALID_ARGUMENT", "model is required").chunks[0]);
}

// --- Names that carry the credential -------------------------------------------------------------

TEST(NamesOfResources, CarryTheCredentialWhereThereAreSeveral) {
  for (const PoolSize size : {PoolSize{.keys = 2}, PoolSize{.users = 1, .keys = 1}}) {
    NativePool pool(size);
    answerAll(pool, R"({"file":)" + std::string(kFile) + "}");
    const auto reply = pool.serve(pool.asking("POST", "files", "", "{}"));
    const auto id = markedBy("k1", "abc");
    EXPECT_EQ(reply.body,
              R"({"file":{"name":"files/)" + id +
                  R"(","uri":"https://generativelanguage.googleapis.com/v1beta/files/)" + id +
                  R"("}})");
    EXPECT_EQ(header(reply, "content-type"), "application/json; charset=UTF-8");
  }
}

TEST(NamesOfResources, LeadToTheirCredential) {
  NativePool pool({.keys = 3});
  answerAll(pool, std::string(kFile));
  for (const auto* method : {"GET", "DELETE", "PATCH", "GET"}) {
    const auto reply = pool.resource(method, "files/" + markedBy("k2", "abc"));
    EXPECT_EQ(header(reply, "x-rondo-credential"), "k2");
    EXPECT_EQ(pool.sent().url, "https://generativelanguage.googleapis.com/v1beta/files/abc");
    EXPECT_EQ(document(reply)["name"], "files/" + markedBy("k2", "abc"));
  }
}

TEST(NamesOfResources, MayHaveAVerbBehindThem) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    fake::Answer answer = fake::answer(200, "bytes");
    answer.headers = {{"content-type", "video/mp4"}};
    return answer;
  };
  const auto reply =
      pool.resource("GET", "files/" + markedBy("k2", "abc") + ":download", "alt=media");
  EXPECT_TRUE(pool.sent().url.ends_with("/v1beta/files/abc:download?alt=media"));
  EXPECT_EQ(reply.passed, "bytes");
}

TEST(NamesOfResources, StillLeadThereWhenNoOtherIsLeft) {
  NativePool pool({.keys = 1});
  answerAll(pool, std::string(kFile));
  pool.resource("GET", "files/" + markedBy("k1", "abc"));
  EXPECT_TRUE(pool.sent().url.ends_with("/v1beta/files/abc"));
}

TEST(NamesOfResources, ThatTellOfNoCredentialAreNotFound) {
  NativePool pool({.users = 1, .keys = 2});
  const auto user = credentials::credentialId(credentials::CredentialKind::AuthorizedUser,
                                              {"client", "refresh-u1"});
  for (const auto& id :
       {std::string("abc"), writeMarkedId("0123456789abcdef", "abc"), markedBy("k1", ".."),
        markedBy("k1", ""), markedBy("k1", "%2e%2e"), writeMarkedId(user, "abc")}) {
    const auto reply = pool.resource("GET", "files/" + id);
    EXPECT_EQ(reply.head->status, 404) << id;
    EXPECT_EQ(statusWord(reply), "NOT_FOUND") << id;
  }
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NamesOfResources, OfVertexKeepTheirProjectAndLocation) {
  NativePool pool({.users = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return inJson(R"({"name":"projects/12/locations/global/cachedContents/345"})");
  };
  auto request = pool.asking("POST", "cachedContents", "", "{}");
  request.native.backend = google::Backend::Vertex;
  const auto made = pool.serve(std::move(request));
  const auto told = document(made);
  const std::string name(json::findString(told, "name").value_or(""));
  EXPECT_TRUE(name.starts_with("projects/12/locations/global/cachedContents/rondocredential"));
  const auto maker = pool.callees.back();
  for (int time = 0; time < 2; ++time) {
    const auto asked = pool.call("generateContent", R"({"cachedContent":")" + name + R"("})");
    EXPECT_EQ(header(asked, "x-rondo-credential"), maker);
    EXPECT_EQ(pool.sentBody(),
              R"({"cachedContent":"projects/12/locations/global/cachedContents/345"})");
  }
  auto deleting = pool.asking("DELETE", name.substr(name.find("cachedContents")));
  deleting.native.backend = google::Backend::Vertex;
  pool.serve(std::move(deleting));
  EXPECT_TRUE(pool.sent().url.ends_with("/cachedContents/345"));
  EXPECT_EQ(pool.callees.back(), maker);
}

TEST(NamesOfResources, AreChangedInStreamsToo) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    fake::Answer answer;
    answer.headers = {{"content-type", "text/event-stream"}};
    answer.chunks = {"data: {\"interaction\":{\"i", "d\":\"v1_a\"}}\n", "\ndata: [DONE]\n\n"};
    return answer;
  };
  const auto reply = pool.serve(pool.asking("POST", "interactions", "", R"({"stream":true})"));
  EXPECT_EQ(reply.body, "data: {\"interaction\":{\"id\":\"" + markedBy("k1", "v1_a") +
                            "\"}}\n\ndata: [DONE]\n\n");
  EXPECT_TRUE(reply.ended);
}

TEST(NamesOfResources, InAStreamThatBreaksOffHaveNoEnd) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    fake::Answer answer;
    answer.headers = {{"content-type", "text/event-stream"}};
    answer.chunks = {"data: {}\n\n", "data: {"};
    answer.breaksAfter = 1;
    return answer;
  };
  auto reply = fake::FakeReply(pool.host.loop);
  auto task = pool.gateway->serve(pool.asking("POST", "interactions", "", R"({"stream":true})"),
                                  pool.host.io, reply);
  task.start();
  pool.host.loop.run();
  EXPECT_EQ(reply.body, "data: {}\n\n");
  EXPECT_FALSE(reply.ended);
  EXPECT_EQ(ask(pool, "recent_requests")["requests"][0]["error"], "upstream_incomplete");
}

TEST(NamesOfResources, InAStreamThatEndsWithoutALineEndAreChangedToo) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    fake::Answer answer;
    answer.headers = {{"content-type", "text/event-stream"}};
    answer.chunks = {"data: {\"interaction\":{\"id\":\"v1_a\"}}"};
    return answer;
  };
  const auto reply = pool.serve(pool.asking("POST", "interactions", "", R"({"stream":true})"));
  EXPECT_EQ(reply.body, "data: {\"interaction\":{\"id\":\"" + markedBy("k1", "v1_a") + "\"}}");
}

TEST(NamesOfResources, InAnAnswerThatIsTooLongAreNotToldAtAll) {
  NativePool pool({.keys = 2});
  answerAll(pool, std::string(17 * 1024 * 1024, ' '));
  const auto reply = pool.resource("GET", "interactions/" + markedBy("k1", "v1_a"));
  EXPECT_NE(reply.body.find("UPSTREAM_ANSWER_TOO_LARGE"), std::string::npos);
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST(NamesOfResources, InABodyLeadToTheirCredential) {
  NativePool pool({.keys = 3});
  answerAll(pool, R"({"name":"cachedContents/x"})");
  const std::string body = R"({"contents":[{"parts":[{"fileData":{"fileUri":"files/)";
  for (const auto* verb : {"generateContent", "streamGenerateContent", "countTokens"}) {
    pool.call(verb, body + markedBy("k3", "abc") + R"("}}]}]})");
    EXPECT_EQ(pool.callees.back(), "k3");
    EXPECT_EQ(pool.sentBody(), body + R"(abc"}}]}]})");
  }
  const auto cache = pool.serve(
      pool.asking("POST", "cachedContents", "", body + markedBy("k3", "abc") + R"("}}]}]})"));
  EXPECT_EQ(pool.sentBody(), body + R"(abc"}}]}]})");
  EXPECT_EQ(document(cache)["name"], "cachedContents/" + markedBy("k3", "x"));
}

TEST(NamesOfResources, LeadToTheirCredentialInOpenAisDialectToo) {
  NativePool pool({.users = 1, .keys = 1});
  pool.host.fetcher.handler = [](const http::Request&) { return inJson("{}"); };
  const auto bodyWith = [](const std::string& id) {
    return R"({"messages":[{"content":[{"image_url":{"url":)"
           R"("https://generativelanguage.googleapis.com/v1beta/files/)" +
           id + R"("}},{"file":{"file_id":"files/)" + id + R"("}}]}]})";
  };
  const auto reply = pool.serve(
      pool.asking("POST", "openai/chat/completions", "", bodyWith(markedBy("k1", "abc"))));
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(pool.sentBody(), bodyWith("abc"));
}

TEST(NamesOfResources, OfSomebodyElseArePassedByInAnAnswer) {
  NativePool pool({.keys = 2});
  const std::string told =
      R"({"steps":[{"content":[{"type":"document","uri":"https://example.com/files/a.pdf"}]},)"
      R"({"type":"function_result","result":{"name":"files/readme"}}]})";
  answerAll(pool, told);
  EXPECT_EQ(pool.resource("GET", "interactions/" + markedBy("k2", "v1_a")).body, told);
}

TEST(NamesOfResources, OfTwoCredentialsInOneRequestAreRefused) {
  NativePool pool({.keys = 2});
  const auto reply =
      pool.call("generateContent", R"({"cachedContent":"cachedContents/)" + markedBy("k1", "x") +
                                       R"(","contents":[{"parts":[{"fileData":{"fileUri":"files/)" +
                                       markedBy("k2", "abc") + R"("}}]}]})");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(statusWord(reply), "INVALID_ARGUMENT");
  EXPECT_NE(reply.body.find("FILES_OF_TWO_CREDENTIALS"), std::string::npos);
  const auto other =
      pool.serve(pool.asking("POST", "interactions/" + markedBy("k1", "a") + "/cancel", "",
                             R"({"previous_interaction_id":")" + markedBy("k2", "b") + R"("})"));
  EXPECT_EQ(other.head->status, 400);
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NamesOfResources, InABodyThatTellOfNoCredentialAreNotFound) {
  NativePool pool({.keys = 2});
  const auto reply =
      pool.call("generateContent", R"({"cachedContent":"cachedContents/)" +
                                       writeMarkedId("0123456789abcdef", "x") + R"("})");
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_TRUE(pool.callees.empty());
}

TEST(NamesOfResources, OfWhichSeveralAreWrongTellTheFirst) {
  NativePool pool({.keys = 1});
  const auto first = writeMarkedId("0123456789abcdef", "x");
  const auto second = writeMarkedId("fedcba9876543210", "y");
  const auto reply = pool.call("generateContent", R"({"cachedContent":"cachedContents/)" + first +
                                                      R"(","fileUri":"files/)" + second + R"("})");
  EXPECT_TRUE(reply.body.contains("0123456789abcdef")) << reply.body;
}

TEST(NamesOfResources, ThatAreNotFoundAreToldInAHundredBytes) {
  NativePool pool({.keys = 2});
  const auto reply = pool.resource("GET", "files/" + std::string(400, 'x'));
  EXPECT_TRUE(reply.body.contains("`files/" + std::string(94, 'x') + "` is not found"));
}

TEST(NamesOfResources, OfAModelsVerbAreNotForACredentialWithoutIt) {
  NativePool pool({.users = 1, .keys = 1});
  const auto reply = pool.call(
      "computeTokens", R"({"cachedContent":"cachedContents/)" + markedBy("k1", "x") + R"("})");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("METHOD_NOT_SUPPORTED"), std::string::npos);
}

TEST(NamesOfResources, InATextAreLeftAlone) {
  NativePool pool({.keys = 2});
  const std::string body =
      R"({"contents":[{"parts":[{"text":"files/)" + markedBy("k2", "abc") + R"("}]}]})";
  pool.call("generateContent", body);
  EXPECT_EQ(pool.sent().source, http::Request::BodySource::Held);
  EXPECT_EQ(pool.callees.back(), "k1");
}

TEST(NamesOfResources, AreNotLookedForInABodyWithoutTheMark) {
  NativePool pool({.keys = 2});
  pool.call("generateContent", R"({"cachedContent":"cachedContents/x"})");
  EXPECT_EQ(pool.host.held.reads, 0);
}

TEST(NamesOfResources, AreNotLookedForInABodyThatIsSentOn) {
  NativePool pool({.keys = 2});
  auto request = pool.calling(
      "generateContent", R"({"cachedContent":"cachedContents/)" + markedBy("k2", "x") + R"("})");
  request.native.body = NativeCall::Body::Piped;
  pool.serve(std::move(request));
  EXPECT_EQ(pool.host.held.reads, 0);
  EXPECT_EQ(pool.sent().source, http::Request::BodySource::Held);
}

TEST(NamesOfResources, CountAsGoogleKnowsThemForStoredContent) {
  NativePool pool({.keys = 2}, {{"STORED_CONTENT", "cachedContents/x"}});
  EXPECT_EQ(pool.call("generateContent",
                      R"({"cachedContent":"cachedContents/)" + markedBy("k2", "x") + R"("})")
                .head->status,
            200);
  EXPECT_EQ(pool.call("generateContent",
                      R"({"cachedContent":"cachedContents/)" + markedBy("k2", "y") + R"("})")
                .head->status,
            403);
}

TEST(NamesOfResources, TakeTwiceTheBodyAsLongAsItGoesOut) {
  NativePool pool({.keys = 2});
  const std::string body = R"({"cachedContent":"cachedContents/)" + markedBy("k2", "x") + R"("})";
  const std::string text = R"({"text":")" + markedBy("k2", "x") + R"("})";
  std::size_t held = 0;
  pool.answers = [&](const std::string&, const http::Request&) {
    held = pool.host.holdings.held;
    return inJson("{}");
  };
  pool.call("generateContent", body);
  EXPECT_GE(held, 2 * body.size());
  EXPECT_LT(held, 3 * body.size());
  pool.call("generateContent", text);
  EXPECT_LT(held, 2 * text.size());
}

TEST(NamesOfResources, TakeRoomOfTheIsolatesMemory) {
  NativePool pool({.keys = 2});
  const std::string body = R"({"cachedContent":"cachedContents/)" + markedBy("k2", "x") + R"("})";
  pool.host.holdings.room = 2 * body.size();
  const auto reply = pool.call("generateContent", body);
  EXPECT_NE(reply.body.find("OVERLOADED"), std::string::npos);
  EXPECT_TRUE(pool.callees.empty());
}

// --- Uploads -------------------------------------------------------------------------------------

TEST(Uploads, AreEndedWhereTheyBegan) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return inJson("{}", {{"x-goog-upload-url", "https://g/upload/v1beta/files?upload_id=1"}});
  };
  auto begin = pool.asking("POST", "files", "", "{}");
  begin.native.way = NativeCall::Way::Upload;
  const auto begun = pool.serve(std::move(begin));
  const auto url = header(begun, "x-goog-upload-url");
  EXPECT_EQ(url, "https://rondo.example/upload/v1beta/files?upload_id=1&x-rondo-credential=" +
                     idOfKey("k1"));
  answerAll(pool, R"({"file":{"name":"files/abc"}})");
  for (int time = 0; time < 2; ++time) {
    auto bytes = pool.asking("POST", "files", url.substr(url.find('?') + 1), "bytes");
    bytes.native.way = NativeCall::Way::Upload;
    bytes.native.body = NativeCall::Body::Piped;
    const auto ended = pool.serve(std::move(bytes));
    EXPECT_EQ(header(ended, "x-rondo-credential"), "k1");
    EXPECT_TRUE(pool.sent().url.ends_with("/upload/v1beta/files?upload_id=1"));
    EXPECT_EQ(document(ended)["file"]["name"], "files/" + markedBy("k1", "abc"));
  }
}

TEST(Uploads, OfTheOnlyCredentialNeedNotTellWhereTheyBegan) {
  NativePool pool({.keys = 1});
  answerAll(pool, "{}");
  auto bytes = pool.asking("POST", "files", "upload_id=1", "bytes");
  bytes.native.way = NativeCall::Way::Upload;
  EXPECT_EQ(pool.serve(std::move(bytes)).head->status, 200);
}

TEST(Uploads, ToAnAddressWithoutAQueryTellTheirCredentialInOne) {
  NativePool pool({.keys = 2});
  pool.answers = [](const std::string&, const http::Request&) {
    return inJson("{}",
                  {{"x-goog-upload-url", "https://g/upload/v1beta/files?key=k&access_token=t"}});
  };
  auto begin = pool.asking("POST", "files", "", "{}");
  begin.native.way = NativeCall::Way::Upload;
  EXPECT_EQ(header(pool.serve(std::move(begin)), "x-goog-upload-url"),
            "https://rondo.example/upload/v1beta/files?x-rondo-credential=" + idOfKey("k1"));
}

// Their bytes are nobody's to look at, and a call that begins one is no list.
TEST(Uploads, AreNotLookedInto) {
  NativePool pool({.keys = 2});
  answerAll(pool, "{}");
  for (const auto* method : {"POST", "GET"}) {
    auto begin =
        pool.asking(method, "files", "", R"({"uri":"files/)" + markedBy("k2", "a") + "\"}");
    begin.native.way = NativeCall::Way::Upload;
    pool.callees.clear();
    pool.serve(std::move(begin));
    EXPECT_EQ(pool.callees.size(), 1U) << method;
    EXPECT_EQ(pool.host.held.reads, 0) << method;
  }
}

TEST(Uploads, ThatTellNotWhereTheyBeganGoNowhere) {
  NativePool pool({.users = 1, .keys = 2});
  const auto user = credentials::credentialId(credentials::CredentialKind::AuthorizedUser,
                                              {"client", "refresh-u1"});
  for (const auto& query :
       {std::string("upload_id=1"), std::string("upload_id=1&x-rondo-credential=0123456789abcdef"),
        std::string("upload_id=1&x-rondo-credential=k1"),
        "upload_id=1&x-rondo-credential=" + user}) {
    auto bytes = pool.asking("POST", "files", query, "bytes");
    bytes.native.way = NativeCall::Way::Upload;
    EXPECT_EQ(pool.serve(std::move(bytes)).head->status, 404) << query;
  }
  EXPECT_TRUE(pool.callees.empty());
}

// --- Lists ---------------------------------------------------------------------------------------

// The files of each key, told by the page; a token is the place of what comes next.
class Lists : public testing::Test {
 protected:
  Lists() {
    pool.answers = [this](const std::string& key, const http::Request& request) {
      return page(files[key], request.url);
    };
  }

  static fake::Answer page(const std::vector<std::string>& all, std::string_view url) {
    const auto number = [url](std::string_view name, std::size_t usual) {
      const auto at = url.find(name);
      return at == std::string_view::npos
                 ? usual
                 : static_cast<std::size_t>(std::stoul(std::string(url.substr(at + name.size()))));
    };
    const std::size_t begin = number("pageToken=", 0);
    const std::size_t end = std::min(all.size(), begin + number("pageSize=", 10));
    if (begin == end) return inJson("{}");
    std::string body = R"({"files":[)";
    for (std::size_t i = begin; i < end; ++i) {
      body.append(i == begin ? "" : ",").append(R"({"name":"files/)").append(all[i]).append("\"}");
    }
    body += "]";
    if (end < all.size()) body += R"(,"nextPageToken":")" + std::to_string(end) + "\"";
    return inJson(body + "}");
  }

  static fake::Answer keyIsWrong() {
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                             R"("API key not valid. Please pass a valid API key.","details":[)"
                             R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
                             R"("API_KEY_INVALID","domain":"googleapis.com"}]}})");
  }

  // The names of all pages, each behind a bar.
  std::string listed(const std::string& query) {
    std::string names;
    std::string token;
    do {
      auto asked = query;
      if (!token.empty()) asked.append(asked.empty() ? "" : "&").append("pageToken=" + token);
      const auto body = document(pool.resource("GET", "files", asked));
      names += '|';
      if (const auto* page = json::findArray(body, "files")) {
        for (const auto& each : *page) names += nameIn(each) + " ";
      }
      token = json::findString(body, "nextPageToken").value_or("");
    } while (!token.empty());
    return names;
  }

  static std::string nameIn(const json::Value& file) {
    const std::string name(json::findString(file, "name").value_or(""));
    const auto marked = readMarkedId(name.substr(6));
    return marked ? marked->id : name;
  }

  std::map<std::string, std::vector<std::string>> files;
  NativePool pool{{.keys = 4}};
};

TEST_F(Lists, TellThoseOfOneCredentialBehindThoseOfAnother) {
  files = {{"k1", {"a", "b", "c"}}, {"k3", {"d", "e"}}};
  EXPECT_EQ(listed(""), "|a b c |d e ");
  EXPECT_EQ(listed("pageSize=2"), "|a b |c |d e ");
  EXPECT_EQ(listed("pageSize=1"), "|a |b |c |d |e ");
}

TEST_F(Lists, HaveNoEmptyPageButAnOnlyOne) {
  EXPECT_EQ(listed(""), "|");
  files = {{"k4", {"a"}}};
  EXPECT_EQ(listed(""), "|a ");
  files = {{"k1", {"a"}}};
  EXPECT_EQ(listed(""), "|a ");
}

TEST_F(Lists, PassOverACredentialThatIsOut) {
  files = {{"k1", {"a"}}, {"k2", {"b"}}, {"k3", {"c"}}};
  pool.answers = [this](const std::string& key, const http::Request& request) {
    return key == "k2" ? keyIsWrong() : page(files[key], request.url);
  };
  pool.resource("GET", "files/" + markedBy("k2", "b"));
  EXPECT_EQ(listed(""), "|a |c ");
}

TEST_F(Lists, BeginBehindACredentialThatIsOut) {
  files = {{"k4", {"b"}}};
  pool.answers = [this](const std::string& key, const http::Request& request) {
    return key == "k4" ? page(files[key], request.url) : keyIsWrong();
  };
  for (const auto* key : {"k1", "k2", "k3"}) pool.resource("GET", "files/" + markedBy(key, "a"));
  pool.callees.clear();
  EXPECT_EQ(listed(""), "|b ");
  EXPECT_EQ(pool.callees, std::vector<std::string>{"k4"});
}

TEST(ListsOfOne, PassByAsTheyAre) {
  NativePool pool({.keys = 1});
  answerAll(pool, R"({ "files":[] })");
  EXPECT_EQ(pool.resource("GET", "files").passed, R"({ "files":[] })");
}

TEST_F(Lists, AreOfACollectionAndOfNothingInIt) {
  pool.resource("GET", "files:register");
  EXPECT_EQ(pool.callees.size(), 1U);
}

TEST_F(Lists, AskNobodyForMoreThanIsTold) {
  files = {{"k1", {"a"}}, {"k3", {"b"}}};
  pool.resource("GET", "files", "pageSize=5");
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k3"}));
  EXPECT_TRUE(pool.sent().url.ends_with("/files?pageSize=1"));
  pool.callees.clear();
  files = {{"k4", {"a"}}};
  pool.resource("GET", "files");
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1", "k2", "k3", "k4"}));
}

TEST_F(Lists, GoOnToACredentialThatCantBeAskedJustThen) {
  files = {{"k1", {"a"}}};
  pool.answers = [this](const std::string& key, const http::Request& request) {
    return key == "k1" ? page(files[key], request.url) : refusal(500, "INTERNAL", "Oh.");
  };
  const auto body = document(pool.resource("GET", "files"));
  EXPECT_EQ(json::findArray(body, "files")->size(), 1U);
  EXPECT_EQ(json::findString(body, "nextPageToken"), markedBy("k2", ""));
}

TEST_F(Lists, MakeNoMoreCallsThanARequestMay) {
  pool.answers = [](const std::string&, const http::Request&) {
    return inJson(R"({"files":[],"nextPageToken":"more"})");
  };
  const auto reply = pool.resource("GET", "files");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_TRUE(reply.body.contains("TOO_MANY_FILES"));
  EXPECT_EQ(pool.callees.size(), 40U);
}

TEST_F(Lists, HaveNoTokenOfGooglesAtTheirEnd) {
  pool.answers = [](const std::string&, const http::Request&) {
    return inJson(R"({"files":[],"nextPageToken":""})");
  };
  EXPECT_FALSE(document(pool.resource("GET", "files")).contains("nextPageToken"));
}

TEST_F(Lists, AreToldOfAsOneRequestWithAllItsCalls) {
  files = {{"k2", {"a"}}};
  pool.resource("GET", "files");
  const auto one = ask(pool, "recent_requests")["requests"][0];
  EXPECT_EQ(one["model"], "files");
  EXPECT_EQ(one["attempts"].size(), 4U);
  EXPECT_TRUE(one["first_byte_ms"].is_number());
}

TEST_F(Lists, AreLoggedWithTheirRequest) {
  pool.answers = [](const std::string& key, const http::Request&) {
    return key == "k2" ? dayIsSpent() : inJson("{}");
  };
  auto request = pool.asking("GET", "files");
  request.id = "r-1";
  pool.serve(std::move(request));
  EXPECT_TRUE(pool.host.logger.contains("credential_cooling request=r-1"));
}

TEST_F(Lists, ThatFailSayWhy) {
  const auto kTooLarge = refusal(400, "INVALID_ARGUMENT", "page_size must be at most 100");
  pool.answers = [&](const std::string&, const http::Request&) { return kTooLarge; };
  const auto reply = pool.resource("GET", "files", "pageSize=1000");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(reply.body, kTooLarge.chunks[0]);
  pool.answers = [](const std::string&, const http::Request&) { return inJson("[]"); };
  EXPECT_NE(pool.resource("GET", "files").body.find("MALFORMED_ANSWER"), std::string::npos);
}

TEST_F(Lists, RefuseATokenThatTheyDidntGive) {
  for (const auto& token : {std::string("2"), writeMarkedId("0123456789abcdef", "2")}) {
    const auto reply = pool.resource("GET", "files", "pageToken=" + token);
    EXPECT_EQ(reply.head->status, 400) << token;
    EXPECT_EQ(statusWord(reply), "INVALID_ARGUMENT") << token;
  }
  EXPECT_TRUE(pool.callees.empty());
}

}  // namespace
}  // namespace rondo::gateway
