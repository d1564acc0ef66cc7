#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::translation {

// Knows where each byte of Google's text parts ended up in the content that the client sees, which
// is counted in Unicode code points and may hold more than those parts (blocks of code). A place is
// found in steps that don't grow with the text, nearly.
class TextOffsets {
 public:
  // Beyond, no more is noted: a stream may go on for ever.
  static constexpr std::size_t kMaxBytes = 16 * 1024 * 1024;
  static constexpr std::size_t kMaxParts = 64 * 1024;

  // A part of Google's begins; `index` in Google's citations counts these.
  void beginPart();
  // Text of Google's that became content.
  void addText(std::string_view text);
  // Content that is not text of Google's.
  void addOther(std::string_view text);

  // Of a stretch: where its first byte is, and where the byte before its end ends. They differ
  // where something else stands between the two.
  enum class Edge { Begin, End };

  // The place in the content of byte `offset`, counted from part `part` when it names one, from
  // the first part otherwise. What lies outside is moved to the nearest end.
  std::int64_t codePoint(std::int64_t offset, std::optional<std::int64_t> part, Edge edge) const;

 private:
  struct Run {
    // Only what is not all ASCII has to be looked at once more to count in it.
    enum class Bytes { Ascii, Mixed };

    Bytes bytes;
    std::size_t firstByte;        // In Google's text.
    std::int64_t firstCodePoint;  // In the content.
    std::size_t mixedBegin;       // In `mixed_`, when Mixed.
    std::size_t size = 0;         // In bytes.
  };

  bool isFull() const;
  Run& runFor(Run::Bytes bytes);
  const Run& runAt(std::size_t byte, Edge edge) const;
  void addTo(Run& run, std::string_view text);

  std::vector<Run> runs_;
  std::string mixed_;                    // The text of all Mixed runs.
  std::vector<std::size_t> partStarts_;  // In Google's text.
  std::size_t bytes_ = 0;                // Google's.
  std::int64_t codePoints_ = 0;          // The content's.
  bool isOpen_ = false;                  // The last run may go on.
};

}  // namespace rondo::translation
