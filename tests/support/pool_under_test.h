#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/gateway.h"
#include "json/value.h"
#include "support/fake_host.h"

namespace rondo::gateway {

inline constexpr std::string_view kHello = R"({"model":"gemini-3.8-flash","messages":[)"
                                           R"({"role":"user","content":"Hello"}]})";

inline std::string greeting(std::string_view text) {
  return R"({"candidates":[{"content":{"role":"model","parts":[{"text":")" + std::string(text) +
         R"("}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,)"
         R"("candidatesTokenCount":2,"totalTokenCount":5}})";
}

// A gateway with so many authorized users, named u1, u2 …, and an upstream that mints tokens and
// answers by `answers`, else with a greeting.
class PoolUnderTest {
 public:
  using Answers = std::function<fake::Answer(const std::string& user, const http::Request&)>;

  explicit PoolUnderTest(int users, credentials::Environment more = {},
                         Dialects dialects = allDialects()) {
    Configuration configuration{std::move(more), KvBinding::Present, std::move(dialects)};
    for (int i = 1; i <= users; ++i) {
      const std::string name = "u" + std::to_string(i);
      configuration.environment.emplace_back(
          "GCP_SERVICE_ACCOUNT_" + std::to_string(i),
          R"({"type":"authorized_user","client_id":"client","client_secret":"hush","alias":")" +
              name + R"(","refresh_token":"refresh-)" + name + R"(","project_id":"project-)" +
              name + R"("})");
    }
    host.fetcher.handler = [this](const http::Request& request) { return answer(request); };
    gateway.emplace(std::move(configuration), host.host);
  }

  // Serves one request up to the end of its answer; the clock moves when the request waits. What it
  // does behind the answer goes on as the clock is moved.
  fake::FakeReply serve(ClientRequest request) {
    auto& served = served_.emplace_back(std::make_unique<Served>(host.loop));
    served->task.emplace(gateway->serve(std::move(request), host.io, served->reply));
    served->task->start();
    host.loop.run();
    constexpr Millis kStep{100};
    for (Millis waited{}; !served->reply.ended && waited < kMostWait; waited += kStep) {
      host.advance(kStep);
    }
    if (!served->reply.ended) std::abort();
    return served->reply;
  }

  fake::FakeReply serve(std::string operation, std::string body, std::string modelId = {}) {
    ClientRequest request;
    request.operation = std::move(operation);
    request.body = OwnedBytes::copyOf(body);
    request.modelId = std::move(modelId);
    return serve(std::move(request));
  }

  fake::FakeReply chat(std::string_view body = kHello) {
    return serve("chat_completions", std::string(body));
  }

  // Who was called, in order; token requests aside.
  std::vector<std::string> callees;
  int mints = 0;
  Answers answers = [](const std::string& user, const http::Request&) {
    return fake::answer(200, greeting("Hi from " + user));
  };
  fake::FakeHost host;
  std::optional<Gateway> gateway;

  static constexpr Millis kMostWait = std::chrono::seconds(10);

  // Requests whose work behind the answer goes on.
  std::size_t unfinished() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(served_, [](const auto& each) { return !each->task->done(); }));
  }

 private:
  struct Served {
    explicit Served(fake::Loop& loop) : reply(loop) {}
    fake::FakeReply reply;
    std::optional<Task<void>> task;
  };

  fake::Answer answer(const http::Request& request) {
    if (request.url.ends_with("/token")) {
      ++mints;
      const auto at = request.body.find("refresh-") + 8;
      const auto user = request.body.substr(at, request.body.find('&', at) - at);
      return fake::answer(200, R"({"access_token":"token-)" + user + "-" + std::to_string(mints) +
                                   R"(","expires_in":3599,"token_type":"Bearer"})");
    }
    callees.push_back(userOf(request));
    return answers(callees.back(), request);
  }

  // Of "token-u1-1", or of the key "key-k1".
  static std::string userOf(const http::Request& request) {
    if (const auto key = request.headers.get("x-goog-api-key")) {
      return std::string(key->substr(key->find('-') + 1));
    }
    const std::string bearer(request.headers.get("authorization").value_or(""));
    const auto at = bearer.find("token-") + 6;
    return bearer.substr(at, bearer.find('-', at) - at);
  }

  // Destroyed first, since tasks refer to the host and the gateway.
  std::vector<std::unique_ptr<Served>> served_;
};

inline json::Value document(const fake::FakeReply& reply) {
  return json::parse(reply.body).value_or(json::Value());
}

inline std::string errorCode(const fake::FakeReply& reply) {
  const auto body = document(reply);
  const auto* error = json::findObject(body, "error");
  return error ? std::string(json::findString(*error, "code").value_or("")) : "no error";
}

inline std::string header(const fake::FakeReply& reply, std::string_view name) {
  return std::string(reply.head->headers.get(name).value_or(""));
}

}  // namespace rondo::gateway
