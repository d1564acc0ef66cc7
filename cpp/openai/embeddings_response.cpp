#include "openai/embeddings_response.h"

#include <bit>
#include <span>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "json/number_text.h"
#include "json/writer.h"

namespace rondo::openai {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

// The bytes of the numbers as they lie in memory are those that clients expect.
static_assert(std::endian::native == std::endian::little);

std::string_view bytesOf(std::span<const float> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

void appendNumbers(std::string& out, std::span<const float> numbers) {
  out += '[';
  for (const float& number : numbers) {
    if (&number != numbers.data()) out += ',';
    json::appendFloat(out, number);
  }
  out += ']';
}

}  // namespace

EmbeddingsWriter::EmbeddingsWriter(const conversation::Vectors& vectors, VectorFormat format,
                                   std::string model, std::int64_t tokens)
    : vectors_(vectors), format_(format), model_(std::move(model)), tokens_(tokens) {}

std::string EmbeddingsWriter::next() {
  std::string out;
  out.reserve(kPieceBytes + kPieceBytes / 4);
  if (told_ == 0) out += R"({"object":"list","data":[)";
  while (told_ < vectors_.count() && out.size() < kPieceBytes) {
    if (told_ != 0) out += ',';
    appendVector(out, told_++);
  }
  if (told_ == vectors_.count()) {
    appendEnd(out);
    isDone_ = true;
  }
  return out;
}

void EmbeddingsWriter::appendVector(std::string& out, std::size_t index) const {
  out += R"({"object":"embedding","index":)";
  out += std::to_string(index);
  out += R"(,"embedding":)";
  if (format_ == VectorFormat::Base64) {
    out += '"';
    out += encodeBase64(bytesOf(vectors_.at(index)));
    out += '"';
  } else {
    appendNumbers(out, vectors_.at(index));
  }
  out += '}';
}

void EmbeddingsWriter::appendEnd(std::string& out) const {
  out += R"(],"model":)";
  json::appendQuoted(out, model_);
  out += R"(,"usage":{"prompt_tokens":)";
  out += std::to_string(tokens_);
  out += R"(,"total_tokens":)";
  out += std::to_string(tokens_);
  out += "}}";
}

}  // namespace rondo::openai
