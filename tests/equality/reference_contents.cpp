#include "equality/reference_contents.h"

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "equality/printing.h"
#include "equality/reference_media.h"

namespace rondo::equality {
namespace {

// --- Turns ---

struct Piece {
  enum class Kind { Filler, Content, Call, Result, Stray, Double } kind;
  const char* filler = nullptr;
  const Part* part = nullptr;
  std::string signature = {};  // Of a text.
  const Call* call = nullptr;  // Of a result too.
  bool isFirstCall = false;
  const Message* result = nullptr;
  std::string id = {};  // Of a call and of its result.
};

using Kind = Piece::Kind;

struct Turn {
  std::string role;  // "user" or "model"
  std::vector<Piece> pieces;
};

struct Arranged {
  std::vector<Turn> turns;
  std::size_t current = 0;  // The turns from here on are the current exchange.
};

Turn& turnOf(const std::string& role, std::vector<Turn>& turns) {
  if (turns.empty() || turns.back().role != role) turns.push_back({role, {}});
  return turns.back();
}

bool isMedium(const Part& part) {
  return part.kind != PartKind::Text && part.kind != PartKind::Refusal;
}

void arrangeContent(const std::string& role, const Message& message, std::vector<Turn>& turns) {
  const Part* lastText = nullptr;
  for (const Part& part : message.parts) {
    if (part.kind == PartKind::Text && !part.text.empty()) lastText = &part;
  }
  for (const Part& part : message.parts) {
    if (!isMedium(part) && part.text.empty()) continue;
    // The signature belongs to the last text.
    const std::string signature = &part == lastText ? message.signature : "";
    turnOf(role, turns)
        .pieces.push_back({.kind = Kind::Content, .part = &part, .signature = signature});
  }
}

// Each id once: the first to tell one keeps it, and the others get numbers.
std::vector<std::string> idsOf(const std::vector<Call>& calls) {
  std::vector<std::string> wanted;
  std::map<std::string, std::size_t> owners;
  for (const Call& call : calls) {
    wanted.push_back(call.id.substr(0, call.id.find("__thought__")));
    // Cut where a character ends.
    std::size_t end = std::min<std::size_t>(wanted.back().size(), 240);
    while (end < wanted.back().size() && (wanted.back()[end] & 0xC0) == 0x80) --end;
    wanted.back().resize(end);
    if (!wanted.back().empty()) owners.emplace(wanted.back(), wanted.size() - 1);
  }
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    std::string id = wanted[i].empty() ? "call" : wanted[i];
    const auto owner = owners.find(id);
    if (owner == owners.end()) {
      owners.emplace(id, i);
    } else if (owner->second != i) {
      int number = 2;
      while (owners.contains(id + "_" + std::to_string(number))) ++number;
      id += "_" + std::to_string(number);
      owners.emplace(id, i);
    }
    ids.push_back(id);
  }
  return ids;
}

void arrangeCalls(const std::vector<Call>& calls, std::vector<Turn>& turns) {
  if (calls.empty()) return;
  const std::vector<std::string> ids = idsOf(calls);
  Turn& model = turnOf("model", turns);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    model.pieces.push_back(
        {.kind = Kind::Call, .call = &calls[i], .isFirstCall = i == 0, .id = ids[i]});
  }
  turns.push_back({"user", {}});
  for (std::size_t i = 0; i < calls.size(); ++i) {
    turns.back().pieces.push_back({.kind = Kind::Result, .call = &calls[i], .id = ids[i]});
  }
}

bool isOpen(const Piece& piece) { return piece.kind == Kind::Result && !piece.result; }

// The nearest open call of that id, or of that name when it has no id.
Piece* findNamed(const Message& result, std::vector<Turn>& turns) {
  const std::string& wanted = result.callId.empty() ? result.name : result.callId;
  for (auto turn = turns.rbegin(); turn != turns.rend(); ++turn) {
    for (Piece& piece : turn->pieces) {
      if (!isOpen(piece)) continue;
      if ((piece.call->id.empty() ? piece.call->name : piece.call->id) == wanted) return &piece;
    }
  }
  return nullptr;
}

// Whether the result names a call at all, be it answered.
bool isAnyCallOf(const Message& result, const std::vector<Turn>& turns) {
  const std::string& wanted = result.callId.empty() ? result.name : result.callId;
  return std::ranges::any_of(turns, [&](const Turn& turn) {
    return std::ranges::any_of(turn.pieces, [&](const Piece& piece) {
      return piece.kind == Kind::Result &&
             (piece.call->id.empty() ? piece.call->name : piece.call->id) == wanted;
    });
  });
}

void arrangeResult(const Message& message, std::vector<Turn>& turns) {
  if (Piece* named = findNamed(message, turns)) {
    named->result = &message;
  } else {
    const Kind kind = isAnyCallOf(message, turns) ? Kind::Double : Kind::Stray;
    turnOf("user", turns).pieces.push_back({.kind = kind, .result = &message});
  }
}

