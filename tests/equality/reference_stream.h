#pragma once

#include <string>
#include <string_view>

#include "equality/reference_answer.h"

// A second, plain implementation of the way from Google's answer to what a client sees. It takes
// the whole body at once, as server-sent events or as one document; limits of size are left out.

namespace rondo::equality {

// What a client sees of an answer. Both end in faultLine(code) when it breaks off or is none.
struct Shown {
  std::string stream;
  std::string completion;
};

Shown show(std::string_view body, const Setting& setting);

// How a fault is told here: its words are not compared.
inline std::string faultLine(std::string_view code) { return "fault: " + std::string(code) + "\n"; }

}  // namespace rondo::equality
