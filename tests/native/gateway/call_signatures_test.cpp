#include "gateway/call_signatures.h"

#include <gtest/gtest.h>

#include "support/fake_memory.h"
#include "support/pool_under_test.h"
#include "translation/signatures.h"

namespace rondo::gateway {
namespace {

using translation::kDummySignature;

const std::string kSigned =
    R"({"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","id":"call_1",)"
    R"("args":{"a":1}},"thoughtSignature":"c2lnbmF0dXJl"}]},"finishReason":"STOP"}]})";
const std::string kUnsigned =
    R"({"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","id":"call_1",)"
    R"("args":{"a":1}}}]},"finishReason":"STOP"}]})";

std::string step(const std::string& id, const std::string& more = "") {
  return R"({"role":"assistant","tool_calls":[{"id":")" + id +
         R"(","type":"function","function":{"name":"f","arguments":"{}"})" + more +
         R"(}]},{"role":"tool","tool_call_id":")" + id + R"(","content":"1"})";
}

std::string asking(const std::string& steps, const std::string& model = "gemini-3.8-flash") {
  return R"({"model":")" + model + R"(","messages":[{"role":"user","content":"go"})" +
         (steps.empty() ? "" : "," + steps) + "]}";
}

// An isolate that keeps for its client what others know too.
struct Isolate {
  explicit Isolate(fake::KeptForClient& kept, int users = 1, credentials::Environment more = {})
      : pool(users, std::move(more)), memory(pool.host.loop, kept) {
    pool.answers = [](const std::string&, const http::Request&) {
      return fake::answer(200, kSigned);
    };
  }

  fake::FakeReply serve(std::string_view body, std::string operation = "chat_completions") {
    ClientRequest request;
    request.operation = std::move(operation);
    request.body = OwnedBytes::copyOf(body);
    request.memory = Memory::On;
    request.store = &memory;
    return pool.serve(std::move(request));
  }

  // What Google was asked last.
  std::string sent() const {
    for (auto call = pool.host.fetcher.calls.rbegin(); call != pool.host.fetcher.calls.rend();
         ++call) {
      if (call->url.contains(":generateContent") || call->url.contains(":countTokens")) {
        return call->body;
      }
    }
    return {};
  }

  bool sentTrueSignature() const { return sent().contains("c2lnbmF0dXJl"); }
  bool sentDummy() const { return sent().contains(kDummySignature); }

  PoolUnderTest pool;
  fake::FakeMemory memory;
};

TEST(CallSignatures, OfACallThatOneIsolateToldAreKnownToAnother) {
  fake::KeptForClient kept;
  Isolate one(kept);
  Isolate two(kept);
  EXPECT_EQ(one.serve(asking("")).head->status, 200);
  EXPECT_EQ(one.memory.told, 1);
  two.serve(asking(step("call_1")));
  EXPECT_TRUE(two.sentTrueSignature());
  EXPECT_FALSE(two.sentDummy());
  EXPECT_EQ(two.memory.asked, (std::vector<std::vector<std::string>>{{"call_1"}}));
}

TEST(CallSignatures, AreKeptOfAStreamToo) {
  fake::KeptForClient kept;
  Isolate one(kept);
  one.pool.answers = [](const std::string&, const http::Request&) {
    return fake::Answer{200, {}, {"data: " + kSigned + "\n\n"}, {}, false};
  };
  one.serve(R"({"model":"gemini-3.8-flash","stream":true,"messages":[)"
            R"({"role":"user","content":"go"}]})");
  EXPECT_EQ(kept.signatures.count("call_1"), 1U);
}

TEST(CallSignatures, LeadBackToTheCredentialThatMadeThem) {
  fake::KeptForClient kept;
  Isolate one(kept, 3);
  one.serve(asking(""));
  one.serve(asking(""));
  const std::string maker = one.pool.callees.back();
  ASSERT_NE(maker, "u1");
  Isolate two(kept, 3);
  two.serve(asking(step("call_1")));
  EXPECT_EQ(two.pool.callees.back(), maker);
}

TEST(CallSignatures, OnceFoundAreAskedForNoMore) {
  fake::KeptForClient kept;
  Isolate(kept).serve(asking(""));
  Isolate two(kept);
  two.serve(asking(step("call_1")));
  two.serve(asking(step("call_1")));
  EXPECT_EQ(two.memory.asked.size(), 1U);
  EXPECT_TRUE(two.sentTrueSignature());
}

TEST(CallSignatures, OfAllStepsAreAskedForAtOnce) {
  fake::KeptForClient kept;
  Isolate isolate(kept);
  isolate.serve(asking(step("call_7") + "," + step("call_8") + "," + step("call_9")));
  EXPECT_EQ(isolate.memory.asked,
            (std::vector<std::vector<std::string>>{{"call_9", "call_8", "call_7"}}));
  EXPECT_TRUE(isolate.sentDummy());
}

TEST(CallSignatures, AreAskedForOnlyWhereTheyMatter) {
  fake::KeptForClient kept;
  Isolate isolate(kept);
  isolate.serve(asking(""));
  isolate.serve(asking(step("call_1")));  // Which it told itself.
  isolate.serve(asking(step("call_2") + R"(,{"role":"user","content":"on"})"));
  isolate.serve(asking(step("call_2"), "gemini-2.5-flash"));
  isolate.serve(asking(
      step("call_2", R"(,"extra_content":{"google":{"thought_signature":"c2lnbmF0dXJl"}})")));
  EXPECT_EQ(isolate.memory.asked.size(), 0U);
}

