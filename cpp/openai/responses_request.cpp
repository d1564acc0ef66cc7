#include "openai/responses_request.h"

#include "openai/responses_request_parts.h"

namespace rondo::openai {
namespace {

Error needsStore(std::string field, std::string code) {
  std::string text = "'" + field +
                     "' needs responses that are stored, and nothing is stored here. Send "
                     "'store: false' and all items of the conversation in 'input'.";
  return badRequest(std::move(text), std::move(field), std::move(code));
}

// A conversation is named by a text, or by an object that holds one.
void checkConversation(FieldReader& body, Faults& faults) {
  const json::Node named = body.any("conversation");
  if (!named || named.isString()) return;
  const Path path = body.at("conversation");
  if (!named.isObject()) return faults.wrongType(path, "a string or an object", named);
  FieldReader(named, path, faults).requiredString("id");
}

// What Rondo keeps for nobody, whether or not it stores anything.
void refuseUnkept(FieldReader& body, Faults& faults) {
  if (body.any("prompt")) {
    faults.report(badRequest(
        "'prompt' names a prompt that is kept at OpenAI, and none are kept here. Send what it says "
        "in 'instructions' and 'input'.",
        "prompt", "prompt_not_found"));
  }
  if (body.boolean("background").value_or(false)) {
    faults.report(badRequest(
        "'background' is not supported: a response is made while its request waits. Leave it out, "
        "and send 'stream: true' for what takes long.",
        "background", "unsupported_parameter"));
  }
  refuseModeration(body, faults);
}

void refuseStored(FieldReader& body, Storing storing, Faults& faults) {
  if (storing == Storing::On) {
    body.string("previous_response_id");
    checkConversation(body, faults);
  } else {
    if (body.any("previous_response_id")) {
      faults.report(needsStore("previous_response_id", "previous_response_not_found"));
    }
    if (body.any("conversation")) {
      faults.report(needsStore("conversation", "conversation_not_found"));
    }
  }
}

}  // namespace

Result<ResponsesRequest> parseResponsesRequest(std::string_view text, ResponsesCall call,
                                               Storing storing) {
  json::Document document;
  if (auto read = document.read(text); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  if (faults.any()) return fail(faults.first());

  ResponsesRequest responses;
  conversation::Request& request = responses.request;
  responses.style.call = call;
  responses.style.storing = storing;
  request.body = text;
  request.hostedStyle = conversation::HostedStyle::Apart;
  if (call == ResponsesCall::CountTokens) request.purpose = conversation::Purpose::Count;
  request.model = body.requiredString("model");
  refuseStored(body, storing, faults);
  refuseUnkept(body, faults);
  readToolList(body, "tools", responses, faults);
  readInput(body, responses, faults);
  readToolUse(body, responses, faults);
  readResponsesSettings(body, responses, faults);
  if (faults.any()) return fail(faults.first());
  if (call == ResponsesCall::Create) responses.style.echo = echoOf(body, storing);
  return responses;
}

Result<ResponsesRequest> parseNewItems(std::string_view list) {
  json::Document document;
  if (auto read = document.read(list); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader fields(document.root(), root, faults);
  ResponsesRequest responses;
  responses.destination = Destination::Conversation;
  responses.request.body = list;
  readNewItems(fields, responses, faults);
  if (faults.any()) return fail(faults.first());
  return responses;
}

}  // namespace rondo::openai
