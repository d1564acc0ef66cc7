#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/field_reader.h"
#include "conversation/request.h"

// What chat completions and responses read alike. Each function takes what it needs out of the
// body, reports what is wrong, and goes on.

namespace rondo::openai {

using conversation::Faults;
using conversation::FieldReader;
using conversation::Path;

// A content that is a string or an array of parts.
std::vector<conversation::Content> readContent(json::Node content, const Path& path,
                                               Faults& faults);

// One part of a kind that `readContent` takes; `type` is its type.
std::optional<conversation::Content> readPart(FieldReader& part, std::string_view type,
                                              Faults& faults);

// extra_content.google.thought_signature and the places where other gateways put it.
std::string readSignature(FieldReader& carrier);

// `voice`: a name, or {"id": …}. May be empty.
std::string readVoice(FieldReader& holder, Faults& faults);

// The word under `key`.
std::optional<conversation::Effort> readEffort(FieldReader& holder, std::string_view key,
                                               Faults& faults);

// Reports a schema of a function's parameters, at `path`, that no object can be of.
void checkParameters(const json::Value& schema, std::string_view function, const Path& path,
                     Faults& faults);

// Tells what a search is asked to keep to and Google's can't: domains, and a place to search from.
void tellSearchLimits(json::Node search, conversation::Request& request);

// An order to moderate what is said, which nobody here would obey, is reported.
void refuseModeration(FieldReader& body, Faults& faults);

// Google's extras: `google`, `extra_body` and what clients merge into the top level.
void readExtras(FieldReader& body, conversation::Request& request, Faults& faults);

}  // namespace rondo::openai
