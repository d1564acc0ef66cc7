#pragma once

#include <string_view>

// What the fuzzer tries. Each takes any bytes, and ends the program when something that must hold
// for all of them doesn't.

namespace rondo::fuzz {

// The body of a chat completion request → what goes to Gemini, for models of each generation and
// both back-ends.
void tryRequest(std::string_view input);

// A JSON Schema → Google's subset.
void trySchema(std::string_view input);

// The inside of a JSON string, and a document to put into one → the document alone.
void tryNested(std::string_view input);

// The body of a request in the dialects that agents speak, Responses and Messages → what goes to
// Gemini.
void tryDialectRequest(std::string_view input);

// What the worker hands to the module: rows of texts, heads, frames, and what was kept for a
// client.
void tryFrames(std::string_view input);

// A body of Responses → with what is stored in it; items that a conversation takes → a request that
// goes on from them; a response → taken apart for the store; what was
// kept of a call → its signature.
void tryStored(std::string_view input);

// A form, or JSON → its parts, and what goes to Gemini of those that media come by.
void tryForm(std::string_view input);

// Google's answer → stream and whole answer in every dialect, in one piece and cut up.
void tryDialectAnswer(std::string_view input);

// Google's answer → stream and whole completion, in one piece and cut up.
void tryStream(std::string_view input);

}  // namespace rondo::fuzz
