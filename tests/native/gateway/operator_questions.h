#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/pool_under_test.h"

// What an operator asks of a pool, and how Google refuses its credentials.

namespace rondo::gateway {

inline const std::string kModel = "gemini-3.8-flash";

inline fake::Answer dayIsSpent() {
  return fake::answer(
      429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded",)"
           R"("details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[)"
           R"({"quotaId":"GenerateRequestsPerDayPerProjectPerModel"}]}]}})");
}

inline fake::Answer apiIsOff() {
  return fake::answer(
      403, R"({"error":{"code":403,"status":"PERMISSION_DENIED","message":"The API is off.",)"
           R"("details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",)"
           R"("reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{)"
           R"("activationUrl":"https://console.example/enable"}}]}})");
}

// Answers of `bad` alone are `refusal`.
inline PoolUnderTest::Answers allBut(std::string bad, fake::Answer refusal) {
  return [bad, refusal](const std::string& user, const http::Request&) {
    return user == bad ? refusal : fake::answer(200, greeting("Hi"));
  };
}

inline json::Value ask(PoolUnderTest& pool, std::string operation, OperatorQuery query = {},
                       std::string credential = {}) {
  ClientRequest request;
  request.operation = std::move(operation);
  request.query = std::move(query);
  request.credential = std::move(credential);
  return document(pool.serve(std::move(request)));
}

inline OperatorQuery ofModel(std::string model) {
  OperatorQuery query;
  query.model = std::move(model);
  return query;
}

inline OperatorQuery ofStatus(std::string status) {
  OperatorQuery query;
  query.status = std::move(status);
  return query;
}

inline OperatorQuery ofSpan(std::string span) {
  OperatorQuery query;
  query.span = std::move(span);
  return query;
}

inline json::Value explained(PoolUnderTest& pool, std::string model = kModel) {
  return ask(pool, "explain_model", ofModel(std::move(model)));
}

inline std::vector<std::string> orderOf(const json::Value& answer) {
  std::vector<std::string> order;
  for (const auto& line : answer["order"]) {
    if (!line["place"].is_null()) order.push_back(line["credential"].get<std::string>());
  }
  return order;
}

inline fake::FakeReply chatThrough(PoolUnderTest& pool, std::string credential) {
  ClientRequest request;
  request.operation = "chat_completions";
  request.credential = std::move(credential);
  request.body = OwnedBytes::copyOf(kHello);
  return pool.serve(std::move(request));
}

using Names = std::vector<std::string>;

}  // namespace rondo::gateway
