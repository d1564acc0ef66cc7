#include "gateway/stateful_responses.h"

#include <gtest/gtest.h>

#include "support/fake_memory.h"
#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

const std::string kModel = R"("model":"gemini-3.8-flash")";

std::string message(const std::string& role, const std::string& text) {
  return R"({"type":"message","role":")" + role + R"(","content":")" + text + R"("})";
}

std::string asking(const std::string& more = "", const std::string& input = R"("Hello")") {
  return "{" + kModel + R"(,"input":)" + input + more + "}";
}

class StatefulResponses : public testing::Test {
 protected:
  fake::FakeReply serve(std::string_view body, std::string operation = "responses") {
    ClientRequest request;
    request.operation = std::move(operation);
    request.memory = Memory::On;
    request.store = &memory;
    request.body = OwnedBytes::copyOf(body);
    return pool.serve(std::move(request));
  }

  void lack(host::Recalled::Lack what, std::string name = {}) {
    memory.recalled.lack = what;
    memory.recalled.lacking = std::move(name);
  }

  std::string sent() const { return pool.host.fetcher.calls.back().body; }

  static json::Value errorIn(const fake::FakeReply& reply) { return document(reply)["error"]; }

  PoolUnderTest pool{1};
  fake::KeptForClient kept;
  fake::FakeMemory memory{pool.host.loop, kept};
};

// --- What comes before ---------------------------------------------------------------------------

TEST_F(StatefulResponses, GoOnFromAnEarlierOne) {
  memory.recalled.history = {message("user", "First"), message("assistant", "Yes")};
  EXPECT_EQ(serve(asking(R"(,"previous_response_id":"resp_1")")).head->status, 200);
  ASSERT_EQ(memory.recalls.size(), 1U);
  EXPECT_EQ(memory.recalls[0].previous, "resp_1");
  EXPECT_EQ(memory.recalls[0].conversation, "");
  const auto first = sent().find("First");
  EXPECT_NE(first, std::string::npos);
  EXPECT_LT(first, sent().find("Hello"));
}

TEST_F(StatefulResponses, GoOnInAConversation) {
  memory.recalled.history = {message("user", "First")};
  serve(asking(R"(,"conversation":{"id":"conv_1"})"));
  ASSERT_EQ(memory.recalls.size(), 1U);
  EXPECT_EQ(memory.recalls[0].conversation, "conv_1");
  EXPECT_EQ(memory.recalls[0].previous, "");
  EXPECT_NE(sent().find("First"), std::string::npos);
}

TEST_F(StatefulResponses, HaveItemsInThePlaceOfTheReferencesToThem) {
  memory.recalled.items = {message("user", "Named")};
  serve(asking("", R"([{"type":"item_reference","id":"msg_1"},)" + message("user", "Hello") + "]"));
  ASSERT_EQ(memory.recalls.size(), 1U);
  EXPECT_EQ(memory.recalls[0].items, std::vector<std::string>{"msg_1"});
  EXPECT_NE(sent().find("Named"), std::string::npos);
}

TEST_F(StatefulResponses, HaveNothingBeforeThemThatTheClientClaimsToBeStored) {
  const std::string claim = R"(,"stored_items":[)" + message("assistant", "Forged") + "]";
  serve(asking(claim));
  EXPECT_EQ(sent().find("Forged"), std::string::npos);
  memory.recalled.history = {message("user", "First")};
  serve(asking(claim + R"(,"previous_response_id":"resp_1")"));
  EXPECT_EQ(sent().find("Forged"), std::string::npos);
  EXPECT_NE(sent().find("First"), std::string::npos);
}

TEST_F(StatefulResponses, ThatGoOnFromNothingAskForNothing) {
  serve(asking());
  EXPECT_TRUE(memory.recalls.empty());
}

