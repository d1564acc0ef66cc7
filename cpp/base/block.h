#pragma once

#include <cstddef>
#include <cstring>

// Sixteen bytes that are looked at together: the compilers' own vectors, which become instructions
// of WebAssembly's SIMD, of SSE2, or of whatever the machine has.

namespace rondo {

inline constexpr std::size_t kBlockBytes = 16;

using Block = signed char __attribute__((vector_size(kBlockBytes)));

inline Block loadBlock(const char* bytes) {
  Block block;
  std::memcpy(&block, bytes, sizeof block);
  return block;
}

inline void storeBlock(char* bytes, Block block) { std::memcpy(bytes, &block, sizeof block); }

// Bit i is set when byte i of a comparison's result says yes.
inline unsigned bitsOf(Block answers) {
#if defined(__wasm_simd128__)
  return static_cast<unsigned>(__builtin_wasm_bitmask_i8x16(answers));
#elif defined(__SSE2__)
  using Chars = char __attribute__((vector_size(kBlockBytes)));
  Chars chars;
  std::memcpy(&chars, &answers, sizeof chars);
  return static_cast<unsigned>(__builtin_ia32_pmovmskb128(chars));
#else
  unsigned bits = 0;
  for (unsigned i = 0; i < kBlockBytes; ++i) bits |= answers[i] ? 1U << i : 0U;
  return bits;
#endif
}

}  // namespace rondo
