#include "poolmodel/google.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace rondo::poolmodel {
namespace {

constexpr Millis kMinute = std::chrono::minutes(1);

// The number behind the first `lead` in the text.
std::size_t numberAfter(std::string_view text, std::string_view lead) {
  std::size_t number = 0;
  const auto at = text.find(lead);
  if (at == std::string_view::npos) return number;
  const char* begin = text.data() + at + lead.size();
  std::from_chars(begin, text.data() + text.size(), number);
  return number;
}

class OneChunk : public host::Body {
 public:
  explicit OneChunk(std::string bytes) : bytes_(std::move(bytes)) {}
  Task<Result<host::Chunk>> read(host::ReadSize) override {
    co_return host::Chunk{OwnedBytes::copyOf(bytes_), host::Chunk::End::Reached};
  }

 private:
  std::string bytes_;
};

}  // namespace

Millis Google::around(int millis) {
  return Millis{std::uniform_int_distribution<int>(millis / 2, millis * 3 / 2)(random_)};
}

void Google::roll(Account& account) {
  const auto minute = queue_.now().time_since_epoch() / kMinute;
  if (std::exchange(account.minute, minute) != minute) account.inMinute = 0;
}

bool Google::canServe(Millis wait) {
  const auto left = kMinute - queue_.now().time_since_epoch() % kMinute;
  return std::ranges::any_of(accounts_, [&](Account& account) {
    roll(account);
    return !account.isKilled && account.inDay < account.perDay &&
           (account.inMinute < account.perMinute || left < wait);
  });
}

bool Google::allows() {
  for (auto& account : ideal_) {
    roll(account);
    if (account.isKilled || account.inDay >= account.perDay) continue;
    if (account.inMinute >= account.perMinute) continue;
    ++account.inMinute;
    ++account.inDay;
    return true;
  }
  return false;
}

Task<Result<host::Fetched>> Google::answer(http::Request request) {
  auto reply = request.url.ends_with("/token") ? mint(request) : generate(request);
  co_await queue_.pass(reply.took);
  co_return host::Fetched{{reply.status, {}}, std::make_unique<OneChunk>(std::move(reply.body))};
}

Google::Reply Google::mint(const http::Request& request) {
  ++counts.mints;
  const auto account = numberAfter(request.body, "refresh-");
  if (accounts_[account].isKilled) {
    return {400, R"({"error":"invalid_grant","error_description":"Revoked."})", around(100)};
  }
  return {200,
          R"({"access_token":"token-)" + std::to_string(account) + "-" +
              std::to_string(counts.mints) + R"(","expires_in":3599,"token_type":"Bearer"})",
          around(150)};
}

Google::Reply Google::spent(const Account& account) {
  ++counts.wasted;
  const bool isDay = account.inDay >= account.perDay;
  const auto left = kMinute - queue_.now().time_since_epoch() % kMinute;
  return {429,
          R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded",)"
          R"("details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[)"
          R"({"quotaId":"GenerateRequestsPer)" +
              std::string(isDay ? "Day" : "Minute") +
              R"(PerProjectPerModel"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo",)"
              R"("retryDelay":")" +
              std::to_string(left.count()) + R"(ms"}]}})",
          around(80)};
}

Google::Reply Google::generate(const http::Request& request) {
  ++counts.calls;
  auto& account =
      accounts_[numberAfter(request.headers.get("authorization").value_or(""), "token-")];
  roll(account);
  if (account.isKilled) {
    ++counts.wasted;
    return {401, R"({"error":{"code":401,"status":"UNAUTHENTICATED","message":"Revoked"}})",
            around(80)};
  }
  if (account.inDay >= account.perDay || account.inMinute >= account.perMinute) {
    return spent(account);
  }
  if (std::bernoulli_distribution(failureRate_)(random_)) {
    return {503, R"({"error":{"code":503,"status":"UNAVAILABLE","message":"Overloaded"}})",
            around(300)};
  }
  ++account.inMinute;
  ++account.inDay;
  return {200,
          R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},)"
          R"("finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,)"
          R"("candidatesTokenCount":2,"totalTokenCount":5}})",
          around(1000)};
}

}  // namespace rondo::poolmodel
