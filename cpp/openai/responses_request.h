#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "conversation/request.h"
#include "openai/responses_tool_names.h"

// The body of `POST /v1/responses` and of what is asked in the same terms. Field names and types
// are those of OpenAI's API reference (platform.openai.com/docs/api-reference/responses). Where
// nothing is stored, what needs a store is refused, or, where nothing is lost, left out and told.

namespace rondo::openai {

// What is asked of a conversation.
enum class ResponsesCall { Create, CountTokens, Compact };

// Where the items go: to a model, or into a conversation of which models are asked later.
enum class Destination { Model, Conversation };

// Whether responses are stored: nowhere, not for this client, or so.
enum class Storing { Missing, Denied, On };

// Whether a reasoning item may hold nothing but what the client is to bring back.
enum class BareReasoning { Omitted, Told };

enum class Detail { Omitted, Included };

// What concerns the shape of the answer alone, and the client's own names.
struct ResponsesStyle {
  ResponsesCall call = ResponsesCall::Create;
  Storing storing = Storing::Missing;
  std::string* kept = nullptr;  // Gets a response that came to its end, unless it is null.
  ToolNames tools;
  BareReasoning bareReasoning = BareReasoning::Omitted;
  // `include`
  Detail searchSources = Detail::Omitted;
  Detail codeOutputs = Detail::Omitted;
  std::string_view thinking = "reasoning";  // The field that tells how to think.
  std::string echo;                         // Members of the response, as the request has them.
  std::vector<std::string> userContents;    // Of Compact: each user message's, JSON.
};

struct ResponsesRequest {
  conversation::Request request;
  ResponsesStyle style;
  std::unordered_set<std::string> declared = {};  // The names of the request's tools.
  Destination destination = Destination::Model;
};

// Reads the body of a request. The texts of its messages and its media are borrowed from `body`,
// which must outlive the request. An absent field and null are the same; unknown fields are
// ignored. Where responses are stored, the items of earlier turns are in the body already
// (responses_memory.h). BadRequest, with the path of the field as `param`.
Result<ResponsesRequest> parseResponsesRequest(std::string_view body, ResponsesCall call,
                                               Storing storing = Storing::Missing);

// Reads the items that a conversation is to take, `{"items":[…]}`, as those of a request are read,
// so that each request of the conversation can be. A reference to an item is none. As above.
Result<ResponsesRequest> parseNewItems(std::string_view list);

}  // namespace rondo::openai
