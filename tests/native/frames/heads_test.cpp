#include "frames/heads.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "frames/texts.h"

namespace rondo::frames {
namespace {

using gateway::ClientRequest;
using gateway::NativeCall;
using Views = std::vector<std::string_view>;

Result<ClientRequest> read(const Views& texts, std::string_view body = "") {
  return readRequest(OwnedBytes::copyOf(writeTexts(texts).append(body)));
}

TEST(Heads, ARequestIsWhatItsTextsSay) {
  const auto request =
      read({"chat", "req-1", "off", "phone", "denied", "2", "gemini-*", "*-lite"}, "{\"a\":1}");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->operation, "chat");
  EXPECT_EQ(request->id, "req-1");
  EXPECT_EQ(request->fallback, gateway::Fallback::Off);
  EXPECT_EQ(request->client.name, "phone");
  EXPECT_EQ(request->client.stored, gateway::Client::Stored::Denied);
  EXPECT_EQ(request->client.models, (std::vector<std::string>{"gemini-*", "*-lite"}));
  EXPECT_EQ(request->body.view(), "{\"a\":1}");
}

TEST(Heads, ARequestThatSaysNothingElseMayFallBackAndNameStoredContent) {
  const auto request = read({"chat", "", "", "", "", "0"});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->fallback, gateway::Fallback::Allowed);
  EXPECT_EQ(request->client.stored, gateway::Client::Stored::Allowed);
  EXPECT_EQ(request->client.tokens, gateway::Client::Tokens::Free);
  EXPECT_EQ(request->memory, gateway::Memory::Missing);
  EXPECT_EQ(request->native.body, NativeCall::Body::Held);
}

TEST(Heads, EachParameterOfARequestHasItsPlace) {
  const auto request = read({"native",
                             "",
                             "",
                             "",
                             "",
                             "0",
                             "id",
                             "m",
                             "credential",
                             "main",
                             "content_type",
                             "text/x",
                             "limit",
                             "5",
                             "after_id",
                             "a",
                             "before_id",
                             "b",
                             "model",
                             "qm",
                             "client",
                             "qc",
                             "status",
                             "qs",
                             "span",
                             "qp",
                             "worker",
                             "qw",
                             "version",
                             "v1",
                             "verb",
                             "embedContent",
                             "query",
                             "alt=sse",
                             "method",
                             "GET",
                             "path",
                             "/v1/files",
                             "origin",
                             "https://x",
                             "metered",
                             "",
                             "upload",
                             "",
                             "vertex",
                             "",
                             "piped",
                             "",
                             "marked",
                             "",
                             "memory",
                             "on",
                             "field:x-goog-a",
                             "1"});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->modelId, "m");
  EXPECT_EQ(request->credential, "main");
  EXPECT_EQ(request->contentType, "text/x");
  EXPECT_EQ(request->page.limit, "5");
  EXPECT_EQ(request->page.afterId, "a");
  EXPECT_EQ(request->page.beforeId, "b");
  EXPECT_EQ(request->query.model, "qm");
  EXPECT_EQ(request->query.client, "qc");
  EXPECT_EQ(request->query.status, "qs");
  EXPECT_EQ(request->query.span, "qp");
  EXPECT_EQ(request->query.worker, "qw");
  EXPECT_EQ(request->native.version, "v1");
  EXPECT_EQ(request->native.verb, "embedContent");
  EXPECT_EQ(request->native.query, "alt=sse");
  EXPECT_EQ(request->native.method, "GET");
  EXPECT_EQ(request->native.path, "/v1/files");
  EXPECT_EQ(request->native.origin, "https://x");
  EXPECT_EQ(request->native.way, NativeCall::Way::Upload);
  EXPECT_EQ(request->native.backend, google::Backend::Vertex);
  EXPECT_EQ(request->native.body, NativeCall::Body::Piped);
  EXPECT_EQ(request->native.marks, NativeCall::Marks::Present);
  EXPECT_EQ(request->client.tokens, gateway::Client::Tokens::Metered);
  EXPECT_EQ(request->memory, gateway::Memory::On);
  EXPECT_EQ(request->native.fields.get("x-goog-a"), "1");
}

TEST(Heads, ARequestWithFewerTextsThanItSaysIsBroken) {
  for (const Views& texts :
       {Views{}, Views{"chat", "", "", "", ""}, Views{"chat", "", "", "", "", ""},
        Views{"chat", "", "", "", "", "1"}, Views{"chat", "", "", "", "", "0", "id"},
        Views{"chat", "", "", "", "", "1", "*", "id"}}) {
    EXPECT_FALSE(read(texts));
  }
}

TEST(Heads, AFetchTellsMethodUrlTimeJudgementAndFields) {
  http::Request request;
  request.method = "POST";
  request.url = "https://a/b";
  request.headers.set("accept", "*/*");
  EXPECT_EQ(readTexts(writeFetchHead(request))->all,
            (Views{"POST", "https://a/b", "", "", "", "", "accept", "*/*"}));
  request.timeout = Millis(250);
  request.judgedHost = "a";
  request.source = http::Request::BodySource::Held;
  EXPECT_EQ(readTexts(writeFetchHead(request))->all,
            (Views{"POST", "https://a/b", "250", "judged", "a", "held", "accept", "*/*"}));
}

TEST(Heads, AnAnswersHeadIsItsStatusAndItsFields) {
  const auto head = readAnswerHead(writeTexts(Views{"429", "retry-after", "3"}));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 429);
  EXPECT_EQ(head->headers.get("retry-after"), "3");
}

TEST(Heads, AnAnswersHeadWithoutAStatusOrWithHalfAFieldIsBroken) {
  for (const Views& texts : {Views{}, Views{"OK"}, Views{""}, Views{"200", "retry-after"}}) {
    EXPECT_FALSE(readAnswerHead(writeTexts(texts)));
  }
}

TEST(Heads, AnAnswerTellsHowItIsAnswered) {
  http::ResponseHead head{200, {}};
  head.headers.set("a", "b");
  const std::pair<Answered, std::string_view> ways[] = {
      {Answered::Whole, ""}, {Answered::AsStream, "stream"}, {Answered::Passed, "passed"}};
  for (const auto& [answered, word] : ways) {
    EXPECT_EQ(readTexts(writeRespondHead(head, answered))->all, (Views{"200", word, "a", "b"}));
  }
}

}  // namespace
}  // namespace rondo::frames
