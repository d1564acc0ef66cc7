#include "base/bytes.h"

#include <bit>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace rondo {
namespace {

#if defined(__wasm_simd128__)
constexpr std::size_t kBlock = 16;

// Bit i tells that byte i is one of the two.
unsigned matches(const char* block, char one, char other) {
  const v128_t bytes = wasm_v128_load(block);
  return wasm_i8x16_bitmask(wasm_v128_or(wasm_i8x16_eq(bytes, wasm_i8x16_splat(one)),
                                         wasm_i8x16_eq(bytes, wasm_i8x16_splat(other))));
}
#elif defined(__SSE2__)
constexpr std::size_t kBlock = 16;

unsigned matches(const char* block, char one, char other) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  const __m128i either = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(one)),
                                      _mm_cmpeq_epi8(bytes, _mm_set1_epi8(other)));
  return static_cast<unsigned>(_mm_movemask_epi8(either));
}
#else
constexpr std::size_t kBlock = 1;

unsigned matches(const char* block, char one, char other) {
  return *block == one || *block == other ? 1 : 0;
}
#endif

}  // namespace

std::size_t findEither(std::string_view bytes, char one, char other) {
  std::size_t at = 0;
  for (; at + kBlock <= bytes.size(); at += kBlock) {
    if (const unsigned found = matches(bytes.data() + at, one, other)) {
      return at + static_cast<std::size_t>(std::countr_zero(found));
    }
  }
  while (at < bytes.size() && bytes[at] != one && bytes[at] != other) ++at;
  return at;
}

}  // namespace rondo
