#include "translation/schema_loops.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "translation/schema_edit.h"
#include "translation/schema_hints.h"
#include "translation/schema_keywords.h"
#include "translation/schema_node.h"
#include "translation/schema_refs.h"

namespace rondo::translation {
namespace {

using json::Value;
using Node = std::uint32_t;

constexpr std::size_t kMaxNodes = 100000;

// How a schema leads to one that its value can't do without.
enum class Way {
  Part,       // An alternative, or a member of `allOf`.
  Reference,  // A `$ref`.
  Required,   // A required property.
  Filled,     // The items of a list that can't be empty.
};

struct Edge {
  Node to;
  Way way;
  std::string_view name;  // Of a property.
};

bool isBare(Way way) { return way == Way::Part || way == Way::Reference; }

// Which nodes lead to each other, after Tarjan (1972), without recursion: two nodes have the same
// number when each leads to the other, and no node leads to a greater number than its own.
class Components {
 public:
  template <class Filter>
  Components(const std::vector<std::vector<Edge>>& edges, Filter follows)
      : numbers_(edges.size()), order_(edges.size()), low_(edges.size()) {
    // From the last to the first, so that what is not tied otherwise has a smaller number than what
    // it is inside of.
    for (std::size_t start = edges.size(); start-- > 0;) {
      if (order_[start] == 0) visit(static_cast<Node>(start), edges, follows);
    }
  }

  std::uint32_t of(Node node) const { return numbers_[node]; }

 private:
  struct Frame {
    Node node;
    std::size_t next = 0;
  };

  template <class Filter>
  void visit(Node start, const std::vector<std::vector<Edge>>& edges, Filter follows) {
    std::vector<Frame> frames;
    const auto enter = [&](Node node) {
      order_[node] = low_[node] = ++entered_;
      open_.push_back(node);
      frames.push_back({node});
    };
    enter(start);
    while (!frames.empty()) {
      const Node node = frames.back().node;
      if (frames.back().next < edges[node].size()) {
        const Edge& edge = edges[node][frames.back().next++];
        if (!follows(edge)) continue;
        if (order_[edge.to] == 0) {
          enter(edge.to);
        } else if (numbers_[edge.to] == 0) {
          low_[node] = std::min(low_[node], order_[edge.to]);
        }
        continue;
      }
      frames.pop_back();
      if (!frames.empty()) {
        std::uint32_t& low = low_[frames.back().node];
        low = std::min(low, low_[node]);
      }
      if (low_[node] == order_[node]) close(node);
    }
  }

  void close(Node node) {
    ++closed_;
    Node last;
    do {
      last = open_.back();
      open_.pop_back();
      numbers_[last] = closed_;
    } while (last != node);
  }

  std::vector<std::uint32_t> numbers_;  // 0 as long as it is not known.
  std::vector<std::uint32_t> order_;    // 0 as long as it is not entered.
  std::vector<std::uint32_t> low_;
  std::vector<Node> open_;
  std::uint32_t entered_ = 0;
  std::uint32_t closed_ = 0;
};

// What goes from a schema to have its loops cut.
struct Cut {
  bool hasReference = false;
  bool hasMinimum = false;
  std::set<std::string_view> optional;
};

bool isNullable(const Value& schema) {
  if (isNullSchema(schema)) return true;
  if (const Value* types = json::findArray(schema, "type")) {
    for (const Value& type : *types) {
      if (equalsIgnoringCase(json::asString(type).value_or(""), "null")) return true;
    }
  }
  for (const std::string_view key : {"anyOf", "oneOf"}) {
    const Value* alternatives = json::findArray(schema, key);
    if (alternatives && std::ranges::any_of(*alternatives, isNullSchema)) return true;
  }
  return false;
}

class LoopCutter {
 public:
  explicit LoopCutter(const Value& root) : references_(root), root_(root) {}

  std::optional<Value> cut() {
    add(root_);
    if (schemas_.size() > kMaxNodes) return std::nullopt;
    addReferences();
    findCuts();
    return cuts_.empty() ? std::nullopt : std::optional(copy(root_));
  }

