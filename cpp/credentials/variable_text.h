#pragma once

#include <string_view>

#include "credentials/fields.h"

namespace rondo::credentials {

// What a variable holds: its JSON document when it begins like an object, an array or a string,
// else its text, without the blanks around it, as a JSON string. Line ends and tabs inside the
// strings of a document are taken as they stand, since .env files turn "\n" into them.
Checked<json::Value> readVariable(std::string_view text);

}  // namespace rondo::credentials
