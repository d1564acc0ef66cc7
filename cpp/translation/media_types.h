#pragma once

#include <string>
#include <string_view>

// What a medium is, told from its name, its first bytes or what somebody called it, in the words
// that Gemini knows.

namespace rondo::translation {

// A type as Gemini knows it: in lower case, without parameters, "image/jpeg" for "image/jpg", and
// "text/plain" for whatever else can be read as text.
std::string geminiMimeType(std::string_view type);

// The same of a sound: "webm" and "video/webm; codecs=opus" are "audio/webm".
std::string soundMimeType(std::string_view formatOrType);

// "audio/mp3" and the like from the end of a file's name; empty when unknown. Sources of programs,
// settings and logs are texts.
std::string_view mimeTypeOfName(std::string_view name);

// The same for a web address: only what is a file by its ending, and not a program that makes one.
std::string_view mimeTypeOfUrl(std::string_view url);

// What the first bytes of a base64 text tell; empty when nothing.
std::string_view mimeTypeOfData(std::string_view base64);

// The same of the bytes of a file, of sounds and images alone. What may be a film or a sound is
// told as a sound.
std::string_view mimeTypeOfBytes(std::string_view bytes);

// Whether it is a document of an office suite, none of which Gemini reads.
bool isOfficeType(std::string_view mimeType);

// Whether Gemini takes such a thing inside of a tool's result: it sees and reads there, and doesn't
// listen. Facts: ai.google.dev/gemini-api/docs/function-calling, on multimodal function responses.
bool isTakenInResults(std::string_view mimeType);

}  // namespace rondo::translation
