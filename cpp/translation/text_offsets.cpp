#include "translation/text_offsets.h"

#include <algorithm>

namespace rondo::translation {

std::int64_t countCodePoints(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

void TextOffsets::beginPart() { partStarts_.push_back(bytes_); }

void TextOffsets::addText(std::string_view text) {
  if (text.empty()) return;
  const std::int64_t count = countCodePoints(text);
  const bool isAscii = static_cast<std::size_t>(count) == text.size();
  Run& run = runFor(isAscii ? Run::Bytes::Ascii : Run::Bytes::Mixed);
  if (!isAscii) run.text += text;
  run.size += text.size();
  bytes_ += text.size();
  codePoints_ += count;
}

TextOffsets::Run& TextOffsets::runFor(Run::Bytes bytes) {
  if (!isOpen_ || runs_.back().bytes != bytes) {
    runs_.push_back({bytes, bytes_, codePoints_, 0, {}});
    isOpen_ = true;
  }
  return runs_.back();
}

void TextOffsets::addOther(std::string_view text) {
  isOpen_ = false;
  codePoints_ += countCodePoints(text);
}

std::int64_t TextOffsets::codePoint(std::int64_t offset, std::optional<std::int64_t> part) const {
  if (runs_.empty()) return 0;
  std::size_t base = 0;
  if (part && *part > 0 && static_cast<std::size_t>(*part) < partStarts_.size()) {
    base = partStarts_[static_cast<std::size_t>(*part)];
  }
  const std::size_t wanted = static_cast<std::size_t>(std::max<std::int64_t>(offset, 0));
  const std::size_t byte = base + std::min(wanted, bytes_ - base);
  const auto next = std::ranges::upper_bound(runs_, byte, {}, &Run::firstByte);
  const Run& run = next == runs_.begin() ? *next : *std::prev(next);
  const std::size_t inside = std::min(byte - std::min(byte, run.firstByte), run.size);
  if (run.bytes == Run::Bytes::Ascii) {
    return run.firstCodePoint + static_cast<std::int64_t>(inside);
  }
  return run.firstCodePoint + countCodePoints(std::string_view(run.text).substr(0, inside));
}

}  // namespace rondo::translation
