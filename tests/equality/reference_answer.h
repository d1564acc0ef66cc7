#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "equality/reference_tools.h"
#include "translation/text_offsets.h"

// What Google's answer says, event by event, in plain terms.

namespace rondo::equality {

// What the request settled about the answer.
struct Setting {
  Names names;
  bool isLegacy = false;
  bool isParallel = true;
  bool tellsUsage = false;
};

Setting settingOf(const Value& request);

// What ids of calls are made from.
inline constexpr const char* kSeed = "seed";

// What is added to a message; the lists, null or arrays, hold what OpenAI's clients see.
struct Delta {
  std::string content;
  std::string reasoning;
  std::string signature;
  Value calls;
  Value images;
  Value annotations;
  Value logprobs;
};

struct Added {
  int choice = 0;
  Delta delta;
};

struct Finish {
  int choice = 0;
  std::string reason;
  Value annotations;
};

class Reader {
 public:
  explicit Reader(const Setting& setting) : setting_(setting) {}

  std::vector<Added> read(const Value& answer);

  // The code of a fault, or nothing and the finishes.
  std::string finish(std::vector<Finish>& finishes) const;

  // OpenAI's `usage`; nothing when Google told none.
  const std::optional<Value>& usage() const { return usage_; }

 private:
  struct Citation {
    std::int64_t start;
    std::int64_t end;
    std::optional<std::int64_t> part;
    std::string url;
    std::string title;
  };

  struct Choice {
    std::string reason;
    std::string message;
    int calls = 0;
    int images = 0;
    bool hasContent = false;
    bool endsLine = true;
    std::string lastKind;  // "text", "thought" or "other"
    translation::TextOffsets offsets;
    std::vector<Citation> citations;
  };

  // The kind of a delta: a new one begins whenever it changes.
  struct Deltas {
    int choice;
    std::vector<Added>& all;
    char last = ' ';
    Delta& of(char kind);
  };

  void readCandidate(const Value& candidate, std::vector<Added>& all);
  void readPart(const Value& part, Choice& choice, Deltas& deltas);
  void readText(const Value& part, Choice& choice, Deltas& deltas);
  void readCall(const Value& part, Choice& choice, Deltas& deltas);
  void addImage(const std::string& url, const Value& part, Choice& choice, Deltas& deltas);
  void addBlock(const std::string& label, const std::string& body, Choice& choice, Deltas& deltas);
  void readUsage(const Value& usage);
  std::string idFor(const std::string& googles);
  static void readCitations(const Value& candidate, Choice& choice);
  static void readGrounding(const Value& candidate, Choice& choice);
  static Value annotationsOf(const Choice& choice);

  const Setting& setting_;
  std::map<int, Choice> choices_;
  std::set<std::string> ids_;
  bool isBlocked_ = false;
  std::optional<Value> usage_;
};

}  // namespace rondo::equality
