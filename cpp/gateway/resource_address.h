#pragma once

#include <optional>
#include <string>
#include <string_view>

// The parts of an address of what is stored at Google's, as a request in Google's own dialect
// spells them.

namespace rondo::gateway {

struct ResourcePath {
  std::string collection;  // "files"
  std::string id;          // "abc". Empty: the collection itself is meant.
  std::string rest;        // ":download", "/cancel"
};

// Of "files/abc:download", below the version; and back.
ResourcePath readResourcePath(std::string_view path);
std::string writeResourcePath(const ResourcePath& path);

// What the first parameter of that name says, without escapes. Nothing when there is none, or when
// its escapes are broken.
std::optional<std::string> parameterIn(std::string_view query, std::string_view name);

// The query but for all parameters of that name.
std::string withoutParameter(std::string_view query, std::string_view name);

// The query with one more.
std::string withParameter(std::string query, std::string_view name, std::string_view value);

}  // namespace rondo::gateway
