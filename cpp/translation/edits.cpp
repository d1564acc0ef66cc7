#include "translation/edits.h"

#include <algorithm>

namespace rondo::translation {

std::string Edits::applied(std::string_view text) && {
  std::ranges::sort(edits_, {}, &Edit::begin);
  std::string changed;
  std::size_t at = 0;
  for (const auto& edit : edits_) {
    changed.append(text.substr(at, edit.begin - at)).append(edit.text);
    at = edit.begin + edit.size;
  }
  return changed.append(text.substr(at));
}

}  // namespace rondo::translation
