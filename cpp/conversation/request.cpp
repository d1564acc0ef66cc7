#include "conversation/request.h"

#include "json/path.h"

namespace rondo::conversation {

Place placeOf(const MediaPart& medium) {
  return std::visit([](const auto& each) { return each.place; }, medium);
}

std::optional<Effort> parseEffort(std::string_view word) {
  if (word == "none") return Effort::None;
  if (word == "minimal") return Effort::Minimal;
  if (word == "low") return Effort::Low;
  if (word == "medium") return Effort::Medium;
  if (word == "high") return Effort::High;
  if (word == "xhigh" || word == "max") return Effort::XHigh;
  return std::nullopt;
}

json::Text Request::own(std::string_view plain) { return owned.emplace_back(plain).view(); }

std::string Request::paramOf(const MediaPart& medium) const {
  const auto* bytes = std::get_if<BytesPart>(&medium);
  return bytes ? bytes->param : pathTo(placeOf(medium));
}

std::string Request::pathTo(Place place) const { return json::pathTo(body, place.offset); }

}  // namespace rondo::conversation
