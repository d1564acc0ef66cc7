#include "equality/reference_answer.h"

#include <algorithm>
#include <tuple>

#include "base/ascii.h"
#include "equality/printing.h"

namespace rondo::equality {
namespace {

void sign(Value& carrier, const std::string& signature) {
  if (!signature.empty()) carrier["extra_content"]["google"]["thought_signature"] = signature;
}

bool isThought(const Value& part) {
  const Value* flag = get(part, "thought");
  return flag && *flag == Value(true);
}

bool isText(const Value& part) {
  const Value* text = get(part, "text");
  return text && text->is_string();
}

std::int64_t tokens(const Value& usage, const char* key) {
  return std::clamp<std::int64_t>(getInteger(usage, key).value_or(0), 0, 1'000'000'000'000);
}

std::int64_t audioTokens(const Value& usage, const char* key) {
  std::int64_t sum = 0;
  for (const Value& detail : getArray(usage, key)) {
    if (getText(detail, "modality") == "AUDIO") sum += tokens(detail, "tokenCount");
  }
  return sum;
}

Value scoreOf(const Value& source) {
  const std::string token = getText(source, "token");
  const Value* logprob = get(source, "logProbability");
  const bool isNumber = logprob && logprob->is_number();
  Value bytes = Value::array();
  for (const char c : token) bytes.push_back(static_cast<unsigned char>(c));
  return {{"token", token}, {"logprob", isNumber ? logprob->get<double>() : 0.0}, {"bytes", bytes}};
}

Value scoresOf(const Value& candidate) {
  Value scores;
  const Value* result = getObject(candidate, "logprobsResult");
  if (!result) return scores;
  const Value& top = getArray(*result, "topCandidates");
  for (const Value& chosen : getArray(*result, "chosenCandidates")) {
    Value score = scoreOf(chosen);
    Value others = Value::array();
    if (scores.size() < top.size()) {
      for (const Value& other : getArray(top[scores.size()], "candidates")) {
        others.push_back(scoreOf(other));
      }
    }
    score["top_logprobs"] = others;
    scores.push_back(score);
  }
  return scores;
}

std::string fenceFor(const std::string& body) {
  std::string fence = "```";
  while (body.find(fence) != std::string::npos) fence += '`';
  return fence;
}

const Value* sourceOf(const Value& chunk) {
  for (const char* kind : {"web", "maps", "retrievedContext", "image"}) {
    if (const Value* source = getObject(chunk, kind)) return source;
  }
  return nullptr;
}

bool isUsableId(const std::string& id) {
  return !id.empty() && id.size() <= 40 &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
             std::string::npos;
}

// What a client is shown of an address or a title is not endless.
std::string sharedText(const Value& source, const char* key) {
  const std::string text = getText(source, key);
  return text.size() <= 4096 ? text : "";
}

// What each of Google's reasons means whatever came before it; "" when that decides.
const std::map<std::string, std::string>& reasonWords() {
  static const std::map<std::string, std::string> kWords = {
      {"", "upstream_incomplete"},
      {"MAX_TOKENS", "length"},
      {"CONTINUATION", "length"},
      {"SAFETY", "content_filter"},
      {"RECITATION", "content_filter"},
      {"LANGUAGE", "content_filter"},
      {"BLOCKLIST", "content_filter"},
      {"PROHIBITED_CONTENT", "content_filter"},
      {"SPII", "content_filter"},
      {"MODEL_ARMOR", "content_filter"},
      {"MALFORMED_FUNCTION_CALL", "malformed_answer"},
      {"UNEXPECTED_TOOL_CALL", "malformed_answer"},
      {"TOO_MANY_TOOL_CALLS", "malformed_answer"},
      {"MALFORMED_RESPONSE", "malformed_answer"},
      {"MISSING_THOUGHT_SIGNATURE", "malformed_answer"}};
  return kWords;
}

bool isFault(const std::string& word) {
  return word == "upstream_incomplete" || word == "malformed_answer" || word == "empty_answer";
}

}  // namespace

void Places::addText(const std::string& text) {
  for (const char c : text) {
    bytes_.push_back(content_.size());
    content_ += c;
  }
}

std::size_t Places::byteAt(std::int64_t offset, std::optional<std::int64_t> part) const {
  const bool isKnown = part && *part > 0 && *part < static_cast<std::int64_t>(partStarts_.size());
  const std::size_t base = isKnown ? partStarts_[static_cast<std::size_t>(*part)] : 0;
  if (offset <= 0) return base;
  return std::min(bytes_.size(), base + std::min<std::size_t>(bytes_.size(), std::size_t(offset)));
}

std::int64_t Places::codePointsBefore(std::size_t place) const {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < place; ++i) {
    const auto byte = static_cast<unsigned char>(content_[i]);
    if (byte < 0x80 || byte >= 0xC0) ++count;
  }
  return count;
}

