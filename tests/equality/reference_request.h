#pragma once

#include <optional>

#include "equality/reference_messages.h"
#include "equality/target.h"

// A second, plain implementation of the way from a request to a body for Gemini: it is what
// production is compared with, and shares none of production's reading and writing of JSON, its
// families of models, its types of media or its suffixes of names. Where it calls production all
// the same, it sees no fault, and tables written by hand do: translation::cleanSchema
// (native/translation/schema_cleaner_test.cpp), addresses of the web (native/http/url_test.cpp),
// base64, trim and toLower (native/base). Its types of media are those that the generator uses; all
// of them are in native/translation/media_test.cpp. Left out: limits that a model showed
// (translation::ModelLimits) and signatures that were remembered.

namespace rondo::equality {

// The body of POST /v1/chat/completions → that of generateContent, to be printed by
// equality/printing.h; nothing when it is refused.
std::optional<Value> translate(const Value& request, const Target& target);

}  // namespace rondo::equality
