#include "gateway/resource_name.h"

#include <gtest/gtest.h>

#include "gateway/marked_id.h"
#include "native/gateway/native_pool.h"
#include "native/gateway/operator_questions.h"

namespace rondo::gateway {
namespace {

fake::Answer inJson(std::string body) {
  fake::Answer answer = fake::answer(200, std::move(body));
  answer.headers = {{"content-type", "application/json"}};
  return answer;
}

fake::Answer cachesAreFull() {
  return fake::answer(429,
                      R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":)"
                      R"("Caches: limit=0, requested=12","details":[{"@type":)"
                      R"("type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":)"
                      R"("TotalCachedContentStorageTokensPerModelFreeTier","quotaDimensions":)"
                      R"({"model":"gemini-3.8-flash"}}]}]}})");
}

const std::string kFlash = R"({"model":"models/gemini-3.8-flash"})";
const std::string kNeon = R"({"model":"gemini-4-neon"})";

// --- Names ---------------------------------------------------------------------------------------

TEST(ModelsOfBodies, StandAtTheirTop) {
  const std::pair<const char*, const char*> bodies[] = {
      {R"({"model":"gemini-4-neon","input":"a"})", "gemini-4-neon"},
      {R"( { "input" : [{"model":"x"},"model"] , "model" : "models\/gemini-4-neon" } )",
       "gemini-4-neon"},
      {R"({"model":"projects/p/locations/l/publishers/google/models/g-1"})", "g-1"},
      {R"({"agent":"deep-research"})", "deep-research"},
      {R"({"text":"say \"model\":","model":"g-2"})", "g-2"},
      {R"({"text":"\\\"","model":"g-4"})", "g-4"},
      {R"({"model":["g-3"],"input":"g-3"})", ""},
      {R"({"input":"model","other":"g-3"})", ""},
      {R"({"config":{"model":"g-3"}})", ""},
      {R"({"model":null,"input":"g-3"})", ""},
      {"no JSON", ""},
      {"", ""},
  };
  for (const auto& [body, model] : bodies) EXPECT_EQ(modelNamedIn(body), model) << body;
}

TEST(ModelsOfBodies, AreToldAsFarAsTheBodyHasCome) {
  EXPECT_EQ(modelNamedIn(R"({"model":"gemini-4-neon","input":"a long)"), "gemini-4-neon");
  EXPECT_EQ(modelNamedIn(R"({"model":"gemini-4-n)"), "");
}

TEST(ModelsOfBodies, AreNoneThatGoogleCouldntHave) {
  for (const auto& model : {std::string("a b"), std::string("a\\nb"), std::string("a<b>"),
                            std::string("\\u00e9"), std::string(65, 'a')}) {
    EXPECT_EQ(modelNamedIn(R"({"model":")" + model + "\"}"), "") << model;
  }
  EXPECT_EQ(modelNamedIn(R"({"model":")" + std::string(64, 'a') + "\"}"), std::string(64, 'a'));
}

// No model has a blank in its name, so that nobody who asks one does anything to these.
TEST(NamesInThePool, TellWhatIsMadeFromWhatIsThere) {
  EXPECT_EQ(targetsOfMaking("files").model.google, "files at Google");
  EXPECT_EQ(targetsOfMaking("interactions", "g-1").model.google, "interactions of g-1 at Google");
  EXPECT_EQ(targetsOfBegun("files").model.google, "files begun at Google");
  EXPECT_EQ(targetsOfKept("files").model.google, "files kept at Google");
}

// --- What a spent quota keeps from whom ----------------------------------------------------------

class SpentQuota : public testing::Test {
 protected:
  // What the pool answers to a call.
  int statusOf(std::string method, std::string path, std::string body = {}) {
    return pool.serve(pool.asking(std::move(method), std::move(path), "", std::move(body)))
        .head->status;
  }

  int upload(std::string query) {
    auto request = pool.asking("POST", "files", std::move(query), "{}");
    request.native.way = NativeCall::Way::Upload;
    return pool.serve(std::move(request)).head->status;
  }

