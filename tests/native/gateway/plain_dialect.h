#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conversation/dialect.h"

// The smallest dialect there can be: a text in, texts out. `TEXT` asks for a whole answer,
// `... TEXT` for a stream, and `? ` before either for a count.

namespace rondo::plain {

using namespace conversation;

inline void appendEvent(std::string& out, const Event& event) {
  if (const auto* piece = std::get_if<TextPiece>(&event.what)) out += piece->text.view().plain();
  if (const auto* thought = std::get_if<ThoughtPiece>(&event.what)) {
    out += '(' + thought->text.view().plain() + ')';
  }
  if (const auto* call = std::get_if<Call>(&event.what)) out += call->name + call->arguments;
}

class Writer : public StreamWriter {
 public:
  explicit Writer(Purpose purpose) : isCount_(purpose == Purpose::Count) {}

  void append(std::string& out, std::vector<Event> events) override {
    for (const Event& event : events) appendEvent(out, event);
  }
  void appendText(std::string& out, TextKind kind, const json::Text& text) override {
    out += kind == TextKind::Said ? text.plain() : '(' + text.plain() + ')';
  }
  void appendEnd(std::string& out, const std::optional<Usage>& usage) override {
    if (isCount_) out += std::to_string(usage->prompt);
    out += "\n";
  }
  void appendError(std::string& out, const Error& error) override {
    out += "! " + error.code + "\n";
  }

 private:
  bool isCount_;
};

class Format : public AnswerFormat {
 public:
  explicit Format(Purpose purpose) : purpose_(purpose) {}

  std::unique_ptr<StreamWriter> stream(const AnswerHead&) const override {
    return std::make_unique<Writer>(purpose_);
  }
  Result<std::string> whole(const AnswerHead&, Answer answer) const override {
    std::string out;
    if (purpose_ == Purpose::Count) return std::to_string(answer.usage->prompt) + " tokens";
    for (const Event& event : answer.events) appendEvent(out, event);
    return out;
  }
  std::string_view fieldOf(Setting) const override { return "text"; }

 private:
  Purpose purpose_;
};

class Plain : public Dialect {
 public:
  Result<Sent> read(std::string_view body, const BesideBody& beside) const override {
    if (body.empty()) return fail(badRequest("Say something.", "text"));
    const Purpose purpose = body.starts_with("? ") ? Purpose::Count : Purpose::Answer;
    if (purpose == Purpose::Count) body.remove_prefix(2);
    Sent sent{{}, std::make_unique<Format>(purpose)};
    sent.request.purpose = purpose;
    sent.request.body = body;
    sent.request.model = beside.pathModel;
    if (body.starts_with("... ")) sent.request.stream = Streaming::On;
    sent.request.turns.push_back({Role::User, {TextPart{json::Text(body, {})}}});
    return sent;
  }
  ErrorAnswer error(const Error& error, const ErrorContext&) const override {
    return {418, error.message};
  }
  std::string_view keepAlive() const override { return " "; }
};

}  // namespace rondo::plain