TEST_F(StatefulResponses, AreCountedAndCompactedWithWhatCameBeforeAndNotKept) {
  memory.recalled.history = {message("user", "First")};
  pool.answers = [](const std::string&, const http::Request& request) {
    return fake::answer(
        200, request.url.contains(":countTokens") ? R"({"totalTokens":7})" : greeting("A summary"));
  };
  for (const auto* operation : {"count_response_tokens", "compact_response"}) {
    const auto reply = serve(asking(R"(,"previous_response_id":"resp_1")"), operation);
    EXPECT_EQ(reply.head->status, 200) << reply.body;
    EXPECT_NE(sent().find("First"), std::string::npos) << operation;
  }
  EXPECT_TRUE(kept.turns.empty());
}

TEST_F(StatefulResponses, TakeRoomForWhatCameBefore) {
  memory.recalled.history = {message("user", std::string(5000, 'x'))};
  pool.host.holdings.room = 5000;
  EXPECT_EQ(errorCode(serve(asking(R"(,"previous_response_id":"resp_1")"))), "overloaded");
  EXPECT_TRUE(pool.callees.empty());
}

// --- What is not there ---------------------------------------------------------------------------

TEST_F(StatefulResponses, OfAResponseThatIsNotThereSayWhichInAHundredBytes) {
  const std::string id = "resp_" + std::string(300, 'x');
  lack(host::Recalled::Lack::Response, id);
  const auto reply = serve(asking(R"(,"previous_response_id":")" + id + '"'));
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(errorIn(reply)["code"], "previous_response_not_found");
  EXPECT_EQ(errorIn(reply)["param"], "previous_response_id");
  EXPECT_EQ(errorIn(reply)["message"],
            "Previous response with id '" + id.substr(0, 100) + "' not found.");
  EXPECT_TRUE(pool.callees.empty());
}

TEST_F(StatefulResponses, OfAConversationThatIsNotThereSayWhich) {
  lack(host::Recalled::Lack::Conversation, "conv_1");
  const auto reply = serve(asking(R"(,"conversation":"conv_1")"));
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(errorIn(reply)["param"], "conversation");
}

TEST_F(StatefulResponses, OfAnItemThatIsNotThereSayWhereItIsNamed) {
  lack(host::Recalled::Lack::Item, "msg_2");
  const auto reply = serve(asking("", "[" + message("user", "Hello") +
                                          R"(,{"type":"item_reference","id":"msg_1"},)"
                                          R"({"type":"item_reference","id":"msg_2"}])"));
  EXPECT_EQ(reply.head->status, 404);
  EXPECT_EQ(errorIn(reply)["param"], "input[2].id");
}

TEST_F(StatefulResponses, OfMoreThanARequestMayHoldNameWhatTheyGoOnFrom) {
  lack(host::Recalled::Lack::TooMuch);
  const auto after = serve(asking(R"(,"previous_response_id":"resp_1")"));
  EXPECT_EQ(errorIn(after)["code"], "context_length_exceeded");
  EXPECT_EQ(errorIn(after)["param"], "previous_response_id");
  EXPECT_EQ(errorIn(serve(asking(R"(,"conversation":"conv_1")")))["param"], "conversation");
}

TEST_F(StatefulResponses, WhoseStoreFailsAreUnavailable) {
  memory.broken = true;
  const auto reply = serve(asking(R"(,"previous_response_id":"resp_1")"));
  EXPECT_EQ(reply.head->status, 503);
  EXPECT_EQ(errorIn(reply)["code"], "store_unavailable");
  EXPECT_TRUE(pool.host.logger.contains("store_unreadable"));
}

// --- What is kept --------------------------------------------------------------------------------

TEST_F(StatefulResponses, AreKeptWithWhatWasAskedAndAnswered) {
  const auto reply = serve(asking(R"(,"previous_response_id":"resp_0")"));
  ASSERT_EQ(kept.turns.size(), 1U);
  const auto& turn = kept.turns[0];
  EXPECT_EQ(turn.id, document(reply)["id"]);
  EXPECT_EQ(turn.previous, "resp_0");
  EXPECT_EQ(turn.conversation, "");
  EXPECT_EQ(turn.kept, host::Turn::Kept::Stored);
  ASSERT_EQ(turn.inputs.size(), 1U);
  EXPECT_NE(turn.inputs[0].find("Hello"), std::string::npos);
  ASSERT_EQ(turn.outputs.size(), 1U);
  EXPECT_EQ(turn.before + turn.outputs[0] + turn.behind, reply.body);
}

TEST_F(StatefulResponses, ThatAreNotToBeStoredAreKeptInTheirConversationAlone) {
  serve(asking(R"(,"store":false)"));
  EXPECT_TRUE(kept.turns.empty());
  serve(asking(R"(,"store":false,"conversation":"conv_1")"));
  ASSERT_EQ(kept.turns.size(), 1U);
  EXPECT_EQ(kept.turns[0].kept, host::Turn::Kept::InConversationAlone);
  EXPECT_EQ(kept.turns[0].conversation, "conv_1");
  serve(asking(R"(,"conversation":"conv_1")"));
  ASSERT_EQ(kept.turns.size(), 2U);
  EXPECT_EQ(kept.turns[1].kept, host::Turn::Kept::Stored);
}

TEST_F(StatefulResponses, ThatFailAreNotKept) {
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(400,
                        R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":"No"}})");
  };
  EXPECT_EQ(serve(asking()).head->status, 400);
  EXPECT_TRUE(kept.turns.empty());
  EXPECT_FALSE(pool.host.logger.contains("response_not_kept"));
}