std::int64_t Places::begin(std::int64_t offset, std::optional<std::int64_t> part) const {
  const std::size_t byte = byteAt(offset, part);
  if (byte == bytes_.size()) return end(offset, part);
  return codePointsBefore(bytes_[byte]);
}

std::int64_t Places::end(std::int64_t offset, std::optional<std::int64_t> part) const {
  const std::size_t byte = byteAt(offset, part);
  if (bytes_.empty()) return 0;
  return byte == 0 ? codePointsBefore(bytes_[0]) : codePointsBefore(bytes_[byte - 1] + 1);
}

Setting settingOf(const Value& request) {
  const Tools tools = readTools(request);
  const Value* options = any(request, "stream_options");
  return {Names(tools, readMessages(request)), tools.isLegacy, tools.isParallel,
          options && flagAt(*options, "include_usage").value_or(false)};
}

Delta& Reader::Deltas::of(char kind) {
  const bool joins = !all.empty() && all.back().choice == choice && all.back().kind == kind;
  if (!joins) all.push_back({choice, {}, kind});
  return all.back().delta;
}

std::vector<Added> Reader::read(const Value& answer) {
  std::vector<Added> all;
  if (const Value* usage = getObject(answer, "usageMetadata")) readUsage(*usage);
  if (const Value* feedback = get(answer, "promptFeedback")) {
    const std::string reason = getText(*feedback, "blockReason");
    if (!reason.empty() && !reason.ends_with("REASON_UNSPECIFIED")) isBlocked_ = true;
  }
  for (const Value& candidate : getArray(answer, "candidates")) readCandidate(candidate, all);
  return all;
}

void Reader::readUsage(const Value& usage) {
  const std::int64_t prompt =
      tokens(usage, "promptTokenCount") + tokens(usage, "toolUsePromptTokenCount");
  const std::int64_t thoughts = tokens(usage, "thoughtsTokenCount");
  const std::int64_t completion = tokens(usage, "candidatesTokenCount") + thoughts;
  const std::int64_t total = tokens(usage, "totalTokenCount");
  usage_ = {{"prompt_tokens", prompt},
            {"completion_tokens", completion},
            {"total_tokens", total > 0 ? total : prompt + completion},
            {"prompt_tokens_details",
             {{"cached_tokens", tokens(usage, "cachedContentTokenCount")},
              {"audio_tokens", audioTokens(usage, "promptTokensDetails")}}},
            {"completion_tokens_details",
             {{"reasoning_tokens", thoughts},
              {"audio_tokens", audioTokens(usage, "candidatesTokensDetails")},
              {"accepted_prediction_tokens", 0},
              {"rejected_prediction_tokens", 0}}}};
}

void Reader::readCandidate(const Value& candidate, std::vector<Added>& all) {
  const int index = static_cast<int>(getInteger(candidate, "index").value_or(0));
  Choice& choice = choices_[index];
  Deltas deltas{index, all};
  static const Value none;
  const Value* content = get(candidate, "content");
  bool isFirst = true;
  for (const Value& part : getArray(content ? *content : none, "parts")) {
    const std::string kind = !isText(part) ? "other" : isThought(part) ? "thought" : "text";
    // The text of an event goes on with that of the event before.
    const bool goesOn = isFirst && kind != "other" && kind == choice.lastKind;
    if (!goesOn) choice.places.beginPart();
    choice.lastKind = kind;
    isFirst = false;
    readPart(part, choice, deltas);
  }
  const std::string told = getText(candidate, "finishReason");
  const std::string reason = told == "FINISH_REASON_UNSPECIFIED" ? "" : told;
  if (!reason.empty()) release(choice, deltas);
  for (const Value& score : scoresOf(candidate)) deltas.of('t').logprobs.push_back(score);
  readCitations(candidate, choice);
  readGrounding(candidate, choice);
  if (!reason.empty()) choice.reason = reason;
}