// Once all results that name a call have theirs, the others take what is left open before them.
void giveAwayOpenCalls(Turn& turn) {
  std::vector<Piece> kept;
  for (const Piece& piece : turn.pieces) {
    const auto open = std::ranges::find_if(kept, isOpen);
    if (piece.kind == Kind::Stray && open != kept.end()) {
      open->result = piece.result;
    } else {
      kept.push_back(piece);
    }
  }
  turn.pieces = kept;
}

Arranged arrange(const std::vector<Message>& messages, bool takesFinalModelTurn) {
  Arranged arranged;
  auto& turns = arranged.turns;
  for (const Message& message : messages) {
    if (message.role == "user") arrangeContent("user", message, turns);
    if (message.role == "tool") arrangeResult(message, turns);
    if (message.role != "assistant") continue;
    arrangeContent("model", message, turns);
    arrangeCalls(message.calls, turns);
  }
  for (Turn& turn : turns) giveAwayOpenCalls(turn);
  if (turns.empty() || turns.front().role == "model") {
    turns.insert(turns.begin(), {"user", {{.kind = Kind::Filler, .filler = " "}}});
  }
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const bool isMoreThanResults = std::ranges::any_of(
        turns[i].pieces, [](const Piece& piece) { return piece.kind != Kind::Result; });
    if (turns[i].role == "user" && isMoreThanResults) arranged.current = i + 1;
  }
  if (turns.back().role == "model" && !takesFinalModelTurn) {
    turns.push_back({"user", {{.kind = Kind::Filler, .filler = "Continue."}}});
  }
  return arranged;
}

// --- What they are for Google ---

bool isIntact(const std::string& signature) {
  const std::string bare = signature.substr(0, signature.find_last_not_of('=') + 1);
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
  return !bare.empty() && bare.size() % 4 != 1 &&
         bare.find_first_not_of(kAlphabet) == std::string::npos;
}

Value wrapped(const char* key, const Value& value) {
  Value object = Value::object();
  object[key] = value;
  return object;
}

// A document's text as it stands, without a byte order mark, which may stand in front of one alone.
Value bareDocument(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return verbatim(withoutHalfPairs(trim(text)));
}

Value argumentsOf(const Call& call) {
  if (call.isCustom) return wrapped("input", call.arguments);
  if (trim(call.arguments).empty()) return Value::object();
  const Value document = parsed(call.arguments);
  if (document.is_discarded()) return wrapped("input", call.arguments);
  if (document.is_object()) return bareDocument(call.arguments);
  if (document.is_null()) return Value::object();
  if (document.is_string()) {
    const auto inner = document.get<std::string>();
    if (parsed(inner).is_object()) return bareDocument(inner);
  }
  return wrapped("value", bareDocument(call.arguments));
}

std::string resultText(const Message& result) {
  std::string text;
  for (const Part& part : result.parts) {
    if (part.kind == PartKind::Text) text += (text.empty() ? "" : "\n") + part.text;
  }
  return text;
}

bool refers(const Value& value) {
  if (value.is_object() && value.contains("$ref")) return true;
  return value.is_structured() && std::ranges::any_of(value, refers);
}

Value responseOf(const Message& result) {
  const std::string text = resultText(result);
  if (result.hasFailed) return wrapped("error", text);
  const std::string bare(trim(text));
  if (bare.starts_with('{') || bare.starts_with('[')) {
    const Value document = parsed(bare);
    const Value asItIs = verbatim(withoutHalfPairs(bare));
    const bool hasOutput =
        document.is_object() && (document.contains("output") || document.contains("error"));
    if (!refers(document) && document.is_object() && !hasOutput) return asItIs;
    if (!refers(document) && !document.is_discarded()) return wrapped("output", asItIs);
  }
  return wrapped("output", text);
}

class Writer {
 public:
  Writer(const Names& names, const Target& target)
      : names_(names), target_(target), family_(familyOf(target.model)) {}

  Value turn(const Turn& turn, bool isCurrent, const std::string& preface) const {
    Value parts = Value::array();
    if (!preface.empty()) parts.push_back({{"text", preface}});
    std::size_t i = 0;
    for (; i < turn.pieces.size() && turn.pieces[i].kind == Kind::Result; ++i) {
      add(parts, turn.pieces[i], isCurrent);
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (turn.pieces[j].result) addMediaBehind(parts, *turn.pieces[j].result);
    }
    for (; i < turn.pieces.size(); ++i) add(parts, turn.pieces[i], isCurrent);
    return {{"role", turn.role}, {"parts", parts}};
  }

