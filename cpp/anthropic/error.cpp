#include "anthropic/error.h"

#include "json/writer.h"

namespace rondo::anthropic {
namespace {

constexpr std::string_view kNoThreads = "thread_unsupported_request";

// Whether it is capacity that lacks, ours or Google's.
bool isOverload(const Error& error) {
  return error.kind == ErrorKind::Transient &&
         (error.code == "model_overloaded" || error.code == "overloaded");
}

std::string_view errorType(const Error& error) {
  switch (error.kind) {
    case ErrorKind::BadRequest: return "invalid_request_error";
    case ErrorKind::Forbidden: return "permission_error";
    case ErrorKind::NotFound: return "not_found_error";
    case ErrorKind::RateLimited: return "rate_limit_error";
    case ErrorKind::TimedOut: return "timeout_error";
    case ErrorKind::Transient: return isOverload(error) ? "overloaded_error" : "api_error";
    case ErrorKind::Broken:
    case ErrorKind::Unavailable:
    case ErrorKind::Internal: break;
  }
  return "api_error";
}

// The words by which agents know that they have to shorten a conversation; and a field's path,
// which has no place of its own.
std::string messageOf(const Error& error) {
  if (error.code == "context_length_exceeded") return "prompt is too long: " + error.message;
  if (error.param.empty() || error.message.contains(error.param)) return error.message;
  return error.param + ": " + error.message;
}

// What Anthropic's SDK sends all messages again for.
void writeThreadDetails(json::Writer& writer) {
  writer.key("details").beginObject().key("error_code").string(kNoThreads);
  writer.key("unsupported").beginArray().string("thread").endArray().endObject();
}

void appendBody(std::string& out, const Error& error, std::string_view requestId) {
  json::Writer writer(out);
  writer.beginObject().key("type").string("error").key("error").beginObject();
  writer.key("type").string(errorType(error)).key("message").string(messageOf(error));
  if (error.code == kNoThreads) writeThreadDetails(writer);
  writer.endObject().key("request_id");
  if (requestId.empty()) {
    writer.null();
  } else {
    writer.string(requestId);
  }
  writer.endObject();
}

}  // namespace

int errorStatus(const Error& error) {
  constexpr int kOverloaded = 529;
  switch (error.kind) {
    case ErrorKind::BadRequest: return 400;
    case ErrorKind::Forbidden: return 403;
    case ErrorKind::NotFound: return 404;
    case ErrorKind::RateLimited: return 429;
    case ErrorKind::Transient: return isOverload(error) ? kOverloaded : 503;
    case ErrorKind::TimedOut: return 504;
    case ErrorKind::Broken: return 502;
    case ErrorKind::Unavailable: return 503;
    case ErrorKind::Internal: break;
  }
  return 500;
}

std::string errorBody(const Error& error, std::string_view requestId) {
  std::string body;
  appendBody(body, error, requestId);
  return body;
}

std::string errorEvent(const Error& error, std::string_view requestId) {
  std::string event = "event: error\ndata: ";
  appendBody(event, error, requestId);
  event += "\n\n";
  return event;
}

}  // namespace rondo::anthropic
