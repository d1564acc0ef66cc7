#include "translation/schema_edit.h"

#include <string>

namespace rondo::translation {

using json::Value;

void Edit::change(std::string_view key, std::optional<Value> value) {
  const auto [place, isNew] = changes_.insert_or_assign(key, std::move(value));
  if (isNew) order_.push_back(key);
}

std::optional<Value> Edit::finish() && {
  if (changes_.empty()) return std::nullopt;
  Value result = Value::object();
  for (const auto& [key, value] : source_.items()) {
    auto change = changes_.extract(std::string_view(key));
    if (!change) {
      append(result, key, value);
    } else if (change.mapped()) {
      append(result, key, std::move(*change.mapped()));
    }
  }
  for (const std::string_view key : order_) {
    auto change = changes_.extract(key);
    if (change && change.mapped()) append(result, key, std::move(*change.mapped()));
  }
  return result;
}

// Past the map's own way, which looks for the key first.
void append(Value& object, std::string_view key, Value value) {
  object.get_ref<Value::object_t&>().emplace_back(std::string(key), std::move(value));
}

}  // namespace rondo::translation
