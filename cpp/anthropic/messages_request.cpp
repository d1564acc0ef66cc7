#include "anthropic/messages_request.h"

#include <limits>
#include <utility>

#include "anthropic/messages_request_parts.h"

namespace rondo::anthropic {
namespace {

using conversation::Purpose;
using conversation::Request;

constexpr std::int64_t kMaxTokens = std::numeric_limits<std::int32_t>::max();

// Anthropic keeps the messages of a thread; we keep none. Its SDK sends all of them again when it
// is told so.
void refuseThreads(FieldReader& body, Faults& faults) {
  if (!body.any("thread")) return;
  faults.report(badRequest("Threads are not kept here: send all messages in each request.",
                           body.at("thread").text(), "thread_unsupported_request"));
}

// An answer of no tokens is asked for to warm a cache: what it costs is what a count tells.
void readPurpose(FieldReader& body, Purpose wanted, Reading& reading) {
  Request& request = reading.request;
  request.purpose = wanted;
  const auto most = body.integer("max_tokens", 0, kMaxTokens);
  if (wanted == Purpose::Count) return;
  if (!body.any("max_tokens")) return reading.faults.missing(body.at("max_tokens"));
  if (most == 0) {
    request.purpose = Purpose::Count;
  } else {
    request.maxTokens = most;
  }
  if (body.boolean("stream").value_or(false)) request.stream = conversation::Streaming::On;
}

std::vector<std::string> readStops(FieldReader& body, Faults& faults) {
  std::vector<std::string> stops;
  const Path path = body.at("stop_sequences");
  for (std::size_t i = 0; const json::Node stop : body.array("stop_sequences").elements()) {
    const Path place(path, i++);
    if (!stop.isString()) faults.wrongType(place, "a string", stop);
    stops.push_back(stop.string());
  }
  std::erase(stops, "");
  return stops;
}

void readSampling(FieldReader& body, Reading& reading) {
  Request& request = reading.request;
  request.temperature = body.number("temperature", 0, 2);
  request.topP = body.number("top_p", 0, 1);
  const auto topK = body.integer("top_k", 0, kMaxTokens);
  if (topK != 0) request.topK = topK;
  request.stop = readStops(body, reading.faults);
}

void readMetadata(FieldReader& body, Reading& reading) {
  const json::Node holder = body.any("metadata");
  const Path path = body.at("metadata");
  if (!holder) return;
  FieldReader metadata(holder, path, reading.faults);
  reading.request.user = metadata.string("user_id");
}

}  // namespace

Result<Request> parseMessagesRequest(std::string_view text, Purpose wanted) {
  json::Document document;
  if (auto read = document.read(text); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  if (!faults.any()) refuseThreads(body, faults);
  if (faults.any()) return fail(faults.first());

  Request request;
  Reading reading{request, faults};
  request.body = text;
  request.hostedStyle = conversation::HostedStyle::Apart;
  request.model = body.requiredString("model");
  readMessages(body, reading);
  readPurpose(body, wanted, reading);
  readSampling(body, reading);
  readTools(body, reading);
  readOutputSettings(body, reading);
  readMetadata(body, reading);
  if (faults.any()) return fail(faults.first());
  return request;
}

}  // namespace rondo::anthropic
