#include "gateway/stored_completion.h"

#include <gtest/gtest.h>

#include "support/fake_memory.h"
#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

std::string asking(const std::string& more) {
  return R"({"model":"gemini-3.8-flash","store":true,"metadata":{"a":"b"},"messages":[)"
         R"({"role":"user","content":"Hello"}])" +
         more + "}";
}

const std::string kStreamed = asking(R"(,"stream":true)");

fake::Answer events(const std::vector<std::string>& data) {
  fake::Answer answer;
  for (const auto& each : data) answer.chunks.push_back("data: " + each + "\n\n");
  return answer;
}

const std::string kPart =
    R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hel"}]}}]})";

struct Storing {
  Storing() {
    pool.answers = [](const std::string&, const http::Request&) {
      return events({kPart, greeting("lo")});
    };
  }

  fake::FakeReply serve(const std::string& body, host::ConversationStore* store) {
    ClientRequest request;
    request.operation = "chat_completions";
    request.body = OwnedBytes::copyOf(body);
    request.memory = store ? Memory::On : Memory::Denied;
    request.store = store;
    return pool.serve(std::move(request));
  }

  PoolUnderTest pool{1};
  fake::KeptForClient kept;
  fake::FakeMemory memory{pool.host.loop, kept};
};

TEST(StoredCompletion, OfAStreamIsTheWholeAnswer) {
  Storing storing;
  const auto reply = storing.serve(kStreamed, &storing.memory);
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n"));
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "");
  ASSERT_EQ(storing.kept.completions.size(), 1U);
  const auto& kept = storing.kept.completions[0];
  const auto body = json::parse(kept.body).value_or(json::Value());
  EXPECT_EQ(body.at("choices").at(0).at("message").at("content"), "Hello");
  EXPECT_EQ(body.at("usage").at("total_tokens"), 5);
  EXPECT_EQ(body.at("id"), kept.id);
  EXPECT_TRUE(reply.body.contains("\"id\":\"" + kept.id + "\""));
  EXPECT_EQ(kept.metadata, R"({"a":"b"})");
  EXPECT_EQ(kept.messages.size(), 1U);
}

TEST(StoredCompletion, OfAStreamThatComesAtOnceIsKeptToo) {
  Storing storing;
  storing.pool.answers = [](const std::string&, const http::Request&) {
    return events({R"({"promptFeedback":{"blockReason":"SAFETY"}})"});
  };
  storing.serve(kStreamed, &storing.memory);
  EXPECT_EQ(storing.kept.completions.size(), 1U);
}

TEST(StoredCompletion, OfAStreamThatBreaksOffIsNone) {
  Storing storing;
  storing.pool.answers = [](const std::string&, const http::Request&) {
    auto answer = events({kPart, kPart});
    answer.breaksAfter = 1;
    return answer;
  };
  const auto reply = storing.serve(kStreamed, &storing.memory);
  EXPECT_TRUE(reply.body.contains("upstream_incomplete"));
  EXPECT_TRUE(storing.kept.completions.empty());
}

TEST(StoredCompletion, ThatCantBeKeptFailsNoStream) {
  Storing storing;
  storing.memory.broken = true;
  const auto reply = storing.serve(kStreamed, &storing.memory);
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n"));
  EXPECT_TRUE(storing.pool.host.logger.contains("completion_not_kept"));
}

TEST(StoredCompletion, OfAClientWithoutAStoreIsToldToBeNone) {
  Storing storing;
  const auto reply = storing.serve(kStreamed, nullptr);
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "store");
  EXPECT_TRUE(reply.body.ends_with("data: [DONE]\n\n"));
}

}  // namespace
}  // namespace rondo::gateway
