#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

// What of a generateContent body one of Google's explicit context caches can hold: the system
// instruction, the tools with their configuration, and the turns that come first
// (ai.google.dev/gemini-api/docs/caching, ai.google.dev/api/caching).

namespace rondo::translation {

// Borrows the body that it was read from.
class CacheableBody {
 public:
  // Nothing for what is no object with an array of `contents`, or refers to a cache already.
  // `owner` is whoever may use the same cache: a body has other keys for each.
  static std::optional<CacheableBody> read(std::string_view body, std::string_view owner);

  // How many turns a cache can hold so that what is left begins with one of the user's: all before
  // the last run of the user's.
  std::size_t most() const { return most_; }

  // The name of the settings and the first `turns` turns: a digest, the same for the same bytes and
  // owner, and for no other. `turns` is at most `most()`, here and below.
  const std::string& key(std::size_t turns) const { return keys_[turns]; }

  // Roughly which part of the body a cache of so many turns holds, from 0 to 1.
  double share(std::size_t turns) const;

  // The body of cachedContents.create. `model` is in Google's full spelling.
  std::string creation(std::size_t turns, std::string_view model, std::string_view ttl) const;

  // The body that refers to the cache `name` in place of what it holds: Google takes no system
  // instruction, tools or tool configuration beside one.
  std::string referring(std::size_t turns, std::string_view name) const;

 private:
  explicit CacheableBody(std::string_view body) : body_(body) {}
  void readTurns(json::Node contents);
  void makeKeys(std::string_view owner);
  std::string_view settings(std::string_view name) const;

  std::string_view body_;
  json::Document document_;
  std::vector<std::string_view> turns_;
  std::size_t most_ = 0;
  std::vector<std::string> keys_;
};

}  // namespace rondo::translation
