#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "host/conversation_store.h"

// What is kept for clients, as it passes between module and worker: worker/memory/records.ts and
// worker/memory/memory.ts are the other side.

namespace rondo::frames {

// What the worker found of earlier turns: texts for what is lacking and its name, how many items
// there are of earlier turns, those, and the items that were named. Broken when the bytes are no
// such row.
Result<host::Recalled> readRecalled(std::string_view bytes);

std::string writeRecord(const host::Turn& turn);
std::string writeRecord(const host::Completion& completion);

}  // namespace rondo::frames
