#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fuzz/require.h"
#include "fuzz/targets.h"
#include "openai/chat_response.h"
#include "openai/error.h"
#include "streaming/answer_collector.h"
#include "streaming/answer_stream.h"

namespace rondo::fuzz {
namespace {

using json::Value;

const conversation::AnswerHead kHead{"fuzz", 1764000000, "gemini-3.8-flash"};

// Numbers that depend on the input alone, so that a finding can be had again. (FNV-1a, then
// Knuth's MMIX generator.)
class Dice {
 public:
  explicit Dice(std::string_view input) {
    for (const char c : input) state_ = (state_ ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }

  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33) % bound;
  }

 private:
  std::uint64_t state_ = 14695981039346656037U;
};

// What the client's request would have settled.
struct Setting {
  translation::AnswerContext context;
  openai::ChatStyle style;
};

Setting settingFor(Dice& dice) {
  conversation::Request request;
  request.tools.push_back({conversation::ToolKind::Function, "get_time", {}, {}});
  request.tools.push_back({conversation::ToolKind::Custom, "run code!", {}, {}});
  openai::ChatStyle style;
  if (dice.below(4) == 0) style.calls = openai::CallStyle::Functions;
  const bool isParallel = dice.below(4) != 0 && style.calls == openai::CallStyle::Tools;
  request.calls = isParallel ? conversation::CallLimit::Any : conversation::CallLimit::One;
  if (dice.below(2) == 0) style.usage = openai::StreamUsage::Included;
  return {translation::answerContext(request, "seed", {"api_key", "gemini-3"}), style};
}

using Pieces = std::vector<std::string_view>;

Pieces cutUp(std::string_view input, Dice& dice, std::size_t longest) {
  Pieces pieces;
  while (!input.empty()) {
    const std::size_t size = std::min(input.size(), 1 + dice.below(longest));
    pieces.push_back(input.substr(0, size));
    input.remove_prefix(size);
  }
  return pieces;
}

// The events, and a fault as the gateway tells it.
std::string stream(const Pieces& pieces, const Setting& setting) {
  translation::SignatureStore kept;
  translation::ClientSignatures store(kept, "me");
  streaming::AnswerStream stream(std::make_unique<openai::ChunkWriter>(kHead, setting.style),
                                 setting.context, &store);
  std::string out;
  for (std::size_t i = 0; i <= pieces.size(); ++i) {
    const auto output = i < pieces.size() ? stream.feed(pieces[i]) : stream.finish();
    if (!output) {
      const auto& fault = output.error();
      return out + fault.output + openai::errorEvent(fault.error);
    }
    out += *output;
  }
  return out;
}

std::string collect(const Pieces& pieces, const Setting& setting) {
  translation::SignatureStore kept;
  translation::ClientSignatures store(kept, "me");
  streaming::AnswerCollector collector(setting.context, &store);
  for (const std::string_view piece : pieces) {
    if (const auto fed = collector.feed(piece); !fed) return openai::errorBody(fed.error().error);
  }
  auto answer = collector.finish();
  if (!answer) return openai::errorBody(answer.error().error);
  return openai::completionBody(kHead, std::move(*answer), setting.style.calls);
}

// What one choice of a stream has to keep to.
class Choices {
 public:
  void add(const Value& chunk) {
    const Value* choices = json::findArray(chunk, "choices");
    if (!choices) return;
    for (const Value& choice : *choices) addChoice(choice);
  }

  // The choices end together.
  bool isOver() const { return begun_ == ended_ && !begun_.empty(); }

 private:
  void addChoice(const Value& choice) {
    const auto index = json::findInteger(choice, "index").value_or(-1);
    const Value& delta = choice.at("delta");
    require(delta.contains("role") == begun_.insert(index).second, "a choice begins with its role",
            json::dump(choice));
    require(!ended_.contains(index), "nothing follows a finish", json::dump(choice));
    if (json::findString(choice, "finish_reason")) ended_.insert(index);
  }

  std::set<std::int64_t> begun_;
  std::set<std::int64_t> ended_;
};

// Every event is one line of JSON, and the stream ends with [DONE] or an error, never both.
void checkEvents(std::string_view events) {
  constexpr std::string_view kBegin = "data: ";
  Choices choices;
  std::string_view last;
  while (!events.empty()) {
    require(last != "[DONE]" && !last.starts_with(R"({"error")"), "the end is the end", events);
    const std::size_t end = events.find("\n\n");
    require(events.starts_with(kBegin) && end != std::string_view::npos, "an event is framed",
            events);
    last = events.substr(kBegin.size(), end - kBegin.size());
    events.remove_prefix(end + 2);
    if (last != "[DONE]") choices.add(readOwn(last, "an event is JSON"));
  }
  const bool isWhole = last == "[DONE]";
  require(isWhole || last.starts_with(R"({"error")"), "a stream has an end", last);
  require(!isWhole || choices.isOver(), "each choice of a whole stream has a finish", last);
}

}  // namespace

void tryStream(std::string_view input) {
  Dice dice(input);
  const Setting setting = settingFor(dice);
  const std::string streamed = stream({input}, setting);
  const std::string collected = collect({input}, setting);
  checkEvents(streamed);
  readOwn(collected, "a completion is JSON");
  for (const std::size_t longest : {std::size_t{1}, std::size_t{7}, input.size() + 1}) {
    const Pieces pieces = cutUp(input, dice, longest);
    const std::string again = stream(pieces, setting);
    require(again == streamed, "cuts change nothing in a stream", again + "\n--\n" + streamed);
    require(collect(pieces, setting) == collected, "cuts change nothing in a whole", collected);
  }
}

}  // namespace rondo::fuzz
