#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace rondo::frames {

// A frame as abi.h defines it. `body` looks into the bytes the frame was read from.
struct Frame {
  json::Value head;
  std::string_view body;
};

// Broken when the bytes are not a frame.
Result<Frame> readFrame(std::string_view bytes);

std::string writeFrame(const json::Value& head, std::string_view body);

}  // namespace rondo::frames
