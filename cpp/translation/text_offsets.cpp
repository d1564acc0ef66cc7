#include "translation/text_offsets.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/utf8.h"

namespace rondo::translation {
namespace {

// What is counted in for each place has a bound.
constexpr std::size_t kMixedBytes = 256;

constexpr std::size_t kMaxRuns = 256 * 1024;

}  // namespace

bool TextOffsets::isFull() const { return bytes_ >= kMaxBytes || runs_.size() >= kMaxRuns; }

void TextOffsets::beginPart() {
  if (partStarts_.size() < kMaxParts) partStarts_.push_back(bytes_);
}

void TextOffsets::addText(std::string_view text) {
  const bool isAscii = areAscii(text);
  while (!text.empty() && !isFull()) {
    Run& run = runFor(isAscii ? Run::Bytes::Ascii : Run::Bytes::Mixed);
    const std::size_t room = run.bytes == Run::Bytes::Ascii ? text.size() : kMixedBytes - run.size;
    addTo(run, text.substr(0, room));
    text.remove_prefix(std::min(room, text.size()));
  }
}

// A Mixed run takes ASCII too: what comes in small pieces makes no more runs for it.
TextOffsets::Run& TextOffsets::runFor(Run::Bytes bytes) {
  const bool goesOn =
      isOpen_ && (runs_.back().bytes == Run::Bytes::Mixed ? runs_.back().size < kMixedBytes
                                                          : bytes == Run::Bytes::Ascii);
  if (!goesOn) runs_.push_back({bytes, bytes_, codePoints_, mixed_.size()});
  isOpen_ = true;
  return runs_.back();
}

void TextOffsets::addTo(Run& run, std::string_view text) {
  if (run.bytes == Run::Bytes::Mixed) mixed_ += text;
  run.size += text.size();
  bytes_ += text.size();
  codePoints_ += run.bytes == Run::Bytes::Ascii ? static_cast<std::int64_t>(text.size())
                                                : countCodePoints(text);
}

void TextOffsets::addOther(std::string_view text) {
  isOpen_ = false;
  codePoints_ += countCodePoints(text);
}

std::int64_t TextOffsets::codePoint(std::int64_t offset, std::optional<std::int64_t> part,
                                    Edge edge) const {
  if (runs_.empty()) return 0;
  std::size_t base = 0;
  if (part && *part > 0 && static_cast<std::size_t>(*part) < partStarts_.size()) {
    base = partStarts_[static_cast<std::size_t>(*part)];
  }
  const std::size_t wanted = static_cast<std::size_t>(std::max<std::int64_t>(offset, 0));
  const std::size_t byte = base + std::min(wanted, bytes_ - base);
  const Run& run = runAt(byte, edge);
  const std::size_t inside = std::min(byte - run.firstByte, run.size);
  if (run.bytes == Run::Bytes::Ascii) {
    return run.firstCodePoint + static_cast<std::int64_t>(inside);
  }
  return run.firstCodePoint +
         countCodePoints(std::string_view(mixed_).substr(run.mixedBegin, inside));
}

const TextOffsets::Run& TextOffsets::runAt(std::size_t byte, Edge edge) const {
  const auto next = edge == Edge::Begin
                        ? std::ranges::upper_bound(runs_, byte, {}, &Run::firstByte)
                        : std::ranges::lower_bound(runs_, byte, {}, &Run::firstByte);
  return next == runs_.begin() ? *next : *std::prev(next);
}

}  // namespace rondo::translation
