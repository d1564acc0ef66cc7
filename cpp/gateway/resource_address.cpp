#include "gateway/resource_address.h"

#include <algorithm>

#include "http/url.h"

namespace rondo::gateway {
namespace {

// Up to the next "&", which goes too.
std::string_view takeParameter(std::string_view& query) {
  const auto end = std::min(query.find('&'), query.size());
  const auto parameter = query.substr(0, end);
  query.remove_prefix(std::min(end + 1, query.size()));
  return parameter;
}

bool isNamed(std::string_view parameter, std::string_view name) {
  return parameter.substr(0, parameter.find('=')) == name;
}

}  // namespace

ResourcePath readResourcePath(std::string_view path) {
  ResourcePath read;
  const auto mark = std::min(path.find_first_of("/:"), path.size());
  read.collection = path.substr(0, mark);
  auto rest = path.substr(mark);
  if (rest.starts_with('/')) {
    const auto end = std::min(rest.find_first_of("/:", 1), rest.size());
    read.id = rest.substr(1, end - 1);
    if (!read.id.empty()) rest.remove_prefix(end);
  }
  read.rest = rest;
  return read;
}

std::string writeResourcePath(const ResourcePath& path) {
  std::string text = path.collection;
  if (!path.id.empty()) text.append("/").append(path.id);
  return text.append(path.rest);
}

std::optional<std::string> parameterIn(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto parameter = takeParameter(query);
    if (!isNamed(parameter, name)) continue;
    return http::percentDecode(parameter.substr(std::min(name.size() + 1, parameter.size())));
  }
  return std::nullopt;
}

std::string withoutParameter(std::string_view query, std::string_view name) {
  std::string kept;
  while (!query.empty()) {
    const auto parameter = takeParameter(query);
    if (isNamed(parameter, name)) continue;
    kept.append(kept.empty() ? "" : "&").append(parameter);
  }
  return kept;
}

std::string withParameter(std::string query, std::string_view name, std::string_view value) {
  if (!query.empty()) query += '&';
  return query.append(name).append("=").append(http::percentEncode(value));
}

}  // namespace rondo::gateway