  void answerAll(fake::Answer answer) {
    pool.answers = [answer = std::move(answer)](const std::string&, const http::Request&) {
      return answer;
    };
  }

  NativePool pool{{.keys = 1}};
};

TEST_F(SpentQuota, OfOneModelsInteractionsIsNoOtherModels) {
  answerAll(dayIsSpent());
  EXPECT_EQ(statusOf("POST", "interactions", kNeon), 429);
  answerAll(inJson(R"({"id":"v1_a"})"));
  pool.callees.clear();
  EXPECT_EQ(statusOf("POST", "interactions", kNeon), 429);
  EXPECT_TRUE(pool.callees.empty());
  EXPECT_EQ(statusOf("POST", "interactions", kFlash), 200);
}

TEST_F(SpentQuota, IsOfTheModelThatALongBodyNamesAtItsEnd) {
  const auto ask = [this](std::string_view model) {
    auto request = pool.asking("POST", "interactions", "",
                               R"({"input":"Hello","model":")" + std::string(model) + "\"}");
    request.body = OwnedBytes::copyOf(R"({"input":"He)");
    return pool.serve(std::move(request)).head->status;
  };
  answerAll(dayIsSpent());
  ask("gemini-4-neon");
  answerAll(inJson("{}"));
  EXPECT_EQ(ask("gemini-4-neon"), 429);
  EXPECT_EQ(ask("gemini-3.8-flash"), 200);
}

TEST_F(SpentQuota, OfMakingKeepsNobodyFromWhatIsThere) {
  for (const std::string collection : {"interactions", "cachedContents", "files"}) {
    answerAll(dayIsSpent());
    EXPECT_EQ(statusOf("POST", collection, kFlash), 429) << collection;
    answerAll(inJson("{}"));
    EXPECT_EQ(statusOf("GET", collection), 200) << collection;
    EXPECT_EQ(statusOf("GET", collection + "/a"), 200) << collection;
    EXPECT_EQ(statusOf("DELETE", collection + "/a"), 200) << collection;
    EXPECT_EQ(statusOf("POST", collection + "/a/cancel", "{}"), 200) << collection;
  }
}

TEST_F(SpentQuota, OfUploadsKeepsNobodyFromWhatIsThere) {
  answerAll(dayIsSpent());
  EXPECT_EQ(upload(""), 429);
  answerAll(inJson("{}"));
  EXPECT_EQ(statusOf("GET", "files/a"), 200);
}

TEST_F(SpentQuota, OfUploadsKeepsNoneFromItsEndThatHasBegun) {
  answerAll(dayIsSpent());
  EXPECT_EQ(upload(""), 429);
  answerAll(inJson("{}"));
  EXPECT_EQ(upload(""), 429);
  EXPECT_EQ(upload("upload_id=1"), 200);
}

TEST_F(SpentQuota, OfAnUploadsEndHasNoneBeginAndKeepsNobodyFromWhatIsThere) {
  answerAll(dayIsSpent());
  EXPECT_EQ(upload("upload_id=1"), 429);
  answerAll(inJson("{}"));
  EXPECT_EQ(upload(""), 429);
  EXPECT_EQ(statusOf("DELETE", "files/a"), 200);
}

TEST_F(SpentQuota, OfWhatIsThereKeepsNobodyFromMaking) {
  answerAll(dayIsSpent());
  EXPECT_EQ(statusOf("GET", "interactions/a"), 429);
  answerAll(inJson("{}"));
  EXPECT_EQ(statusOf("POST", "interactions", kFlash), 200);
}

TEST_F(SpentQuota, OfGooglesOpenAiPathsIsTheModels) {
  answerAll(dayIsSpent());
  EXPECT_EQ(statusOf("POST", "openai/chat/completions", kNeon), 429);
  pool.host.fetcher.handler = [](const http::Request&) { return inJson("{}"); };
  EXPECT_EQ(statusOf("POST", "openai/chat/completions", kNeon), 429);
  EXPECT_EQ(statusOf("POST", "openai/chat/completions", kFlash), 200);
}

