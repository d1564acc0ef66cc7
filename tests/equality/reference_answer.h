#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "equality/reference_tools.h"

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
  char kind = ' ';  // Of what it adds: more of it, right behind, joins it.
};

struct Finish {
  int choice = 0;
  std::string reason;
  Delta last;  // A call that was held, and annotations.
};

// The content as the client sees it, and where in it each byte of Google's text is.
class Places {
 public:
  void beginPart() { partStarts_.push_back(bytes_.size()); }
  void addText(const std::string& text);
  void addOther(const std::string& text) { content_ += text; }

  // In code points of the content: where that byte begins, and where the one before it ends.
  std::int64_t begin(std::int64_t offset, std::optional<std::int64_t> part) const;
  std::int64_t end(std::int64_t offset, std::optional<std::int64_t> part) const;

 private:
  std::size_t byteAt(std::int64_t offset, std::optional<std::int64_t> part) const;
  std::int64_t codePointsBefore(std::size_t place) const;

  std::string content_;
  std::vector<std::size_t> bytes_;  // Of each of Google's, its index in the content.
  std::vector<std::size_t> partStarts_;
};

class Reader {
 public:
  explicit Reader(const Setting& setting) : setting_(setting) {}

  std::vector<Added> read(const Value& answer);

  // The code of a fault, or nothing and the finishes. A whole answer needs no reason to finish.
  std::string finish(bool isWhole, std::vector<Finish>& finishes);

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

  // A call without arguments, as long as they may still come.
  struct Held {
    std::string id;
    std::string name;
    Value arguments;
    std::string signature;
  };

  struct Choice {
    std::string reason;
    std::optional<Held> held;
    bool hasBrokenCall = false;
    int calls = 0;
    int images = 0;
    bool hasContent = false;
    bool endsLine = true;
    std::string lastKind;  // "text", "thought" or "other"
    Places places;
    std::vector<Citation> citations;
  };

  // The kind of a delta: a new one begins whenever it changes.
  struct Deltas {
    int choice;
    std::vector<Added>& all;
    Delta& of(char kind);
  };

  void readCandidate(const Value& candidate, std::vector<Added>& all);
  void readPart(const Value& part, Choice& choice, Deltas& deltas);
  void readText(const Value& part, Choice& choice, Deltas& deltas);
  void readCall(const Value& part, Choice& choice, Deltas& deltas);
  void release(Choice& choice, Deltas& deltas);
  void showCall(const Held& call, Choice& choice, Deltas& deltas);
  std::string wordFor(const Choice& choice, bool isWhole) const;
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
