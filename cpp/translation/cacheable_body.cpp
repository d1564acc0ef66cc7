#include "translation/cacheable_body.h"

#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "json/writer.h"

namespace rondo::translation {
namespace {

constexpr std::array<std::string_view, 3> kCachedSettings = {"systemInstruction", "tools",
                                                             "toolConfig"};

bool isCachedSetting(std::string_view name) {
  return std::ranges::find(kCachedSettings, name) != kCachedSettings.end();
}

bool isUsers(json::Node turn) { return turn.find("role").string() != "model"; }

void appendTurns(json::Writer& writer, const std::vector<std::string_view>& turns, std::size_t from,
                 std::size_t to) {
  writer.key("contents").beginArray();
  for (std::size_t i = from; i < to; ++i) writer.raw(turns[i]);
  writer.endArray();
}

}  // namespace

std::optional<CacheableBody> CacheableBody::read(std::string_view body, std::string_view owner) {
  CacheableBody read(body);
  if (!read.document_.tryRead(body)) return std::nullopt;
  const auto root = read.document_.root();
  const auto contents = root.find("contents");
  if (!contents.isArray() || root.find("cachedContent")) return std::nullopt;
  read.readTurns(contents);
  read.makeKeys(owner);
  return read;
}

void CacheableBody::readTurns(json::Node contents) {
  for (const auto turn : contents.elements()) {
    turns_.push_back(turn.source());
    if (!isUsers(turn)) most_ = turns_.size();
  }
}

// Each key is made of the one before and one turn more, so that all of them take one walk.
void CacheableBody::makeKeys(std::string_view owner) {
  std::string bytes = sha256Hex(owner);
  for (const auto name : kCachedSettings) bytes += sha256Hex(settings(name));
  keys_.push_back(sha256Hex(bytes));
  for (std::size_t i = 0; i < most_; ++i) {
    keys_.push_back(sha256Hex(keys_.back() + std::string(turns_[i])));
  }
}

std::string_view CacheableBody::settings(std::string_view name) const {
  return document_.root().find(name).source();
}

double CacheableBody::share(std::size_t turns) const {
  std::size_t held = 0;
  for (const auto name : kCachedSettings) held += settings(name).size();
  std::size_t all = held;
  for (std::size_t i = 0; i < turns_.size(); ++i) {
    all += turns_[i].size();
    if (i < turns) held += turns_[i].size();
  }
  return all == 0 ? 0 : static_cast<double>(held) / static_cast<double>(all);
}

std::string CacheableBody::creation(std::size_t turns, std::string_view model,
                                    std::string_view ttl) const {
  std::string made;
  json::Writer writer(made);
  writer.beginObject().key("model").string(model).key("ttl").string(ttl);
  for (const auto name : kCachedSettings) {
    if (const auto value = settings(name); !value.empty()) writer.key(name).raw(value);
  }
  if (turns > 0) appendTurns(writer, turns_, 0, turns);
  writer.endObject();
  return made;
}

std::string CacheableBody::referring(std::size_t turns, std::string_view name) const {
  std::string made;
  json::Writer writer(made);
  writer.beginObject().key("cachedContent").string(name);
  for (const auto [key, value] : document_.root().members()) {
    const std::string member = key.string();
    if (isCachedSetting(member)) continue;
    if (member == "contents") {
      appendTurns(writer, turns_, turns, turns_.size());
    } else {
      writer.foreignKey(member).raw(value.source());
    }
  }
  writer.endObject();
  return made;
}

}  // namespace rondo::translation
