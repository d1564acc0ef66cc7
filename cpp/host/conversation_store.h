#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace rondo::host {

// Which earlier turns and items a request goes on from. Each may be empty.
struct Recall {
  std::string previous;            // The response whose conversation goes on.
  std::string conversation;        // Or the conversation itself.
  std::vector<std::string> items;  // Those that are named one by one.
};

// Items of earlier turns, as JSON.
struct Recalled {
  std::vector<std::string> history;  // The oldest first.
  std::vector<std::string> items;    // Those that were named, in that order.

  // Why there is nothing of all this.
  enum class Lack { Nothing, Response, Conversation, Item, TooMuch } lack = Lack::Nothing;
  std::string lacking;  // What is lacking, by its name.
};

// One turn: what came in and what was answered.
struct Turn {
  std::string id;            // The response's.
  std::string previous;      // The response that it goes on from, or empty.
  std::string conversation;  // The one that gets the items too, or empty.
  enum class Kept { Stored, InConversationAlone } kept = Kept::Stored;
  // The response's JSON before and behind the elements of its output.
  std::string before;
  std::string behind;
  std::vector<std::string> inputs;   // JSON
  std::vector<std::string> outputs;  // JSON
};

// A chat completion.
struct Completion {
  std::string id;
  std::string body;                   // JSON
  std::string metadata;               // JSON: an object of texts.
  std::vector<std::string> messages;  // JSON: those that it answers.
};

// A call's thought signature, with whose it is: a text that only the core reads.
struct CallSignature {
  std::string callId;
  std::string text;
};

// What is kept for the client whose request this is, between its requests. No other client's can be
// reached. Belongs to a request, as its I/O does.
class ConversationStore {
 public:
  virtual ~ConversationStore() = default;

  // Transient when the store failed.
  virtual Task<Result<Recalled>> recall(Recall asked) = 0;

  // Return when it is kept. Transient when it is not.
  virtual Task<Result<void>> keep(Turn turn) = 0;
  virtual Task<Result<void>> keep(Completion completion) = 0;

  // What was kept of each of these calls, in their order; empty where nothing was, or not within
  // the last day. Transient when the store failed, or took longer than an answer may wait for it.
  virtual Task<Result<std::vector<std::string>>> signatures(std::vector<std::string> callIds) = 0;

  // Starts the keeping and returns at once. It happens behind the answer, and may be lost.
  virtual void keepLater(std::vector<CallSignature> signatures) = 0;
};

}  // namespace rondo::host
