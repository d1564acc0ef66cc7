#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "credentials/credential.h"
#include "support/pool_under_test.h"

namespace rondo::gateway {

struct PoolSize {
  int users = 0;  // Of Vertex AI: u1, u2 …
  int keys = 0;   // Of the Gemini API: k1, k2 …
};

// A pool that is asked in Google's own dialect.
class NativePool : public PoolUnderTest {
 public:
  explicit NativePool(PoolSize size, credentials::Environment more = {})
      : PoolUnderTest(size.users, withKeys(size, std::move(more))) {}

  static constexpr std::string_view kModel = "gemini-3.8-flash";

  // A call with that body, which the worker holds.
  fake::FakeReply call(std::string verb, std::string body, std::string query = {}) {
    return serve(calling(std::move(verb), std::move(body), std::move(query)));
  }

  ClientRequest calling(std::string verb, std::string body, std::string query = {}) {
    ClientRequest request;
    request.operation = "native";
    request.modelId = kModel;
    request.native.version = "v1beta";
    request.native.verb = std::move(verb);
    request.native.query = std::move(query);
    request.native.fields = {{"content-type", "application/json"}};
    hold(request, std::move(body));
    return request;
  }

  // A call to what belongs to a credential.
  fake::FakeReply resource(std::string method, std::string path, std::string query = {}) {
    return serve(asking(std::move(method), std::move(path), std::move(query)));
  }

  ClientRequest asking(std::string method, std::string path, std::string query = {},
                       std::string body = {}) {
    ClientRequest request;
    request.operation = "native_resource";
    request.native.version = "v1beta";
    request.native.method = std::move(method);
    request.native.path = std::move(path);
    request.native.query = std::move(query);
    request.native.origin = "https://rondo.example";
    hold(request, std::move(body));
    return request;
  }

  // What went to Google last.
  const http::Request& sent() const { return host.fetcher.calls.back(); }

  // Its body, be it ours or the client's.
  std::string sentBody() const {
    return sent().source == http::Request::BodySource::Held ? host.held.bytes : sent().body;
  }

 private:
  // As the worker does it.
  void hold(ClientRequest& request, std::string body) {
    if (body.contains("rondocredential")) request.native.marks = NativeCall::Marks::Present;
    if (body.contains("\"tools\"")) request.native.tools = NativeCall::Tools::Present;
    if (body.contains("ignature\"")) {
      request.native.signatures = NativeCall::Signatures::Present;
    }
    request.body = OwnedBytes::copyOf(body);
    host.held.bytes = std::move(body);
    host.held.gone = false;
  }

  static credentials::Environment withKeys(PoolSize size, credentials::Environment more) {
    for (int i = 1; i <= size.keys; ++i) {
      const std::string name = "k" + std::to_string(i);
      more.emplace_back(
          "GCP_SERVICE_ACCOUNT_" + std::to_string(size.users + i),
          R"({"type":"api_key","api_key":"key-)" + name + R"(","alias":")" + name + R"("})");
    }
    return more;
  }
};

// A minute's requests of the credential are used up.
inline fake::Answer minuteSpent() {
  return fake::answer(
      429, R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota.","details":[)"
           R"({"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":)"
           R"("GenerateRequestsPerMinutePerProjectPerModel"}]},)"
           R"({"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"40s"}]}})");
}

// The id of the key with that name.
inline std::string idOfKey(std::string_view name) {
  return credentials::credentialId(credentials::CredentialKind::ApiKey,
                                   {"key-" + std::string(name)});
}

// Google's shape of errors.
inline std::string statusWord(const fake::FakeReply& reply) {
  const auto body = document(reply);
  const auto* error = json::findObject(body, "error");
  return error ? std::string(json::findString(*error, "status").value_or("")) : "no error";
}

}  // namespace rondo::gateway
