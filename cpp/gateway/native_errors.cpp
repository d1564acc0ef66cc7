#include "gateway/native_errors.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "json/writer.h"

namespace rondo::gateway {
namespace {

struct Status {
  int code;
  std::string_view name;
};

Status statusOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::BadRequest: return {400, "INVALID_ARGUMENT"};
    case ErrorKind::Forbidden: return {403, "PERMISSION_DENIED"};
    case ErrorKind::NotFound: return {404, "NOT_FOUND"};
    case ErrorKind::RateLimited: return {429, "RESOURCE_EXHAUSTED"};
    case ErrorKind::TimedOut: return {504, "DEADLINE_EXCEEDED"};
    case ErrorKind::Transient:
    case ErrorKind::Broken:
    case ErrorKind::Unavailable: return {503, "UNAVAILABLE"};
    case ErrorKind::Internal: break;
  }
  return {500, "INTERNAL"};
}

std::string reasonOf(std::string_view code) {
  std::string reason(code);
  std::ranges::transform(reason, reason.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return reason;
}

json::Writer& beginDetail(json::Writer& writer, std::string_view type) {
  const std::string name = "type.googleapis.com/google.rpc." + std::string(type);
  return writer.beginObject().key("@type").string(name);
}

// Why each credential can't serve stands in its metadata.
void writeInfo(json::Writer& writer, const Error& error) {
  beginDetail(writer, "ErrorInfo").key("reason").string(reasonOf(error.code));
  writer.key("domain").string("rondo").key("metadata").beginObject();
  for (const auto& detail : error.details) {
    std::string words = detail.state + ": " + detail.reason;
    if (detail.until) words += " until " + formatRfc3339(*detail.until);
    writer.foreignKey(detail.credential).string(words);
  }
  writer.endObject().endObject();
}

void writeDetails(json::Writer& writer, const Error& error) {
  if (!error.code.empty()) writeInfo(writer, error);
  if (error.retryAfter) {
    const std::string delay = std::to_string(retryAfterSeconds(*error.retryAfter)) + "s";
    beginDetail(writer, "RetryInfo").key("retryDelay").string(delay).endObject();
  }
  if (error.code == "insufficient_quota") {
    beginDetail(writer, "QuotaFailure").key("violations").beginArray().beginObject();
    writer.key("quotaId").string("PoolRequestsPerDay");
    writer.key("description").string(error.message).endObject().endArray().endObject();
  }
  if (!error.param.empty()) {
    beginDetail(writer, "BadRequest").key("fieldViolations").beginArray().beginObject();
    writer.key("field").string(error.param).key("description").string(error.message);
    writer.endObject().endArray().endObject();
  }
}

conversation::ErrorAnswer told(const Error& error) {
  const auto [code, name] = statusOf(error.kind);
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("error").beginObject();
  writer.key("code").integer(code).key("message").string(error.message);
  writer.key("status").string(name);
  const bool hasDetails = !error.code.empty() || error.retryAfter || !error.param.empty();
  if (hasDetails) {
    writer.key("details").beginArray();
    writeDetails(writer, error);
    writer.endArray();
  }
  writer.endObject().endObject();
  return {code, std::move(body)};
}

class Whole : public conversation::ErrorWords {
 public:
  conversation::ErrorAnswer error(const Error& error,
                                  const conversation::ErrorContext&) const override {
    return told(error);
  }
};

class InArray : public conversation::ErrorWords {
 public:
  conversation::ErrorAnswer error(const Error& error,
                                  const conversation::ErrorContext&) const override {
    auto answer = told(error);
    answer.body = "[" + answer.body + "]";
    return answer;
  }
};

}  // namespace

const conversation::ErrorWords& nativeErrors() {
  static const Whole words;
  return words;
}

const conversation::ErrorWords& nativeArrayErrors() {
  static const InArray words;
  return words;
}

}  // namespace rondo::gateway