TEST(CallSignatures, AreAskedForWhereAModelThatMayStandInNeedsThem) {
  fake::KeptForClient kept;
  Isolate isolate(kept, 1, {{"MODEL_FALLBACKS", R"({"gemini-2.5-flash":["gemini-3.8-flash"]})"}});
  isolate.serve(asking(step("call_2"), "gemini-2.5-flash"));
  EXPECT_EQ(isolate.memory.asked.size(), 1U);
}

TEST(CallSignatures, OfMoreThanAHundredAndTwentyEightCallsAreAskedForTheLatest) {
  fake::KeptForClient kept;
  Isolate isolate(kept);
  std::string steps = step("call_0");
  for (int i = 1; i < 130; ++i) steps += "," + step("call_" + std::to_string(i));
  isolate.serve(asking(steps));
  ASSERT_EQ(isolate.memory.asked.size(), 1U);
  EXPECT_EQ(isolate.memory.asked[0].size(), 128U);
  EXPECT_EQ(isolate.memory.asked[0].back(), "call_2");
}

TEST(CallSignatures, AreNotAskedForToCountTokens) {
  fake::KeptForClient kept;
  Isolate isolate(kept);
  isolate.pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, R"({"totalTokens":7})");
  };
  const auto reply =
      isolate.serve(R"({"model":"gemini-3.8-flash","input":[{"role":"user","content":"go"},)"
                    R"({"type":"function_call","call_id":"call_1","name":"f","arguments":"{}"},)"
                    R"({"type":"function_call_output","call_id":"call_1","output":"1"}]})",
                    "count_response_tokens");
  EXPECT_EQ(reply.head->status, 200) << reply.body;
  EXPECT_EQ(isolate.memory.asked.size(), 0U);
}

TEST(CallSignatures, ThatCantBeHadAreTheDummyAndNothingIsToldOfIt) {
  fake::KeptForClient kept;
  Isolate(kept).serve(asking(""));
  Isolate two(kept);
  two.memory.broken = true;
  const auto reply = two.serve(asking(step("call_1")));
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "");
  EXPECT_TRUE(two.sentDummy());
  EXPECT_TRUE(two.pool.host.logger.contains("signatures_unreadable"));
}

// The store holds what it was given; these are what no store of ours gives.
TEST(CallSignatures, ThatAreNoneOrOfAnotherCallAreTheDummy) {
  const conversation::Envelope ofAnother{conversation::Carried::CallSignature,
                                         {"authorized_user", "gemini-3"},
                                         "call_2",
                                         "c2lnbmF0dXJl"};
  const conversation::Envelope ofText{conversation::Carried::TextSignature,
                                      {"authorized_user", "gemini-3"},
                                      "call_1",
                                      "c2lnbmF0dXJl"};
  for (const std::string& text : {std::string("rubbish"), conversation::seal(ofAnother),
                                  conversation::seal(ofText), std::string("rondo2.a.b")}) {
    fake::KeptForClient kept;
    kept.signatures["call_1"] = text;
    Isolate isolate(kept);
    isolate.serve(asking(step("call_1")));
    EXPECT_TRUE(isolate.sentDummy()) << text;
    EXPECT_FALSE(isolate.sentTrueSignature()) << text;
  }
}

TEST(CallSignatures, OfAnotherFamilyAreTheDummy) {
  fake::KeptForClient kept;
  Isolate(kept).serve(asking(""));
  Isolate two(kept);
  two.serve(asking(step("call_1"), "gemini-4-argon"));
  EXPECT_TRUE(two.sentDummy());
  EXPECT_FALSE(two.sentTrueSignature());
}

TEST(CallSignatures, AreKeptOnlyWhereThereAreSome) {
  fake::KeptForClient kept;
  Isolate isolate(kept);
  isolate.serve(asking("", "gemini-2.5-flash"));
  for (const auto& answer : {kUnsigned, greeting("Hi")}) {
    isolate.pool.answers = [answer](const std::string&, const http::Request&) {
      return fake::answer(200, answer);
    };
    isolate.serve(asking(""));
  }
  EXPECT_EQ(isolate.memory.told, 0);
}

TEST(CallSignatures, AreKeptNowhereElseWhereTheyTravelInTheIds) {
  fake::KeptForClient kept;
  Isolate isolate(kept, 1, {{"SIGNATURES_IN_IDS", "true"}});
  isolate.serve(asking(""));
  EXPECT_EQ(isolate.memory.told, 0);
}

TEST(CallSignatures, OfAnAnswerThatWasTurnedDownAreForgotten) {
  fake::KeptForClient kept;
  Isolate isolate(kept, 2);
  isolate.pool.answers = [](const std::string& user, const http::Request&) {
    if (user == "u2") return fake::answer(200, greeting("Hi"));
    return fake::Answer{200, {}, {"data: " + kSigned + "\n\n", "data: "}, 1, false};
  };
  const auto reply = isolate.serve(asking(""));
  EXPECT_EQ(header(reply, "x-rondo-credential"), "u2");
  EXPECT_EQ(isolate.memory.told, 0);
}

TEST(CallSignatures, OfAClientThatHasNoStoreAreKeptByTheIsolateAlone) {
  fake::KeptForClient kept;
  Isolate isolate(kept);
  isolate.pool.chat(asking(""));
  isolate.pool.chat(asking(step("call_1")));
  EXPECT_TRUE(isolate.sentTrueSignature());
  EXPECT_EQ(isolate.memory.told, 0);
}

}  // namespace
}  // namespace rondo::gateway
