#include "json/path.h"

#include "json/cursor.h"
#include "json/value.h"

namespace rondo::json {
namespace {

class Finder {
 public:
  Finder(std::string_view document, std::size_t offset) : cursor_(document), offset_(offset) {
    cursor_.skipSpace();
  }

  // Whether the byte lies within the value that comes next.
  bool find(std::size_t depth) {
    const char first = cursor_.peek();
    const bool isContainer = first == '{' || first == '[';
    if (!isContainer) return cursor_.takeValue() && offset_ < cursor_.position();
    if (offset_ <= cursor_.position() || depth == kMaxDepth) return true;
    return first == '{' ? findMember(depth) : findElement(depth);
  }

  std::string path;

 private:
  bool findMember(std::size_t depth) {
    const std::size_t length = path.size();
    cursor_.takeMark('{');
    for (Text key; cursor_.takeKey(key); path.resize(length)) {
      if (!path.empty()) path += '.';
      path += key.plain();
      if (find(depth + 1)) return true;
      if (!cursor_.takeMark(',')) break;
    }
    path.resize(length);
    cursor_.takeMark('}');
    return offset_ < cursor_.position();
  }

  bool findElement(std::size_t depth) {
    const std::size_t length = path.size();
    cursor_.takeMark('[');
    for (std::size_t i = 0; !cursor_.isAtEnd(); ++i, path.resize(length)) {
      path += '[' + std::to_string(i) + ']';
      if (find(depth + 1)) return true;
      if (!cursor_.takeMark(',')) break;
    }
    path.resize(length);
    cursor_.takeMark(']');
    return offset_ < cursor_.position();
  }

  Cursor cursor_;
  std::size_t offset_;
};

}  // namespace

std::string pathTo(std::string_view document, std::size_t offset) {
  Finder finder(document, offset);
  return finder.find(0) ? std::move(finder.path) : std::string();
}

}  // namespace rondo::json
