#include "frames/frame.h"

#include "frames/numbers.h"

namespace rondo::frames {
namespace {

Error broken() { return makeError(ErrorKind::Broken, "The worker sent a broken frame."); }

}  // namespace

Result<Frame> readFrame(std::string_view bytes) {
  if (bytes.size() < kNumberBytes) return fail(broken());
  const std::size_t length = readNumber(bytes);
  bytes.remove_prefix(kNumberBytes);
  if (length > bytes.size()) return fail(broken());
  auto head = json::parse(bytes.substr(0, length));
  if (!head || !head->is_object()) return fail(broken());
  return Frame{std::move(*head), bytes.substr(length)};
}

std::string writeFrame(const json::Value& head, std::string_view body) {
  const std::string text = json::dump(head);
  std::string out;
  out.reserve(kNumberBytes + text.size() + body.size());
  appendNumber(out, text.size());
  out.append(text).append(body);
  return out;
}

}  // namespace rondo::frames
