#include "google/text_event.h"

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

 private:
  // A name in the one spelling that Google gives it, quotes included.
  bool takeName(std::string_view quoted) { return cursor_.take(quoted) && cursor_.takeMark(':'); }

  // [{"content":{…},"index":0}]
  bool takeCandidates() {
    if (!cursor_.takeMark('[') || !cursor_.takeMark('{')) return false;
    if (!takeName(R"("content")") || !takeContent()) return false;
    if (cursor_.takeMark(',') && !(takeName(R"("index")") && cursor_.take('0'))) return false;
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
};

}  // namespace

std::optional<TextEvent> readTextEvent(std::string_view bytes) {
  EventReader reader(bytes);
  if (!reader.run()) return std::nullopt;
  return reader.event();
}

}  // namespace rondo::google
