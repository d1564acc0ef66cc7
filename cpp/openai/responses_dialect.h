#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "conversation/dialect.h"
#include "openai/responses_request.h"

namespace rondo::openai {

// `POST /v1/responses`.
const conversation::Dialect& responsesDialect();
// `POST /v1/responses/input_tokens`: how many tokens such a request has.
const conversation::Dialect& responsesCountDialect();
// `POST /v1/responses/compact`: a conversation made shorter.
const conversation::Dialect& responsesCompactDialect();

// Any of these where responses are stored, or where `storing` tells why not. A response that came
// to its end is put into `kept` too, unless that is null; it must outlive all that comes of the
// dialect. `memoryField` brought the items of earlier turns, where there are any.
std::unique_ptr<conversation::Dialect> storingResponsesDialect(ResponsesCall call, Storing storing,
                                                               std::string* kept,
                                                               std::string_view memoryField);

}  // namespace rondo::openai
