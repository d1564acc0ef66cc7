#include "wasm/frame.h"

namespace rondo::wasm {
namespace {

constexpr std::size_t kLengthBytes = 4;

std::uint32_t readLength(std::string_view bytes) {
  std::uint32_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) {
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return length;
}

void appendLength(std::string& out, std::size_t length) {
  for (std::size_t i = 0; i < kLengthBytes; ++i) out += static_cast<char>(length >> 8 * i & 255U);
}

Error broken() { return makeError(ErrorKind::Broken, "The worker sent a broken frame."); }

}  // namespace

Result<Frame> readFrame(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) return fail(broken());
  const std::size_t length = readLength(bytes);
  bytes.remove_prefix(kLengthBytes);
  if (length > bytes.size()) return fail(broken());
  auto head = json::parse(bytes.substr(0, length));
  if (!head || !head->is_object()) return fail(broken());
  return Frame{std::move(*head), bytes.substr(length)};
}

std::string writeFrame(const json::Value& head, std::string_view body) {
  const std::string text = json::dump(head);
  std::string out;
  out.reserve(kLengthBytes + text.size() + body.size());
  appendLength(out, text.size());
  out.append(text).append(body);
  return out;
}

http::Headers readHeaders(const json::Value& head) {
  http::Headers headers;
  const json::Value* fields = json::findObject(head, "headers");
  if (!fields) return headers;
  for (const auto& [name, value] : fields->items()) {
    if (const auto text = json::asString(value)) headers.set(name, std::string(*text));
  }
  return headers;
}

json::Value writeHeaders(const http::Headers& headers) {
  json::Value fields = json::Value::object();
  for (const auto& [name, value] : headers) fields[name] = value;
  return fields;
}

}  // namespace rondo::wasm