 private:
  void add(Value& parts, const Piece& piece, bool isCurrent) const {
    switch (piece.kind) {
      case Kind::Filler: parts.push_back({{"text", piece.filler}}); return;
      case Kind::Content: parts.push_back(contentOf(piece)); return;
      case Kind::Call: parts.push_back(callOf(piece, isCurrent)); return;
      case Kind::Result: parts.push_back(resultOf(piece)); return;
      case Kind::Stray:
      case Kind::Double: break;
    }
    parts.push_back({{"text", "Result of an earlier tool call: " + resultText(*piece.result)}});
    addMedia(parts, *piece.result);
  }

  Value contentOf(const Piece& piece) const {
    if (isMedium(*piece.part)) return medium(*piece.part);
    Value text = {{"text", piece.part->text}};
    if (!target_.isRetry && isIntact(piece.signature)) text["thoughtSignature"] = piece.signature;
    return text;
  }

  Value callOf(const Piece& piece, bool isCurrent) const {
    const Call& call = *piece.call;
    Value inner = named(piece);
    inner["args"] = argumentsOf(call);
    Value part = {{"functionCall", inner}};
    const bool isDemanded = isCurrent && family_.isOfGemini3;
    if (!target_.isRetry && isIntact(call.signature)) {
      part["thoughtSignature"] = call.signature;
    } else if (piece.isFirstCall && (target_.isRetry || isDemanded)) {
      part["thoughtSignature"] = "skip_thought_signature_validator";
    }
    return part;
  }

  Value resultOf(const Piece& piece) const {
    Value inner = named(piece);
    if (!piece.result) {
      inner["response"] = {{"error", "There is no result of this call."}};
      return {{"functionResponse", inner}};
    }
    inner["response"] = responseOf(*piece.result);
    Value media = Value::array();
    for (const Part& part : piece.result->parts) {
      if (isInside(part)) media.push_back(medium(part));
    }
    if (!media.empty()) inner["parts"] = media;
    return {{"functionResponse", inner}};
  }

  Value named(const Piece& piece) const {
    Value inner = Value::object();
    if (family_.isOfGemini3) inner["id"] = piece.id;
    inner["name"] = names_.toGoogle(piece.call->name);
    return inner;
  }

  void addMedia(Value& parts, const Message& message) const {
    for (const Part& part : message.parts) {
      if (isMedium(part)) parts.push_back(medium(part));
    }
  }

  void addMediaBehind(Value& parts, const Message& result) const {
    for (const Part& part : result.parts) {
      if (isMedium(part) && !isInside(part)) parts.push_back(medium(part));
    }
  }

  // Whether a medium of a result stands in the result itself.
  bool isInside(const Part& part) const {
    if (!isMedium(part) || !family_.isOfGemini3) return false;
    const Value found = mediumOf(part, target_, family_);
    if (found.contains("fileData") && target_.backend == google::Backend::Gemini) return false;
    const std::string type = getText(found.front(), "mimeType");
    return type == "image/png" || type == "image/jpeg" || type == "image/webp" ||
           type == "application/pdf" || type == "text/plain";
  }

  Value medium(const Part& part) const {
    Value result = mediumOf(part, target_, family_);
    if (part.kind != PartKind::Image) return result;
    const bool isSharp = part.detail == "high" || part.detail == "original";
    if (family_.isOfGemini3 && (isSharp || part.detail == "low")) {
      result["mediaResolution"]["level"] =
          isSharp ? "MEDIA_RESOLUTION_HIGH" : "MEDIA_RESOLUTION_LOW";
    }
    if (!target_.isRetry && isIntact(part.signature)) result["thoughtSignature"] = part.signature;
    return result;
  }

  const Names& names_;
  const Target& target_;
  const Family& family_;
};

// The texts of the system's messages: a line for each part, a blank line between messages.
std::string systemText(const std::vector<Message>& messages, const std::string& instruction) {
  std::string all;
  for (const Message& message : messages) {
    if (message.role != "system") continue;
    std::string own;
    for (const Part& part : message.parts) {
      if (part.kind != PartKind::Text || part.text.empty()) continue;
      own += (own.empty() ? "" : "\n") + part.text;
    }
    if (!own.empty()) all += (all.empty() ? "" : "\n\n") + own;
  }
  if (!instruction.empty()) all += (all.empty() ? "" : "\n\n") + instruction;
  return all;
}

}  // namespace

void addContents(Value& body, const std::vector<Message>& messages, const Names& names,
                 const Target& target, const std::string& instruction) {
  const Family& family = familyOf(target.model);
  const Arranged arranged = arrange(messages, family.takesFinalModelTurn);
  const std::string system = systemText(messages, instruction);
  const Writer writer(names, target);
  Value contents = Value::array();
  for (std::size_t i = 0; i < arranged.turns.size(); ++i) {
    const bool isPrefaced = i == 0 && !family.takesSystemInstruction;
    contents.push_back(
        writer.turn(arranged.turns[i], i >= arranged.current, isPrefaced ? system : ""));
  }
  body["contents"] = contents;
  if (system.empty() || !family.takesSystemInstruction) return;
  body["systemInstruction"]["parts"].push_back({{"text", system}});
}

}  // namespace rondo::equality
