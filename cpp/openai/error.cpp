#include "openai/error.h"

#include <string_view>

#include "json/writer.h"

namespace rondo::openai {
namespace {

std::string_view errorType(const Error& error) {
  switch (error.kind) {
    case ErrorKind::BadRequest:
    case ErrorKind::NotFound: return "invalid_request_error";
    case ErrorKind::Forbidden: return "permission_error";
    case ErrorKind::RateLimited:
      return error.code == "insufficient_quota" ? "insufficient_quota" : "requests";
    case ErrorKind::Transient:
    case ErrorKind::TimedOut:
    case ErrorKind::Broken:
    case ErrorKind::Unavailable:
    case ErrorKind::Internal: break;
  }
  return "server_error";
}

// The word for an error that brings none of its own.
std::string_view errorCode(const Error& error) {
  if (!error.code.empty()) return error.code;
  return error.kind == ErrorKind::RateLimited ? "rate_limit_exceeded" : "";
}

void writeStringOrNull(json::Writer& writer, std::string_view text) {
  if (text.empty()) {
    writer.null();
  } else {
    writer.string(text);
  }
}

void writeDetail(json::Writer& writer, const ErrorDetail& detail) {
  writer.beginObject().key("credential").string(detail.credential);
  writer.key("state").string(detail.state);
  writer.key("reason").string(detail.reason);
  if (detail.until) writer.key("until").string(formatRfc3339(*detail.until));
  writer.endObject();
}

void appendBody(std::string& out, const Error& error) {
  json::Writer writer(out);
  writer.beginObject().key("error").beginObject();
  writer.key("message").string(error.message);
  writer.key("type").string(errorType(error));
  writeStringOrNull(writer.key("param"), error.param);
  writeStringOrNull(writer.key("code"), errorCode(error));
  if (!error.details.empty()) {
    writer.key("details").beginArray();
    for (const auto& detail : error.details) writeDetail(writer, detail);
    writer.endArray();
  }
  writer.endObject().endObject();
}

}  // namespace

int errorStatus(const Error& error) {
  switch (error.kind) {
    case ErrorKind::BadRequest: return 400;
    case ErrorKind::Forbidden: return 403;
    case ErrorKind::NotFound: return error.code == "method_not_supported" ? 405 : 404;
    case ErrorKind::RateLimited: return 429;
    case ErrorKind::Transient: return 503;
    case ErrorKind::TimedOut: return 504;
    case ErrorKind::Broken: return 502;
    case ErrorKind::Unavailable: return 503;
    case ErrorKind::Internal: break;
  }
  return 500;
}

std::string errorBody(const Error& error) {
  std::string body;
  appendBody(body, error);
  return body;
}

std::string errorEvent(const Error& error) {
  std::string event = "data: ";
  appendBody(event, error);
  event += "\n\n";
  return event;
}

}  // namespace rondo::openai
