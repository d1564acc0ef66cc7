#pragma once

#include <string>
#include <vector>

#include "equality/fields.h"

// `messages` of a request in one plain shape, whichever dialect the client wrote them in.

namespace rondo::equality {

enum class PartKind { Text, Refusal, Image, Audio, File, Video };

struct Part {
  PartKind kind = PartKind::Text;
  std::string text = {};       // The text, the URL or the data.
  std::string format = {};     // Of a sound.
  std::string detail = {};     // Of an image.
  std::string id = {};         // Of a file.
  std::string name = {};       // Of a file.
  std::string signature = {};  // Of an image.
};

struct Call {
  std::string id = {};
  std::string name = {};
  std::string arguments = {};
  bool isCustom = false;
  std::string signature = {};
};

struct Message {
  std::string role = {};  // "system", "user", "assistant" or "tool"
  std::vector<Part> parts = {};
  std::vector<Call> calls = {};
  std::string callId = {};
  std::string name = {};
  bool hasFailed = false;
  std::string signature = {};
};

std::vector<Message> readMessages(const Value& request);

}  // namespace rondo::equality
