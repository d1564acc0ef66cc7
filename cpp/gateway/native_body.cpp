#include "gateway/native_body.h"

#include "google/plain_name.h"

namespace rondo::gateway {

bool hasHostedTools(const json::Node& body) {
  for (const auto& [key, tools] : body.members()) {
    if (google::plainName(key.string()) != "tools") continue;
    for (const auto& tool : tools.elements()) {
      for (const auto& [name, value] : tool.members()) {
        if (google::plainName(name.string()) != "functiondeclarations") return true;
      }
    }
  }
  return false;
}

std::size_t textBytes(const json::Node& body) {
  constexpr std::string_view kMedia = "\"data:";
  if (body.isString()) return body.source().starts_with(kMedia) ? 0 : body.source().size();
  std::size_t bytes = 0;
  for (const auto& element : body.elements()) bytes += textBytes(element);
  for (const auto& [key, value] : body.members()) {
    if (key.text() != "data") bytes += textBytes(value);
  }
  return bytes;
}

}  // namespace rondo::gateway
