#include "translation/request_body.h"

#include <utility>

#include "translation/body_parts.h"

namespace rondo::translation {
namespace {

// Roughly the bytes that a part takes.
struct SizeOf {
  std::size_t operator()(const conversation::TextPart& text) const { return (*this)(text.text); }
  std::size_t operator()(const conversation::MediaPart& medium) const {
    return std::visit(*this, medium);
  }
  std::size_t operator()(const conversation::ImagePart& image) const {
    return image.url.view().size();
  }
  std::size_t operator()(const conversation::AudioPart& audio) const {
    return audio.data.view().size();
  }
  std::size_t operator()(const conversation::FilePart& file) const {
    return file.data.view().size();
  }
  // base64 is longer by a third.
  std::size_t operator()(const conversation::BytesPart& file) const {
    return file.bytes.size() / 3 * 4;
  }
  std::size_t operator()(const json::Text& text) const { return text.spelling().size() + 32; }
  std::size_t operator()(const json::Fragment& json) const { return json.source().size(); }
  std::size_t operator()(const conversation::CallPart& call) const {
    return std::visit(*this, call.arguments) + 128;
  }
  std::size_t operator()(const conversation::CallResult& result) const {
    std::size_t size = 128;
    for (const conversation::Content& part : result.content) size += std::visit(*this, part);
    return size;
  }
  template <class Other>
  std::size_t operator()(const Other&) const {
    return 32;
  }
};

// Roughly what the contents take, so that a large body is not moved while it grows.
std::size_t estimatedSize(const conversation::Request& request) {
  std::size_t size = 4096;
  for (const conversation::Turn& turn : request.turns) {
    size += 128;
    for (const conversation::Part& part : turn.parts) size += std::visit(SizeOf{}, part);
  }
  return size + size / 16;
}

void writeExtras(json::Writer& writer, const BodyContext& context, Adjusted& adjusted) {
  const conversation::Request& request = context.request;
  if (request.safetySettings) {
    writer.key("safetySettings").value(*request.safetySettings);
  }
  if (!request.cachedContent.empty()) {
    context.use(google::Feature::StoredContent);
    writer.key("cachedContent").string(request.cachedContent);
  }
  if (request.serviceTier != "flex" && request.serviceTier != "priority") return;
  if (context.target.takes(google::Feature::ServiceTier)) {
    context.use(google::Feature::ServiceTier);
    writer.key("serviceTier").string(request.serviceTier);
  } else {
    adjusted.emplace("service_tier");
  }
}

}  // namespace

Result<TranslatedRequest> translateRequest(const conversation::Request& request,
                                           const RequestTarget& target) {
  const ToolNames names(request);
  TranslatedRequest translated;
  const BodyContext context{request, target, names, translated.uses};
  if (auto fault = orderFault(context)) return fail(std::move(*fault));
  const bool isCount = request.purpose == conversation::Purpose::Count;
  Adjusted adjusted(request.adjusted.begin(), request.adjusted.end());
  translated.body.reserve(estimatedSize(request));
  json::Writer writer(translated.body);
  // Counting, the Gemini API wants the whole request within another, Vertex its members alone.
  const bool isWrapped = isCount && target.backend == google::Backend::Gemini;
  if (isWrapped) writer.beginObject().key("generateContentRequest");
  writer.beginObject();
  if (isWrapped) writer.key("model").string("models/" + target.model);
  const std::string instruction = jsonInstruction(context) + orderInstruction(context);
  const auto contents = writeContents(writer, context, instruction, adjusted);
  if (!contents) return fail(contents.error());
  writeTools(writer, context, adjusted);
  writeGenerationConfig(writer, context, adjusted);
  if (!isCount || isWrapped) writeExtras(writer, context, adjusted);
  writer.endObject();
  if (isWrapped) writer.endObject();
  translated.adjusted.assign(adjusted.begin(), adjusted.end());
  return translated;
}

}  // namespace rondo::translation
