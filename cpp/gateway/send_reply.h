#pragma once

#include <string>

#include "base/error.h"
#include "conversation/dialect.h"
#include "gateway/services.h"
#include "host/reply.h"
#include "http/headers.h"

namespace rondo::gateway {

// Answers with the error object in these words, its status and, when it says how long to wait,
// `retry-after` and `retry-after-ms`. `headers` is added to.
void sendError(Exchange& exchange, const conversation::ErrorWords& words, const Error& error,
               http::Headers headers = {});

// The same in OpenAI's words, for operations that are of no other dialect.
void sendError(Exchange& exchange, const Error& error, http::Headers headers = {});

// Answers an operator with what holds for the moment.
void sendToOperator(Exchange& exchange, std::string body,
                    std::string_view type = "application/json");

// Answers 200 with a body of that content type, or with one of JSON.
void sendWhole(host::Reply& reply, std::string body, std::string_view type,
               http::Headers headers = {});
void sendJson(host::Reply& reply, std::string body, http::Headers headers = {});

}  // namespace rondo::gateway
