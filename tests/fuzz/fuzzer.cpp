#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

// What libFuzzer calls. RONDO_FUZZ_TARGET is one of the functions of targets.h.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rondo::fuzz::RONDO_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
