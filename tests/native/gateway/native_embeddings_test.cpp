#include <gtest/gtest.h>

#include "native/gateway/native_pool.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kModel = "text-embedding-005";

std::string batchOf(int count) {
  std::string body = R"({"requests":[)";
  for (int i = 0; i < count; ++i) {
    body.append(i == 0 ? "" : ",")
        .append(R"({"model":"models/text-embedding-005","content":{"parts":[{"text":"t)")
        .append(std::to_string(i))
        .append(R"("}]},"outputDimensionality":2})");
  }
  return body + "]}";
}

// To a prediction; text number 7 is at [7, 7].
fake::Answer predictions(const http::Request& request) {
  const auto asked = json::parse(request.body).value();
  std::string body = R"({"predictions":[)";
  for (const auto& each : asked["instances"]) {
    const auto number = each["content"].get<std::string>().substr(1);
    body.append(body.ends_with('[') ? "" : ",")
        .append(R"({"embeddings":{"values":[)" + number + "," + number +
                R"(],"statistics":{"token_count":2}}})");
  }
  return fake::answer(200, body + "]}");
}

class NativeEmbeddings : public testing::Test {
 protected:
  fake::FakeReply embed(NativePool& pool, std::string body,
                        std::string model = std::string(kModel)) {
    auto request = pool.calling("batchEmbedContents", std::move(body));
    request.modelId = std::move(model);
    return pool.serve(std::move(request));
  }
};

TEST_F(NativeEmbeddings, OfVertexComeFromTheCallsThatItHas) {
  NativePool pool({.users = 2});
  pool.answers = [](const std::string&, const http::Request& request) {
    return predictions(request);
  };
  const auto reply = embed(pool, batchOf(3));
  EXPECT_EQ(reply.body,
            R"({"embeddings":[{"values":[0.0,0.0]},{"values":[1.0,1.0]},{"values":[2.0,2.0]}]})");
  EXPECT_EQ(header(reply, "x-rondo-credential"), "u1");
  EXPECT_TRUE(pool.sent().url.ends_with("text-embedding-005:predict"));
  EXPECT_EQ(reply.cost, 6);
}

TEST_F(NativeEmbeddings, OfOneContentComeFromTheCallThatVertexHas) {
  NativePool pool({.users = 1});
  pool.answers = [](const std::string&, const http::Request& request) {
    return predictions(request);
  };
  auto request = pool.calling("embedContent", R"({"content":{"parts":[{"text":"t7"}]}})");
  request.modelId = "gemini-embedding-001";
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.body, R"({"embedding":{"values":[7.0,7.0]}})");
  EXPECT_TRUE(pool.sent().url.ends_with("gemini-embedding-001:predict"));
}

TEST_F(NativeEmbeddings, ByAVerbThatNobodyHasForTheModelAreToldWhoHasIt) {
  NativePool pool({.keys = 1});
  auto request = pool.calling("predict", R"({"instances":[{"content":"a"}]})");
  request.modelId = "gemini-embedding-001";
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("Vertex AI"), std::string::npos) << reply.body;
  EXPECT_TRUE(pool.callees.empty());
}

TEST_F(NativeEmbeddings, OfVertexMayTakeSeveralCalls) {
  NativePool pool({.users = 1});
  pool.answers = [](const std::string&, const http::Request& request) {
    EXPECT_TRUE(request.url.ends_with("gemini-embedding-2:embedContent"));
    return fake::answer(200, R"({"embedding":{"values":[1,2]}})");
  };
  const std::string one = R"({"content":{"parts":[{"text":"a"}]}})";
  const auto reply = embed(pool, R"({"requests":[)" + one + "," + one + "]}", "gemini-embedding-2");
  EXPECT_EQ(reply.body, R"({"embeddings":[{"values":[1.0,2.0]},{"values":[1.0,2.0]}]})");
  EXPECT_EQ(pool.callees.size(), 2U);
}

TEST_F(NativeEmbeddings, GoToAKeyAsTheyAreWhereThereIsOne) {
  NativePool pool({.users = 1, .keys = 1});
  const auto body = batchOf(1);
  embed(pool, body);
  EXPECT_EQ(pool.callees, (std::vector<std::string>{"k1"}));
  EXPECT_TRUE(pool.sent().url.ends_with(":batchEmbedContents"));
  EXPECT_EQ(pool.sentBody(), body);
}

TEST_F(NativeEmbeddings, SayWhichCredentialTakesWhatVertexCant) {
  NativePool pool({.users = 1});
  const auto reply = embed(pool, R"({"requests":[{"content":{"parts":[{"inlineData":{}}]}}]})");
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(statusWord(reply), "INVALID_ARGUMENT");
  EXPECT_NE(reply.body.find("API key of the Gemini API"), std::string::npos);
  EXPECT_TRUE(pool.callees.empty());
}

TEST_F(NativeEmbeddings, SaySoOfABodyThatIsSentOnToo) {
  NativePool pool({.users = 1});
  auto request = pool.calling("batchEmbedContents", batchOf(1));
  pool.host.held.gone = true;
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_NE(reply.body.find("METHOD_NOT_SUPPORTED"), std::string::npos);
}

TEST_F(NativeEmbeddings, ThatDontFitInTheCallsOfARequestSayHowManyDo) {
  const std::string one = R"({"content":{"parts":[{"text":"a"}]}})";
  std::string body = R"({"requests":[)" + one;
  for (int i = 1; i < 20; ++i) body += "," + one;
  for (const auto* model : {"gemini-embedding-001", "gemini-embedding-2"}) {
    NativePool pool({.users = 1}, {{"MAX_SUBREQUESTS", "15"}});
    const auto reply = embed(pool, body + "]}", model);
    EXPECT_EQ(reply.head->status, 400) << model;
    EXPECT_TRUE(reply.body.contains("Invalid 'requests'")) << model;
    EXPECT_TRUE(reply.body.contains("of these 20 texts")) << model;
    EXPECT_TRUE(reply.body.contains(R"("field":"requests")")) << model;
    EXPECT_TRUE(pool.callees.empty()) << model;
  }
}

TEST_F(NativeEmbeddings, NameFieldsAsGoogleDoes) {
  for (const auto& [google, field] :
       {std::pair{"output_dimensionality", "outputDimensionality"},
        std::pair{"task_type", "taskType"}, std::pair{"content", "requests"}}) {
    NativePool pool({.users = 1});
    pool.answers = [google](const std::string&, const http::Request&) {
      return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                               R"("Invalid value at ')" +
                                   std::string(google) + R"(' (TYPE_INT32), 9"}})");
    };
    EXPECT_TRUE(embed(pool, batchOf(1)).body.contains("\"field\":\"" + std::string(field) + "\""));
  }
}

TEST_F(NativeEmbeddings, TakeRoomForTheBodyTwiceAndForTheVectors) {
  NativePool pool({.users = 1});
  const auto body = batchOf(3);
  pool.host.holdings.room = 2 * body.size() + 3 * 2 * sizeof(float) - 1;
  EXPECT_TRUE(embed(pool, body).body.contains("OVERLOADED"));
  EXPECT_TRUE(pool.callees.empty());
}

TEST_F(NativeEmbeddings, FailInGooglesShape) {
  NativePool pool({.users = 1});
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                             R"("Unable to submit request because outputDimensionality is 9."}})");
  };
  const auto reply = embed(pool, batchOf(1));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(statusWord(reply), "INVALID_ARGUMENT");
}

}  // namespace
}  // namespace rondo::gateway
