#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rondo::google {

struct ModelPage {
  std::vector<std::string> ids;  // Bare: "gemini-3.8-flash".
  // Beside them what the Gemini API tells of each, as JSON. Vertex AI's say nothing that a client
  // could go by, and are empty.
  std::vector<std::string> entries;
  std::string nextPageToken;  // Empty on the last page.
};

// Reads one page as the Gemini API (`models`) and Vertex AI (`publisherModels`) write it. Models
// that say what they support and don't support generateContent or embedContent are left out.
// Broken when the text is no JSON object.
Result<ModelPage> parseModelPage(std::string_view text);

// Whether a listed model answers a text with a text, told from its name: Vertex AI's list does not
// say what its models are for, and those for speech or images take generateContent too. A name
// that says nothing of the kind is one that does.
bool answersInWords(std::string_view model);

}  // namespace rondo::google
