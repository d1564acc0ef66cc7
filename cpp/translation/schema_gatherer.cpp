#include "translation/schema_gatherer.h"

#include <algorithm>

namespace rondo::translation {
namespace {

using json::Value;

// What may be visited, however often references lead there.
constexpr std::size_t kMaxVisits = 8000;
constexpr std::size_t kMaxBytes = 1024 * 1024;
// Keeps the stack small.
constexpr std::size_t kMaxSteps = 32;

}  // namespace

void SchemaGatherer::takeBareMap(const Value& map, SchemaNode& node) {
  if (visit(map)) node.addBareProperties(map);
}

bool SchemaGatherer::isExhausted() const { return visits_ > kMaxVisits; }

bool SchemaGatherer::visit(const Value& source) {
  ++visits_;
  for (const auto& [key, value] : source.items()) {
    bytes_ += key.size() + json::asString(value).value_or("").size();
    if (value.is_structured()) visits_ += value.size();
  }
  return visits_ <= kMaxVisits && bytes_ <= kMaxBytes;
}

void SchemaGatherer::take(const Value& source, SchemaNode& node, std::size_t steps) {
  if (!source.is_object()) return;
  if (steps > kMaxSteps || !visit(source)) {
    node.addNote("Too complex to be described.");
    return;
  }
  node.add(source);
  if (const auto reference = json::findString(source, "$ref")) follow(*reference, node, steps);
  if (const Value* members = json::findArray(source, "allOf")) {
    for (const Value& member : *members) take(member, node, steps + 1);
  }
  for (const std::string_view key : {"then", "else"}) {
    if (const Value* branch = json::findObject(source, key)) node.addProperties(*branch);
  }
}

void SchemaGatherer::follow(std::string_view reference, SchemaNode& node, std::size_t steps) {
  const Value* target = references_.find(reference);
  const bool isOpen = target && std::ranges::find(open_, target) != open_.end();
  if (target && !isOpen) {
    open_.push_back(target);
    take(*target, node, steps + 1);
  } else if (!node.hasProperties()) {
    node.addNote((isOpen ? "Again a " : "A ") + referenceName(reference) + '.');
    if (node.type().empty()) node.setType("object");
  }
}

}  // namespace rondo::translation