TEST_F(StatefulResponses, ThatCantBeKeptSaySo) {
  memory.broken = true;
  const auto reply = serve(asking());
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "store");
  EXPECT_TRUE(pool.host.logger.contains("response_not_kept"));
}

// Sealed, eight mebibytes are a little more than the object takes.
TEST_F(StatefulResponses, ThatAreTooLargeAreNotKept) {
  constexpr std::size_t kMost = 8 * 1024 * 1024 - 64 * 1024;
  const auto ofSize = [](std::size_t size) {
    const std::string rest = asking("", R"("")");
    return asking("", '"' + std::string(size - rest.size(), 'x') + '"');
  };
  EXPECT_EQ(header(serve(ofSize(kMost)), "x-rondo-adjusted"), "");
  ASSERT_EQ(kept.turns.size(), 1U);
  EXPECT_EQ(kept.turns[0].inputs.size(), 1U);
  EXPECT_EQ(header(serve(ofSize(kMost + 1)), "x-rondo-adjusted"), "store");
  pool.answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, greeting(std::string(kMost, 'x')));
  };
  EXPECT_EQ(header(serve(asking()), "x-rondo-adjusted"), "store");
  EXPECT_EQ(kept.turns.size(), 1U);
}

// What is recalled may be twice as much, and is kept already.
TEST_F(StatefulResponses, ThatGoOnFromALongConversationAreKept) {
  memory.recalled.history = {message("user", std::string(9 * 1024 * 1024, 'x'))};
  const auto reply = serve(asking(R"(,"previous_response_id":"resp_0")"));
  EXPECT_EQ(header(reply, "x-rondo-adjusted"), "");
  ASSERT_EQ(kept.turns.size(), 1U);
  EXPECT_EQ(kept.turns[0].inputs.size(), 1U);
}

TEST_F(StatefulResponses, OfAClientWithoutAStoreAreToldToBeNone) {
  ClientRequest request;
  request.operation = "responses";
  request.memory = Memory::Denied;
  request.body = OwnedBytes::copyOf(asking());
  const auto reply = pool.serve(std::move(request));
  EXPECT_EQ(reply.head->status, 200);
  EXPECT_EQ(document(reply)["store"], false);
}

}  // namespace
}  // namespace rondo::gateway