void Reader::readPart(const Value& part, Choice& choice, Deltas& deltas) {
  const auto isImage = [&](const Value& medium) {
    return !isThought(part) && getText(medium, "mimeType").starts_with("image/");
  };
  if (!isText(part) && get(part, "functionCall")) {
    readCall(part, choice, deltas);
    return;
  }
  release(choice, deltas);
  if (isText(part)) {
    readText(part, choice, deltas);
  } else if (const Value* data = get(part, "inlineData")) {
    if (!isImage(*data)) return;
    addImage("data:" + getText(*data, "mimeType") + ";base64," + getText(*data, "data"), part,
             choice, deltas);
  } else if (const Value* file = get(part, "fileData")) {
    if (isImage(*file)) addImage(getText(*file, "fileUri"), part, choice, deltas);
  } else if (const Value* code = get(part, "executableCode")) {
    addBlock(toLower(getText(*code, "language")), getText(*code, "code"), choice, deltas);
  } else if (const Value* result = get(part, "codeExecutionResult")) {
    const std::string outcome = getText(*result, "outcome");
    const bool isOk = outcome.empty() || outcome == "OUTCOME_OK";
    addBlock("output", (isOk ? "" : outcome + "\n") + getText(*result, "output"), choice, deltas);
  } else if (const auto signature = getText(part, "thoughtSignature");
             !signature.empty() && !isThought(part)) {
    deltas.of('t').signature = signature;
  }
}

void Reader::readText(const Value& part, Choice& choice, Deltas& deltas) {
  const std::string text = getText(part, "text");
  if (isThought(part)) {
    if (!text.empty()) deltas.of('r').reasoning += text;
    return;
  }
  const std::string signature = getText(part, "thoughtSignature");
  if (!signature.empty()) deltas.of('t').signature = signature;
  if (text.empty()) return;
  choice.hasContent = true;
  choice.endsLine = text.ends_with('\n');
  choice.places.addText(text);
  deltas.of('t').content += text;
}

// A call's arguments may come in a part of their own, without a name, directly behind it.
void Reader::readCall(const Value& part, Choice& choice, Deltas& deltas) {
  const Value& call = *get(part, "functionCall");
  const Value* args = getObject(call, "args");
  const Held read{getText(call, "id"), getText(call, "name"), args ? *args : Value::object(),
                  getText(part, "thoughtSignature")};
  if (!read.name.empty()) {
    release(choice, deltas);
    choice.held = read;
  } else if (!choice.held) {
    choice.hasBrokenCall = true;
    return;
  } else {
    Held& held = *choice.held;
    held.arguments = read.arguments;
    if (held.id.empty()) held.id = read.id;
    if (held.signature.empty()) held.signature = read.signature;
  }
  if (!choice.held->arguments.empty()) release(choice, deltas);
}

void Reader::release(Choice& choice, Deltas& deltas) {
  if (choice.held) showCall(*choice.held, choice, deltas);
  choice.held.reset();
}

void Reader::showCall(const Held& call, Choice& choice, Deltas& deltas) {
  if (choice.calls > 0 && (setting_.isLegacy || !setting_.isParallel)) return;
  const std::string arguments = call.arguments.dump();
  const std::string name = setting_.names.toClient(call.name);
  Value made = {{"index", choice.calls++}, {"id", idFor(call.id)}};
  if (setting_.names.isCustom(name)) {
    const Value* input = get(call.arguments, "input");
    const bool isTold = input && input->is_string();
    made["type"] = "custom";
    made["custom"] = {{"name", name}, {"input", isTold ? *input : Value(arguments)}};
  } else {
    made["type"] = "function";
    made["function"] = {{"name", name}, {"arguments", arguments}};
  }
  sign(made, call.signature);
  deltas.of('c').calls.push_back(made);
}

std::string Reader::idFor(const std::string& googles) {
  std::string id = googles;
  if (!isUsableId(id) || ids_.contains(id)) {
    id = "call_" + std::string(kSeed) + "_" + std::to_string(ids_.size());
  }
  ids_.insert(id);
  return id;
}

void Reader::addImage(const std::string& url, const Value& part, Choice& choice, Deltas& deltas) {
  choice.hasContent = true;
  Value image = {{"type", "image_url"}, {"index", choice.images++}, {"image_url", {{"url", url}}}};
  sign(image, getText(part, "thoughtSignature"));
  deltas.of('i').images.push_back(image);
}

