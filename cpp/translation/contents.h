#pragma once

#include <string_view>

#include "base/result.h"
#include "json/writer.h"
#include "translation/body_context.h"

namespace rondo::translation {

// `contents` and `systemInstruction`. `instruction` is added to what the client's own system
// messages say, when it is not empty.
// BadRequest for media that can't be read.
Result<void> writeContents(json::Writer& writer, const BodyContext& context,
                           std::string_view instruction, Adjusted& adjusted);

}  // namespace rondo::translation
