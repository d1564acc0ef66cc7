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
    if (!cursor_.take("data:") || !cursor_.takeMark('{') || !takeName("candidates")) return false;
    if (!takeCandidates() || !takeRest()) return false;
    cursor_.skipSpace();
    if (!cursor_.take("\r\n\r\n") && !cursor_.take("\n\n")) return false;
    event_.size = cursor_.position();
    return true;
  }

  const TextEvent& event() const { return event_; }

 private:
  bool takeName(std::string_view name) { return cursor_.takeKey(key_) && key_.spelling() == name; }

  // [{"content":{…},"index":0}]
  bool takeCandidates() {
    if (!cursor_.takeMark('[') || !cursor_.takeMark('{') || !takeName("content")) return false;
    if (!takeContent()) return false;
    if (cursor_.takeMark(',') && !(takeName("index") && cursor_.take('0'))) return false;
    return cursor_.takeMark('}') && cursor_.takeMark(']');
  }

  // {"parts":[…],"role":"model"} in either order.
  bool takeContent() {
    if (!cursor_.takeMark('{') || !cursor_.takeKey(key_)) return false;
    const bool isRoleFirst = key_.spelling() == "role";
    if (isRoleFirst && !(takeRole() && cursor_.takeMark(',') && cursor_.takeKey(key_)))
      return false;
    if (key_.spelling() != "parts" || !takeParts()) return false;
    if (!isRoleFirst && cursor_.takeMark(',') && !(takeName("role") && takeRole())) return false;
    return cursor_.takeMark('}');
  }

  bool takeRole() { return cursor_.takeString(key_); }

  // [{"text":"…","thought":true}] in either order.
  bool takeParts() {
    if (!cursor_.takeMark('[') || !cursor_.takeMark('{') || !cursor_.takeKey(key_)) return false;
    const bool isThoughtFirst = key_.spelling() == "thought";
    if (isThoughtFirst && !(takeThought() && cursor_.takeMark(',') && cursor_.takeKey(key_))) {
      return false;
    }
    if (key_.spelling() != "text" || !cursor_.takeString(event_.text)) return false;
    if (!isThoughtFirst && cursor_.takeMark(',') && !(takeName("thought") && takeThought())) {
      return false;
    }
    return cursor_.takeMark('}') && cursor_.takeMark(']');
  }

  bool takeThought() {
    event_.isThought = true;
    return cursor_.take("true");
  }

  // What may follow the candidates without a meaning of its own, and the counts.
  bool takeRest() {
    while (cursor_.takeMark(',')) {
      if (!cursor_.takeKey(key_)) return false;
      const std::string_view name = key_.spelling();
      if (name == "usageMetadata") {
        if (!takeUsage()) return false;
      } else if (name == "modelVersion" || name == "responseId" || name == "createTime") {
        if (!cursor_.takeString(key_)) return false;
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
  json::Text key_;
  TextEvent event_;
};

}  // namespace

std::optional<TextEvent> readTextEvent(std::string_view bytes) {
  EventReader reader(bytes);
  if (!reader.run()) return std::nullopt;
  return reader.event();
}

}  // namespace rondo::google
