#include "google/text_event.h"

#include "base/bytes.h"
#include "json/cursor.h"

namespace rondo::google {
namespace {

// Walks over an event, on one line as server-sent events want it.
class EventReader {
 public:
  explicit EventReader(std::string_view bytes)
      : bytes_(bytes), cursor_(bytes, json::Cursor::Space::WithinLine) {}

  bool run() {
    if (!cursor_.take("data:") || !cursor_.takeMark('{')) return false;
    if (!takeName(R"("candidates")") || !takeCandidates() || !takeRest()) return false;
    cursor_.skipSpace();
    if (!cursor_.take("\r\n\r\n") && !cursor_.take("\n\n")) return false;
    event_.size = cursor_.position();
    return true;
  }

  const TextEvent& event() const { return event_; }
  // Where the candidate's index stands; 0 when it is not told.
  std::size_t index() const { return index_; }

 private:
  // A name in the one spelling that Google gives it, quotes included.
  bool takeName(std::string_view quoted) { return cursor_.take(quoted) && cursor_.takeMark(':'); }

  // [{"content":{…},"index":0}]
  bool takeCandidates() {
    if (!cursor_.takeMark('[') || !cursor_.takeMark('{')) return false;
    if (!takeName(R"("content")") || !takeContent()) return false;
    if (cursor_.takeMark(',') && !(takeName(R"("index")") && takeIndex())) return false;
    return cursor_.takeMark('}') && cursor_.takeMark(']');
  }

  // {"parts":[…],"role":"model"} in either order.
  bool takeContent() {
    if (!cursor_.takeMark('{')) return false;
    const bool isRoleFirst = takeName(R"("role")");
    if (isRoleFirst && !(takeString() && cursor_.takeMark(','))) return false;
    if (!takeName(R"("parts")") || !takeParts()) return false;
    if (!isRoleFirst && cursor_.takeMark(',') && !(takeName(R"("role")") && takeString())) {
      return false;
    }
    return cursor_.takeMark('}');
  }

  // [{"text":"…","thought":true}] in either order.
  bool takeParts() {
    if (!cursor_.takeMark('[') || !cursor_.takeMark('{')) return false;
    const bool isThoughtFirst = takeName(R"("thought")");
    if (isThoughtFirst && !(takeTrue() && cursor_.takeMark(','))) return false;
    if (!takeName(R"("text")") || !cursor_.takeString(event_.text)) return false;
    const bool isThoughtLast = !isThoughtFirst && cursor_.takeMark(',');
    if (isThoughtLast && !(takeName(R"("thought")") && takeTrue())) return false;
    event_.isThought = isThoughtFirst || isThoughtLast;
    return cursor_.takeMark('}') && cursor_.takeMark(']');
  }

  bool takeIndex() {
    index_ = cursor_.position();
    return cursor_.take('0');
  }

  bool takeTrue() { return cursor_.take("true"); }

  bool takeString() {
    json::Text ignored;
    return cursor_.takeString(ignored);
  }

  // What may follow the candidates: the counts, and what has no meaning here.
  bool takeRest() {
    while (cursor_.takeMark(',')) {
      if (takeName(R"("usageMetadata")")) {
        if (!takeUsage()) return false;
      } else if (takeName(R"("modelVersion")") || takeName(R"("responseId")") ||
                 takeName(R"("createTime")")) {
        if (!takeString()) return false;
      } else {
        return false;
      }
    }
    return cursor_.take('}');
  }

  bool takeUsage() {
    const std::size_t begin = cursor_.position();
    // The document and this object are two levels.
    if (cursor_.peek() != '{' || !cursor_.takeValue(1)) return false;
    event_.usage = bytes_.substr(begin, cursor_.position() - begin);
    return true;
  }

  std::string_view bytes_;
  json::Cursor cursor_;
  TextEvent event_;
  std::size_t index_ = 0;
};

// Whether numbers stay within a double's range whatever their digits.
bool areSurelyFinite(std::string_view counts) {
  std::size_t digits = 0;
  for (const char c : counts) {
    if (digits > 0 && (c == 'e' || c == 'E')) return false;
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits >= json::kSurelyFiniteDigits) return false;
  }
  return true;
}

std::size_t beginOf(std::string_view part, std::string_view bytes) {
  return static_cast<std::size_t>(part.data() - bytes.data());
}

}  // namespace

std::optional<TextEvent> TextEventReader::read(std::string_view bytes) {
  if (auto event = readLikeLast(bytes)) return event;
  EventReader reader(bytes);
  if (!reader.run()) return std::nullopt;
  remember(reader.event(), bytes, reader.index());
  return reader.event();
}

std::optional<TextEvent> TextEventReader::readLikeLast(std::string_view bytes) const {
  if (last_.head.empty() || !beginWith(bytes, last_.head)) return std::nullopt;
  json::Text text;
  json::Cursor cursor(bytes.substr(last_.head.size() - 1));
  if (!cursor.takeString(text)) return std::nullopt;
  const std::size_t end = beginOf(text.spelling(), bytes) + text.spelling().size();
  const std::string_view tail = bytes.substr(end, last_.tail.size());
  if (!differOnlyInDigits(last_.tail, tail)) return std::nullopt;
  if (tail[last_.indexAt] != last_.tail[last_.indexAt]) return std::nullopt;
  return TextEvent{text, last_.isThought, tail.substr(last_.usageBegin, last_.usageSize),
                   end + tail.size()};
}

void TextEventReader::remember(const TextEvent& event, std::string_view bytes, std::size_t index) {
  const std::size_t begin = beginOf(event.text.spelling(), bytes);
  const std::size_t end = begin + event.text.spelling().size();
  const std::string_view tail = bytes.substr(end, event.size - end);
  // Behind a backslash, a digit may be part of an escape.
  const bool mayRecur = !tail.contains('\\') && areSurelyFinite(event.usage);
  last_.head = bytes.substr(0, mayRecur ? begin : 0);
  last_.tail = tail;
  last_.isThought = event.isThought;
  last_.indexAt = index > end ? index - end : 0;
  last_.usageSize = event.usage.size();
  last_.usageBegin = event.usage.empty() ? 0 : beginOf(event.usage, tail);
}

}  // namespace rondo::google
