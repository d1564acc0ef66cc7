#pragma once

#include "base/task.h"
#include "gateway/services.h"

namespace rondo::gateway {

// What OpenAI's clients do with files: they lie at Google's, for 48 hours, with one credential
// each. Operations, as those of operations.h.
Task<void> createFile(Exchange& exchange);
Task<void> listFiles(Exchange& exchange);
Task<void> getFile(Exchange& exchange);
Task<void> deleteFile(Exchange& exchange);
// Refuses: Google gives nothing of a file back.
Task<void> fileContent(Exchange& exchange);

}  // namespace rondo::gateway
