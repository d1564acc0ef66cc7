#include "openai/embeddings_request.h"

#include <string>
#include <utility>

#include "openai/request_parts.h"

namespace rondo::openai {
namespace {

using conversation::EmbeddingRequest;
using conversation::LongTexts;

// OpenAI's own.
constexpr std::size_t kMaxTexts = 2048;
constexpr std::int64_t kMaxDimensions = 65'536;

// Numbers are another model's tokens.
bool isTokens(json::Node input) {
  if (!input.isArray()) return false;
  for (const json::Node each : input.elements()) {
    if (each.isNumber() || each.isArray()) return true;
  }
  return false;
}

Error tokensRefused() {
  return badRequest(
      "Invalid 'input': tokens can't be embedded, since they are those of another model. Send "
      "strings: in LangChain for Python, set `check_embedding_ctx_length=False`.",
      "input", "tokens_not_supported");
}

void readText(json::Node entry, const Path& path, EmbeddingRequest& request, Faults& faults) {
  if (!entry.isString()) {
    faults.wrongType(path, "a string", entry);
  } else if (entry.text().empty()) {
    const std::string place = path.text();
    faults.report(badRequest("Invalid '" + place + "': an empty text can't be embedded.", place,
                             "empty_string"));
  } else {
    request.texts.push_back(entry.text());
  }
}

void readTexts(json::Node input, const Path& path, EmbeddingRequest& request, Faults& faults) {
  if (!input.hasElements()) {
    faults.report(badRequest("Invalid 'input': expected at least one text, but got none.", "input",
                             "empty_array"));
    return;
  }
  std::size_t count = 0;
  for ([[maybe_unused]] const json::Node each : input.elements()) ++count;
  if (count > kMaxTexts) {
    faults.tooMany(path, kMaxTexts, count);
    return;
  }
  request.texts.reserve(count);
  for (std::size_t i = 0; const json::Node entry : input.elements()) {
    readText(entry, Path(path, i++), request, faults);
  }
}

void readInput(FieldReader& body, EmbeddingRequest& request, Faults& faults) {
  const json::Node input = body.any("input");
  const Path path = body.at("input");
  if (!input) {
    faults.missing(path);
  } else if (isTokens(input)) {
    faults.report(tokensRefused());
  } else if (input.isArray()) {
    readTexts(input, path, request, faults);
  } else if (input.isString()) {
    readText(input, path, request, faults);
  } else {
    faults.wrongType(path, "a string or an array of strings", input);
  }
}

VectorFormat readFormat(FieldReader& body, Faults& faults) {
  const std::string word = body.string("encoding_format");
  if (word == "base64") return VectorFormat::Base64;
  if (!word.empty() && word != "float") {
    faults.unknownValue(body.at("encoding_format"), word, {"float", "base64"});
  }
  return VectorFormat::Numbers;
}

void readTask(FieldReader& google, EmbeddingRequest& request, Faults& faults) {
  const std::string word = google.string("task_type");
  if (word.empty()) return;
  request.task = conversation::parseEmbeddingTask(word);
  if (request.task) return;
  const std::string place = google.at("task_type").text();
  constexpr std::size_t kShown = 60;
  faults.report(badRequest("Invalid value for '" + place + "': '" + word.substr(0, kShown) +
                               "'. Supported values are: " + conversation::taskNames() + ".",
                           place, "invalid_value"));
}

void readGoogle(FieldReader& google, EmbeddingRequest& request, Faults& faults) {
  readTask(google, request, faults);
  if (const json::Text title = google.text("title"); !title.empty()) request.title = title;
  if (const auto cut = google.boolean("auto_truncate")) {
    request.longTexts = *cut ? LongTexts::Cut : LongTexts::Refused;
  }
}

void readHolder(FieldReader& holder, EmbeddingRequest& request, Faults& faults) {
  const Path path = holder.at("google");
  const json::Node inner = holder.any("google");
  if (!inner) return;
  FieldReader google(inner, path, faults);
  readGoogle(google, request, faults);
}

// In the places that chats have them in: see readExtras.
void readSettings(FieldReader& body, EmbeddingRequest& request, Faults& faults) {
  readGoogle(body, request, faults);
  readHolder(body, request, faults);
  const Path path = body.at("extra_body");
  const json::Node inner = body.any("extra_body");
  if (!inner) return;
  FieldReader extra(inner, path, faults);
  readHolder(extra, request, faults);
}

}  // namespace

Result<EmbeddingsRequest> parseEmbeddingsRequest(std::string_view text) {
  json::Document document;
  if (auto read = document.read(text); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  if (faults.any()) return fail(faults.first());

  EmbeddingsRequest embeddings;
  EmbeddingRequest& request = embeddings.request;
  request.model = body.requiredString("model");
  readInput(body, request, faults);
  request.dimensions = body.integer("dimensions", 1, kMaxDimensions);
  embeddings.format = readFormat(body, faults);
  readSettings(body, request, faults);
  body.string("user");
  if (faults.any()) return fail(faults.first());
  return embeddings;
}

}  // namespace rondo::openai