void Reader::addBlock(const std::string& label, const std::string& body, Choice& choice,
                      Deltas& deltas) {
  const std::string fence = fenceFor(body);
  const std::string text = (choice.endsLine ? "" : "\n") + fence + label + "\n" + body +
                           (body.ends_with('\n') ? "" : "\n") + fence + "\n";
  choice.hasContent = choice.endsLine = true;
  choice.places.addOther(text);
  deltas.of('t').content += text;
}

void Reader::readCitations(const Value& candidate, Choice& choice) {
  const Value* metadata = getObject(candidate, "citationMetadata");
  if (!metadata) return;
  for (const char* key : {"citationSources", "citations"}) {
    for (const Value& source : getArray(*metadata, key)) {
      if (sharedText(source, "uri").empty()) continue;
      choice.citations.push_back({getInteger(source, "startIndex").value_or(0),
                                  getInteger(source, "endIndex").value_or(0), std::nullopt,
                                  sharedText(source, "uri"), sharedText(source, "title")});
    }
  }
}

void Reader::readGrounding(const Value& candidate, Choice& choice) {
  const Value* metadata = getObject(candidate, "groundingMetadata");
  if (!metadata) return;
  const Value& chunks = getArray(*metadata, "groundingChunks");
  for (const Value& support : getArray(*metadata, "groundingSupports")) {
    const Value* segment = getObject(support, "segment");
    if (!segment) continue;
    for (const Value& entry : getArray(support, "groundingChunkIndices")) {
      const auto index = wholeNumber(entry).value_or(-1);
      if (index < 0 || static_cast<std::size_t>(index) >= chunks.size()) continue;
      const Value* source = sourceOf(chunks[static_cast<std::size_t>(index)]);
      if (!source || sharedText(*source, "uri").empty()) continue;
      choice.citations.push_back({getInteger(*segment, "startIndex").value_or(0),
                                  getInteger(*segment, "endIndex").value_or(0),
                                  getInteger(*segment, "partIndex"), sharedText(*source, "uri"),
                                  sharedText(*source, "title")});
    }
  }
}

// By place and URL; of those that are the same, the one that was told first.
Value Reader::annotationsOf(const Choice& choice) {
  std::vector<Citation> all = choice.citations;
  for (Citation& each : all) {
    const std::int64_t start = choice.places.begin(each.start, each.part);
    each.end = std::max(start, choice.places.end(each.end, each.part));
    each.start = start;
  }
  const auto key = [](const Citation& each) { return std::tie(each.start, each.end, each.url); };
  std::ranges::stable_sort(all, std::less<>(), key);
  Value annotations;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0 && key(all[i]) == key(all[i - 1])) continue;
    annotations.push_back({{"type", "url_citation"},
                           {"url_citation",
                            {{"start_index", all[i].start},
                             {"end_index", all[i].end},
                             {"url", all[i].url},
                             {"title", all[i].title}}}});
  }
  return annotations;
}

// OpenAI's word, or the code of a fault.
std::string Reader::wordFor(const Choice& choice, bool isWhole) const {
  std::string reason = choice.reason;
  if (reason.empty() && isBlocked_) return "content_filter";
  if (reason.empty() && isWhole) reason = "STOP";
  if (reason.starts_with("IMAGE_")) return "content_filter";
  const auto known = reasonWords().find(reason);
  if (known != reasonWords().end()) return known->second;
  if (choice.hasBrokenCall) return "malformed_answer";
  if (choice.calls > 0) return setting_.isLegacy ? "function_call" : "tool_calls";
  return choice.hasContent || reason != "STOP" ? "stop" : "empty_answer";
}

std::string Reader::finish(bool isWhole, std::vector<Finish>& finishes) {
  if (choices_.empty() && !isBlocked_) return "empty_answer";
  if (choices_.empty()) {
    finishes.push_back({0, "content_filter", {}});
    return {};
  }
  std::vector<std::string> faults;
  for (auto& [index, choice] : choices_) {
    std::vector<Added> all;
    Deltas deltas{index, all};
    release(choice, deltas);
    Delta last = all.empty() ? Delta() : all[0].delta;
    last.annotations = annotationsOf(choice);
    const std::string word = wordFor(choice, isWhole);
    if (word == "upstream_incomplete") return word;
    if (isFault(word)) faults.push_back(word);
    finishes.push_back({index, isFault(word) ? "stop" : word, last});
  }
  // One good choice is enough.
  return faults.size() < choices_.size() ? "" : faults[0];
}

}  // namespace rondo::equality
