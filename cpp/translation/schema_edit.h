#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "json/value.h"

namespace rondo::translation {

// Changes to the members of an object, which is copied only when there are any. Borrows the object
// and the keys.
class Edit {
 public:
  explicit Edit(const json::Value& source) : source_(source) {}

  void leaveOut(std::string_view key) { change(key, std::nullopt); }
  // In the member's place, or behind all when it is new.
  void set(std::string_view key, json::Value value) { change(key, std::move(value)); }

  const json::Value& source() const { return source_; }

  // Nothing when nothing has changed.
  std::optional<json::Value> finish() &&;

 private:
  void change(std::string_view key, std::optional<json::Value> value);

  const json::Value& source_;
  std::map<std::string_view, std::optional<json::Value>> changes_;
  std::vector<std::string_view> order_;  // Of the changes.
};

// Adds a member that the object doesn't have.
void append(json::Value& object, std::string_view key, json::Value value);

}  // namespace rondo::translation