 private:
  Node add(const Value& schema) {
    const auto node = static_cast<Node>(schemas_.size());
    schemas_.push_back(&schema);
    edges_.emplace_back();
    nodes_.emplace(&schema, node);
    if (!schema.is_object() || schemas_.size() > kMaxNodes) return node;
    const std::set<std::string_view> required = requiredOf(schema);
    const bool isFilled = json::findNumber(schema, "minItems").value_or(0) > 0;
    visitSubschemas(schema, [&](Keyword keyword, std::string_view name, const Value& inner) {
      const Node to = add(inner);
      const bool isList = name == "prefixItems" || keyword == Keyword::Items;
      if (isList && isFilled) edges_[node].push_back({to, Way::Filled, {}});
      const bool isPart = keyword == Keyword::Union || keyword == Keyword::SchemaList;
      if (isPart && !isList) edges_[node].push_back({to, Way::Part, {}});
      if (keyword == Keyword::Properties && required.contains(name) && !isNullable(inner)) {
        edges_[node].push_back({to, Way::Required, name});
      }
    });
    return node;
  }

  static std::set<std::string_view> requiredOf(const Value& schema) {
    std::set<std::string_view> names;
    if (const Value* list = json::findArray(schema, "required")) {
      for (const Value& name : *list) names.insert(json::asString(name).value_or(""));
    }
    return names;
  }

  void addReferences() {
    for (Node node = 0; node < schemas_.size(); ++node) {
      const auto text = json::findString(*schemas_[node], "$ref");
      const Value* target = text ? references_.find(*text) : nullptr;
      const auto known = target ? nodes_.find(target) : nodes_.end();
      if (known != nodes_.end()) edges_[node].push_back({known->second, Way::Reference, {}});
    }
  }

  // References that lead in a circle by themselves are cut. What is left of references and parts
  // has no loop and so an order, and of each larger loop some property or list goes against it.
  void findCuts() {
    const Components bare(edges_, [](const Edge& edge) { return isBare(edge.way); });
    const Components all(edges_, [](const Edge&) { return true; });
    for (Node node = 0; node < schemas_.size(); ++node) {
      for (const Edge& edge : edges_[node]) {
        if (all.of(node) != all.of(edge.to)) continue;
        const bool isAgainst = bare.of(edge.to) >= bare.of(node);
        if (edge.way == Way::Reference && bare.of(edge.to) == bare.of(node)) {
          cuts_[schemas_[node]].hasReference = true;
        } else if (edge.way == Way::Required && isAgainst) {
          cuts_[schemas_[node]].optional.insert(edge.name);
        } else if (edge.way == Way::Filled && isAgainst) {
          cuts_[schemas_[node]].hasMinimum = true;
        }
      }
    }
  }

  Value copy(const Value& value) const {
    if (value.is_array()) {
      Value list = Value::array();
      for (const Value& entry : value) list.push_back(copy(entry));
      return list;
    }
    if (!value.is_object()) return value;
    Value result = Value::object();
    for (const auto& [key, member] : value.items()) append(result, key, copy(member));
    if (const auto cut = cuts_.find(&value); cut != cuts_.end()) apply(cut->second, result);
    return result;
  }

  static void apply(const Cut& cut, Value& schema) {
    if (cut.hasMinimum) schema.erase("minItems");
    if (cut.hasReference) {
      const std::string name = referenceName(json::findString(schema, "$ref").value_or(""));
      const std::string_view told = json::findString(schema, "description").value_or("");
      std::string text = joinSentences(std::string(told), "Again a " + name + '.');
      schema.erase("$ref");
      schema["description"] = std::move(text);
    }
    if (cut.optional.empty()) return;
    Value required = Value::array();
    for (const Value& name : schema["required"]) {
      if (!cut.optional.contains(json::asString(name).value_or(""))) required.push_back(name);
    }
    if (required.empty()) {
      schema.erase("required");
    } else {
      schema["required"] = std::move(required);
    }
  }

  SchemaReferences references_;
  const Value& root_;
  std::vector<const Value*> schemas_;
  std::vector<std::vector<Edge>> edges_;
  std::map<const Value*, Node> nodes_;
  std::map<const Value*, Cut> cuts_;
};

}  // namespace

std::optional<Value> cutLoops(const Value& schema) { return LoopCutter(schema).cut(); }

}  // namespace rondo::translation
