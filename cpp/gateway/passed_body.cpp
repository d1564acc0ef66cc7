#include "gateway/passed_body.h"

#include <array>

#include "gateway/native_body.h"
#include "google/plain_name.h"

namespace rondo::gateway {
namespace {

std::array<json::Node, 2> extrasOf(const json::Node& chat) {
  return {chat.find("google"), chat.find("extra_body").find("google")};
}

bool isHosted(const json::Node& tool) {
  const auto type = tool.find("type").string();
  return !type.empty() && type != "function" && type != "custom";
}

}  // namespace

bool asksForHostedTools(const json::Node& chat) {
  if (chat.find("web_search_options")) return true;
  for (const auto& tool : chat.find("tools").elements()) {
    if (isHosted(tool)) return true;
  }
  for (const auto& extras : extrasOf(chat)) {
    if (hasHostedTools(extras)) return true;
  }
  return false;
}

bool namesCache(const json::Node& chat) {
  for (const auto& extras : extrasOf(chat)) {
    for (const auto& [key, value] : extras.members()) {
      if (google::plainName(key.string()) == "cachedcontent" && !value.string().empty())
        return true;
    }
  }
  return false;
}

}  // namespace rondo::gateway
