#include "translation/request.h"

#include <utility>

#include "translation/body_context.h"
#include "translation/contents.h"
#include "translation/generation_config.h"
#include "translation/tools.h"

namespace rondo::translation {
namespace {

// Roughly what the contents take, so that a large body is not moved while it grows.
std::size_t estimatedSize(const openai::ChatRequest& request) {
  std::size_t size = 4096;
  for (const openai::Message& message : request.messages) {
    size += 128;
    for (const openai::ContentPart& part : message.content) {
      if (const auto* text = std::get_if<openai::TextPart>(&part))
        size += text->text.spelling().size() + 32;
      if (const auto* image = std::get_if<openai::ImagePart>(&part))
        size += image->url.view().size();
      if (const auto* audio = std::get_if<openai::AudioPart>(&part))
        size += audio->data.view().size();
      if (const auto* file = std::get_if<openai::FilePart>(&part)) size += file->data.view().size();
    }
    for (const openai::ToolCall& call : message.toolCalls) size += call.arguments.size() + 128;
  }
  return size + size / 16;
}

void writeExtras(json::Writer& writer, const BodyContext& context, Adjusted& adjusted) {
  const openai::ChatRequest& request = context.request;
  if (request.google.safetySettings) {
    writer.key("safetySettings").value(*request.google.safetySettings);
  }
  if (!request.google.cachedContent.empty()) {
    context.use(google::Feature::StoredContent);
    writer.key("cachedContent").string(request.google.cachedContent);
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

Result<TranslatedRequest> translateRequest(const openai::ChatRequest& request,
                                           const RequestTarget& target) {
  const ToolNames names(request);
  TranslatedRequest translated;
  const BodyContext context{request, target, names, translated.uses};
  Adjusted adjusted;
  translated.body.reserve(estimatedSize(request));
  json::Writer writer(translated.body);
  writer.beginObject();
  const auto contents = writeContents(writer, context, jsonInstruction(context), adjusted);
  if (!contents) return fail(contents.error());
  writeTools(writer, context, adjusted);
  writeGenerationConfig(writer, context, adjusted);
  writeExtras(writer, context, adjusted);
  writer.endObject();
  translated.adjusted.assign(adjusted.begin(), adjusted.end());
  return translated;
}

}  // namespace rondo::translation
