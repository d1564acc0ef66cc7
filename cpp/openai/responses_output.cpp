#include "openai/responses_output.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rondo::openai {
namespace {

using conversation::Call;
using conversation::Carried;
using conversation::Citation;
using conversation::FinishReason;
using conversation::TextKind;
using conversation::TokenScore;
using conversation::ToolKind;

constexpr const char* kRefusal = "The content filter withheld the answer.";

std::int64_t codePoints(const json::Text& text) {
  const json::PlainText plain(text);
  return std::ranges::count_if(
      plain.view(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

ResponsesOutput::ResponsesOutput(const conversation::AnswerHead& head, const ResponsesStyle& style,
                                 OutputListener& listener)
    : seed_(head.seed), origin_(head.origin), style_(style), listener_(listener) {}

// Adds what one event holds.
class ResponsesOutput::Adder {
 public:
  explicit Adder(ResponsesOutput& to) : to_(to) {}

  void operator()(conversation::TextPiece& piece) const { to_.addSaid(std::move(piece.text)); }
  void operator()(conversation::ThoughtPiece& piece) const { to_.addThought(piece.text.view()); }
  void operator()(conversation::Signature& signature) const {
    to_.addSignature(std::move(signature.value));
  }
  void operator()(Call& call) const { to_.addCall(std::move(call)); }
  void operator()(conversation::Image& image) const { to_.addImage(std::move(image)); }
  void operator()(conversation::WebSearch& search) const { to_.addFollower(std::move(search)); }
  void operator()(conversation::CodeRun& run) const {
    to_.grew(run.code.size());
    to_.open(CodeItem{std::move(run.code), std::nullopt});
  }
  void operator()(conversation::CodeOutput& output) const { to_.addCodeOutput(std::move(output)); }
  void operator()(conversation::HostedPart& part) const {
    to_.addFollower(to_.sealed(Carried::HostedPart, std::move(part.json)));
  }
  void operator()(Citation& citation) const { to_.cite(std::move(citation)); }
  void operator()(TokenScore& score) const { to_.addScore(std::move(score)); }
  // Never asked for.
  void operator()(conversation::Sound&) const {}
  void operator()(conversation::Utterance&) const {}
  void operator()(conversation::Finish& finish) const { to_.reason_ = finish.reason; }

 private:
  ResponsesOutput& to_;
};

void ResponsesOutput::add(std::vector<conversation::Event> events) {
  for (conversation::Event& event : events) {
    // A response has but one choice.
    if (event.choice == 0) std::visit(Adder(*this), event.what);
  }
  say();
}

void ResponsesOutput::addText(TextKind kind, const json::Text& text) {
  if (kind == TextKind::Thought) return addThought(text);
  json::TextBuilder said;
  said.append(text);
  addSaid(std::move(said));
  say();
}

json::TextBuilder* ResponsesOutput::openText(TextKind kind) {
  if (!followers_.empty()) return nullptr;
  if (kind == TextKind::Said) {
    MessageItem* message = openAs<MessageItem>();
    return message ? &message->text : nullptr;
  }
  ReasoningItem* reasoning = openAs<ReasoningItem>();
  return reasoning ? &reasoning->summary : nullptr;
}

void ResponsesOutput::finish() {
  const bool isCut = reason_ == FinishReason::Length || reason_ == FinishReason::Filtered;
  close(isCut ? ItemStatus::Incomplete : ItemStatus::Completed);
  if (reason_ == FinishReason::Filtered && !lastMessage()) refuse();
}

void ResponsesOutput::breakOff() { close(ItemStatus::Incomplete); }

// --- Items ---------------------------------------------------------------------------------------

template <class What>
What* ResponsesOutput::openAs() {
  return isOpen_ ? std::get_if<What>(&items_.back().what) : nullptr;
}

template <class What>
What& ResponsesOutput::open(What what) {
  close();
  OutputItem& item = items_.emplace_back(OutputItem{{}, ItemStatus::InProgress, std::move(what)});
  item.id.append(idPrefix(item)).append(seed_).append("_").append(std::to_string(last()));
  isOpen_ = true;
  if (std::holds_alternative<MessageItem>(item.what)) lastMessage_ = last();
  listener_.added(last(), item);
  return std::get<What>(item.what);
}

template <class What>
void ResponsesOutput::addWhole(What what) {
  open(std::move(what));
  close();
}

void ResponsesOutput::close(ItemStatus status) {
  if (!isOpen_) return;
  say();
  isOpen_ = false;
  OutputItem& item = items_.back();
  item.status = status;
  listener_.done(last(), item);
  if (auto signature = std::exchange(textSignature_, {}); !signature.empty()) {
    follow(sealed(Carried::TextSignature, std::move(signature)));
  }
  for (Follower& follower : std::exchange(followers_, {})) follow(std::move(follower));
}

void ResponsesOutput::follow(Follower follower) {
  if (auto* search = std::get_if<conversation::WebSearch>(&follower)) {
    addWhole(SearchItem{std::move(*search)});
  } else if (style_.bareReasoning == BareReasoning::Told) {
    addWhole(ReasoningItem{{}, std::move(std::get<std::string>(follower))});
  }
}

// --- What is said --------------------------------------------------------------------------------

void ResponsesOutput::addSaid(json::TextBuilder text) {
  if (!followers_.empty()) close();
  if (!openAs<MessageItem>()) open(MessageItem());
  pendingText_.append(std::move(text));
}

void ResponsesOutput::say() {
  if (pendingText_.empty() && pendingScores_.empty()) return;
  const json::TextBuilder text = std::exchange(pendingText_, {});
  auto scores = std::exchange(pendingScores_, {});
  OutputItem& item = items_.back();
  listener_.saidMore(last(), item, text.view(), scores);
  auto& message = std::get<MessageItem>(item.what);
  message.text.append(text.view());
  grew(text.view().spelling().size());
  std::ranges::move(scores, std::back_inserter(message.logprobs));
}

void ResponsesOutput::addThought(const json::Text& text) {
  if (!openAs<ReasoningItem>()) open(ReasoningItem());
  listener_.thoughtMore(last(), items_.back(), text);
  std::get<ReasoningItem>(items_.back().what).summary.append(text);
  grew(text.spelling().size());
}

// The signature comes at the end of a text, or behind it.
void ResponsesOutput::addSignature(std::string signature) {
  if (openAs<MessageItem>()) {
    textSignature_ = std::move(signature);
  } else if (lastMessage()) {
    close();
    follow(sealed(Carried::TextSignature, std::move(signature)));
  }
}

void ResponsesOutput::addScore(TokenScore score) {
  if (openAs<MessageItem>()) {
    pendingScores_.push_back(std::move(score));
  } else if (MessageItem* message = lastMessage()) {
    message->logprobs.push_back(std::move(score));
  }
}

void ResponsesOutput::refuse() {
  MessageItem message;
  message.refusal = kRefusal;
  addWhole(std::move(message));
}

// --- What is done --------------------------------------------------------------------------------

// A call's signature comes right before it, in the thoughts that led to it if they are told.
void ResponsesOutput::addCall(Call call) {
  if (!call.signature.empty()) {
    std::string carried = sealed(Carried::CallSignature, call.signature.value, call.id);
    if (ReasoningItem* thoughts = openAs<ReasoningItem>()) {
      thoughts->encrypted = std::move(carried);
    } else {
      close();
      follow(std::move(carried));
    }
  }
  const ToolAddress* known = style_.tools.find(call.name);
  const CallItem item = call.kind == ToolKind::Custom ? CallItem::Custom : CallItem::Function;
  ToolAddress tool = known ? *known : ToolAddress{item, {}, call.name};
  grew(call.arguments.size());
  addWhole(CallItemOf{std::move(call), std::move(tool)});
}

void ResponsesOutput::addImage(conversation::Image image) {
  keptImages_ += image.url.size();
  addWhole(ImageItem{std::move(image.url)});
  if (!image.signature.empty()) follow(sealed(Carried::TextSignature, std::move(image.signature)));
}

void ResponsesOutput::addCodeOutput(conversation::CodeOutput output) {
  CodeItem* running = openAs<CodeItem>();
  CodeItem& code = running ? *running : open(CodeItem());
  grew(output.text.size());
  code.output = std::move(output);
  close();
}

void ResponsesOutput::addFollower(Follower follower) {
  if (openAs<MessageItem>() || openAs<CodeItem>()) {
    followers_.push_back(std::move(follower));
  } else {
    close();
    follow(std::move(follower));
  }
}

std::string ResponsesOutput::sealed(Carried what, std::string value, std::string callId) {
  grew(value.size());
  return conversation::seal({what, origin_, std::move(callId), std::move(value)});
}

// --- Citations -----------------------------------------------------------------------------------

MessageItem* ResponsesOutput::lastMessage() {
  return lastMessage_ ? std::get_if<MessageItem>(&items_[*lastMessage_].what) : nullptr;
}

// A citation belongs to the message in which it begins.
void ResponsesOutput::cite(Citation citation) {
  say();
  if (measured_ != items_.size()) measureMessages();
  if (stretches_.empty()) return;
  const auto after = std::ranges::upper_bound(stretches_, citation.start, {}, &Stretch::begin);
  const Stretch& stretch = after == stretches_.begin() ? *after : *std::prev(after);
  const auto within = [&stretch](std::int64_t at) {
    return std::clamp(at, stretch.begin, stretch.end) - stretch.begin;
  };
  citation.start = within(citation.start);
  citation.end = within(citation.end);
  OutputItem& item = items_[stretch.item];
  std::get<MessageItem>(item.what).annotations.push_back(std::move(citation));
  listener_.annotated(stretch.item, item);
}

// Citations come when all text is there.
void ResponsesOutput::measureMessages() {
  stretches_.clear();
  std::int64_t at = 0;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const auto* message = std::get_if<MessageItem>(&items_[i].what);
    if (!message) continue;
    const std::int64_t end = at + codePoints(message->text.view());
    stretches_.push_back({i, at, end});
    at = end;
  }
  measured_ = items_.size();
}

}  // namespace rondo::openai
