#include "gateway/renamed_events.h"

#include <utility>

#include "base/ascii.h"
#include "base/bounds.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kData = "data:";

}  // namespace

std::optional<std::string_view> RenamedEvents::feed(std::string_view bytes) {
  output_.clear();
  for (;;) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) break;
    pending_ += bytes.substr(0, end + 1);
    append(pending_);
    pending_.clear();
    bytes.remove_prefix(end + 1);
  }
  pending_ += bytes;
  // Whatever that is, it passes: behind it no line begins.
  if (pending_.size() > bounds::kAnswerBytes) output_ += std::exchange(pending_, {});
  return output_;
}

std::string RenamedEvents::finish() {
  output_.clear();
  append(std::exchange(pending_, {}));
  return std::move(output_);
}

void RenamedEvents::append(std::string_view line) {
  if (line.starts_with(kData)) {
    const auto data = trim(line.substr(kData.size()));
    if (const auto renamed =
            translation::withChangedIds(data, translation::Author::Google, change_)) {
      const auto before = static_cast<std::size_t>(data.data() - line.data());
      output_.append(line.substr(0, before)).append(*renamed);
      output_.append(line.substr(before + data.size()));
      return;
    }
  }
  output_ += line;
}

}  // namespace rondo::gateway
