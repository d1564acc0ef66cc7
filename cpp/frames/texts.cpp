#include "frames/texts.h"

#include <cstdint>

#include "frames/numbers.h"

namespace rondo::frames {
namespace {

Error broken() { return makeError(ErrorKind::Broken, "The worker sent broken texts."); }

}  // namespace

Result<Texts> readTexts(std::string_view bytes) {
  if (bytes.size() < kNumberBytes) return fail(broken());
  const std::size_t count = readNumber(bytes);
  bytes.remove_prefix(kNumberBytes);
  if (count > bytes.size() / kNumberBytes) return fail(broken());
  std::string_view lengths = bytes.substr(0, count * kNumberBytes);
  bytes.remove_prefix(lengths.size());
  Texts texts;
  texts.all.reserve(count);
  for (; !lengths.empty(); lengths.remove_prefix(kNumberBytes)) {
    const std::size_t length = readNumber(lengths);
    if (length > bytes.size()) return fail(broken());
    texts.all.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  texts.rest = bytes;
  return texts;
}

std::string writeTexts(std::span<const std::string_view> texts) {
  std::size_t size = kNumberBytes * (1 + texts.size());
  for (const auto text : texts) size += text.size();
  std::string out;
  out.reserve(size);
  appendNumber(out, texts.size());
  for (const auto text : texts) appendNumber(out, text.size());
  for (const auto text : texts) out += text;
  return out;
}

}  // namespace rondo::frames
