#pragma once

#include <string>

#include "google/backend.h"
#include "http/headers.h"

namespace rondo::gateway {

// A request in Google's own dialect, as its address and header fields tell it
// (worker/google/address.ts). Its body stays with the host.
struct NativeCall {
  std::string version;  // "v1beta", as the client asks for it.
  std::string verb;     // "generateContent". Empty: it is no model's.
  // Of whose paths it is, and so in whose form the body is written.
  google::Backend backend = google::Backend::Gemini;
  // Of what belongs to a credential and not to a model: "GET", "cachedContents/a" below the
  // version, and whether an upload's address stands in front.
  std::string method = "POST";
  std::string path;
  enum class Way { Plain, Upload } way = Way::Plain;
  std::string origin;    // Ours, as the client reaches it.
  std::string query;     // As it came, but for what says who asks. Without the question mark.
  http::Headers fields;  // Those that go on to Google.
  // Whether the body can be sent again: one that is too large to be held is sent on while it comes.
  enum class Body { Held, Piped } body = Body::Held;
  // Whether the mark of ids that carry a credential is anywhere in a body that is held.
  enum class Marks { Absent, Present } marks = Marks::Absent;
  // Whether a body that is held has a member `tools`, or a text of just this word.
  enum class Tools { Absent, Present } tools = Tools::Absent;
  // Whether a body that is held brings a thought's signature along.
  enum class Signatures { Absent, Present } signatures = Signatures::Absent;
};

// Whether its answer is a stream, and if so, in an array instead of server-sent events.
bool isStream(const NativeCall& call);
bool isArray(const NativeCall& call);

}  // namespace rondo::gateway
