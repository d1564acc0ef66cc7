#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "conversation/answer.h"
#include "conversation/request.h"

// What a dialect has to bring. The first is openai/chat_dialect.h.

namespace rondo::conversation {

// The same in every event of one answer.
struct AnswerHead {
  std::string seed;             // Unique: what the dialect's own ids are made of.
  std::int64_t created = 0;     // Unix seconds.
  std::string model;            // As the client named it.
  SignatureOrigin origin = {};  // Of all signatures in it.
  std::string requestId = {};   // As our own errors name it.
};

enum class TextKind { Said, Thought };

// Writes the body of one streamed answer. Each call appends to `out`; nothing is told before the
// first.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  // Events that came together, which one message of the stream may tell.
  virtual void append(std::string& out, std::vector<Event> events) = 0;
  // The same as a single TextPiece or ThoughtPiece of choice 0, in one pass: nearly all there is.
  virtual void appendText(std::string& out, TextKind kind, const json::Text& text) = 0;
  // Behind the last choice's Finish.
  virtual void appendEnd(std::string& out, const std::optional<Usage>& usage) = 0;
  // Whether it has kept as much of the answer as it may: then nothing but an error may follow.
  virtual bool isFull() const { return false; }
  // In place of the end: why the answer doesn't go on, or never came.
  virtual void appendError(std::string& out, const Error& error) = 0;
};

// How one request wants to be answered.
class AnswerFormat {
 public:
  virtual ~AnswerFormat() = default;

  virtual std::unique_ptr<StreamWriter> stream(const AnswerHead& head) const = 0;
  // Of a request that is to be counted, `answer` is its usage alone, with a Finish by Length.
  // An error when nothing of what was asked for is in it.
  virtual Result<std::string> whole(const AnswerHead& head, Answer answer) const = 0;
  // The field by which the request has the setting.
  virtual std::string_view fieldOf(Setting setting) const = 0;

  // The content types of both. A stream of another type than events can't tell an error: it is
  // broken off.
  virtual std::string_view wholeType() const { return "application/json"; }
  virtual std::string_view streamType() const { return kEventStream; }

  static constexpr std::string_view kEventStream = "text/event-stream; charset=utf-8";
};

// What a client has sent.
struct Sent {
  Request request;
  std::unique_ptr<const AnswerFormat> format;
  // How many answers are wanted, each of a call of its own, told as the choices of one. Not of
  // streams.
  std::int64_t answers = 1;
};

// What comes with a body, in dialects that have it there; each may be empty.
struct BesideBody {
  std::string_view pathModel;    // The model that the address names.
  std::string_view contentType;  // With its parameters.
};

// An error, whole.
struct ErrorAnswer {
  int status = 500;
  std::string body;  // JSON
};

// What an error's body may tell beside the error.
struct ErrorContext {
  std::string_view requestId;
};

// How errors are told.
class ErrorWords {
 public:
  virtual ~ErrorWords() = default;

  virtual ErrorAnswer error(const Error& error, const ErrorContext& context) const = 0;
};

class Dialect : public ErrorWords {
 public:
  // Reads a body, which must outlive what comes of it. BadRequest, with the field's path as
  // `param`.
  virtual Result<Sent> read(std::string_view body, const BesideBody& beside) const = 0;

  // What says nothing, for a stream in which nothing was said for long.
  virtual std::string_view keepAlive() const = 0;
};

}  // namespace rondo::conversation
