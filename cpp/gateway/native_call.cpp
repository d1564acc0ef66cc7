#include "gateway/native_call.h"

#include <string_view>

namespace rondo::gateway {
namespace {

constexpr std::string_view kEvents[] = {"alt=sse", "$alt=sse", "%24alt=sse"};

bool hasParameter(std::string_view query, std::string_view parameter) {
  while (!query.empty()) {
    const auto end = query.find('&');
    if (query.substr(0, end) == parameter) return true;
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  return false;
}

}  // namespace

bool isStream(const NativeCall& call) { return call.verb == "streamGenerateContent"; }

bool isArray(const NativeCall& call) {
  if (!isStream(call)) return false;
  for (const auto parameter : kEvents) {
    if (hasParameter(call.query, parameter)) return false;
  }
  return true;
}

}  // namespace rondo::gateway