TEST_F(SpentQuota, OfCachesIsNoneOfTheModelsAnswers) {
  answerAll(cachesAreFull());
  EXPECT_EQ(statusOf("POST", "cachedContents", kFlash), 429);
  answerAll(inJson("{}"));
  EXPECT_EQ(pool.call("generateContent", "{}").head->status, 200);
}

// --- Lists ---------------------------------------------------------------------------------------

class ListsOfCooling : public testing::Test {
 protected:
  // What lies with the keys, but for one.
  void coolAll(std::string_view spent, const NativePool::Answers& others) {
    pool.answers = [spent = std::string(spent), others](const std::string& key,
                                                        const http::Request& request) {
      return spent.contains(key) ? dayIsSpent() : others(key, request);
    };
  }

  static fake::Answer ownFile(const std::string& key, const http::Request&) {
    return inJson(R"({"files":[{"name":"files/of-)" + key + R"("}]})");
  }

  NativePool pool{{.keys = 3}};
};

TEST_F(ListsOfCooling, PassOverWhoCoolsWhereverItStands) {
  for (const auto* spent : {"k1", "k2", "k3"}) {
    NativePool fresh({.keys = 3});
    std::string names;
    for (int time = 0; time < 2; ++time) {
      fresh.answers = [&](const std::string& key, const http::Request& request) {
        return key == spent ? dayIsSpent() : ownFile(key, request);
      };
      names.clear();
      std::string token;
      do {
        const auto reply =
            fresh.resource("GET", "files", token.empty() ? "" : "pageToken=" + token);
        ASSERT_EQ(reply.head->status, 200) << spent << reply.body;
        names += reply.body;
        token = json::findString(document(reply), "nextPageToken").value_or("");
      } while (!token.empty());
    }
    for (const auto* key : {"k1", "k2", "k3"}) {
      EXPECT_EQ(names.contains("of-" + std::string(key)), key != std::string_view(spent)) << names;
    }
  }
}

TEST_F(ListsOfCooling, WaitWhereTheyHaveBegun) {
  pool.answers = [](const std::string&, const http::Request&) {
    return inJson(R"({"files":[{"name":"files/a"}],"nextPageToken":"more"})");
  };
  const auto begun = document(pool.resource("GET", "files"));
  coolAll("k1", ownFile);
  const std::string token(json::findString(begun, "nextPageToken").value_or(""));
  EXPECT_EQ(pool.resource("GET", "files", "pageToken=" + token).head->status, 429);
}

TEST_F(ListsOfCooling, FailWhereNobodyIsLeft) {
  coolAll("k1k2k3", ownFile);
  EXPECT_EQ(pool.resource("GET", "files").head->status, 429);
  EXPECT_EQ(pool.resource("GET", "files").head->status, 429);
}

TEST_F(ListsOfCooling, TellHowLongThatTakesThoughOthersAreOut) {
  pool.answers = [](const std::string& key, const http::Request&) {
    return key == "k1" ? dayIsSpent() : apiIsOff();
  };
  for (const auto* key : {"k2", "k3"}) {
    pool.resource("GET", "files/" + writeMarkedId(idOfKey(key), "a"));
  }
  pool.resource("GET", "files");
  pool.callees.clear();
  EXPECT_EQ(pool.resource("GET", "files").head->status, 429);
  EXPECT_TRUE(pool.callees.empty());
}

TEST_F(ListsOfCooling, AreOpenAisToo) {
  for (const auto& [spent, status] :
       {std::pair{"k1", 200}, std::pair{"k2", 200}, std::pair{"k1k2k3", 429}}) {
    NativePool fresh({.keys = 3});
    fresh.answers = [&](const std::string& key, const http::Request&) {
      return std::string_view(spent).contains(key) ? dayIsSpent() : inJson(R"({"files":[]})");
    };
    for (int time = 0; time < 2; ++time) {
      EXPECT_EQ(fresh.serve("list_files", "").head->status, status) << spent;
    }
    const std::size_t wanted = status == 200 ? 5 : 3;
    EXPECT_EQ(fresh.callees.size(), wanted) << spent;
  }
}

}  // namespace
}  // namespace rondo::gateway
