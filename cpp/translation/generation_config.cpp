#include "translation/body_parts.h"

#include <algorithm>

#include "translation/schema_writer.h"

namespace rondo::translation {
namespace {

using google::Feature;

class ConfigWriter {
 public:
  ConfigWriter(json::Writer& writer, const BodyContext& context, Adjusted& adjusted)
      : writer_(writer),
        context_(context),
        request_(context.request),
        family_(context.target.family),
        target_(context.target),
        adjusted_(adjusted) {}

  void write() {
    writeSampling();
    writeLengths();
    writeSeveral();
    writeLogprobs();
    writeResponseType();
    writeModalities();
    writeOrder(writer_, context_, adjusted_);
    writeThinkingConfig(writer_, context_, adjusted_);
  }

 private:
  // Writes a value that was given if it is taken, else tells that it was left out.
  void writeNumber(std::string_view key, std::optional<double> value, Feature feature,
                   std::string_view word) {
    if (!value) return;
    if (target_.takes(feature)) {
      context_.use(feature);
      writer_.key(key).number(*value);
    } else {
      adjusted_.emplace(word);
    }
  }

  void writeSampling() {
    writeNumber("temperature", request_.temperature, Feature::Sampling, "temperature");
    writeNumber("topP", request_.topP, Feature::Sampling, "top_p");
    writeTopK();
    writePenalty("presencePenalty", request_.presencePenalty);
    writePenalty("frequencyPenalty", request_.frequencyPenalty);
  }

  void writeTopK() {
    if (!request_.topK) return;
    if (target_.takes(Feature::Sampling)) {
      context_.use(Feature::Sampling);
      writer_.key("topK").integer(*request_.topK);
    } else {
      adjusted_.emplace("top_k");
    }
  }

  // 0 is what every model does by itself. Vertex AI takes what is less than 2:
  // https://cloud.google.com/vertex-ai/docs/reference/rest/v1/GenerationConfig
  void writePenalty(std::string_view key, std::optional<double> value) {
    constexpr double kLimitOfVertex = 1.99;
    if (!value || *value == 0) return;
    const bool isTooMuch = target_.backend == google::Backend::Vertex && *value > kLimitOfVertex;
    if (isTooMuch) adjusted_.emplace("penalties");
    writeNumber(key, isTooMuch ? kLimitOfVertex : *value, Feature::Penalties, "penalties");
  }

  void writeLengths() {
    if (request_.maxTokens) {
      const auto delivery = request_.stream == conversation::Streaming::On
                                ? google::Delivery::Streamed
                                : google::Delivery::Whole;
      const std::int64_t limit =
          std::min(family_.outputLimit(delivery), target_.limits.mostOutput.value_or(INT32_MAX));
      context_.use(Feature::OutputLength);
      if (*request_.maxTokens > limit) adjusted_.emplace("max_tokens");
      writer_.key("maxOutputTokens").integer(std::min(*request_.maxTokens, limit));
    }
    if (request_.stop.empty()) return;
    constexpr std::size_t kMaxStops = 5;
    if (request_.stop.size() > kMaxStops) adjusted_.emplace("stop");
    writer_.key("stopSequences").beginArray();
    for (std::size_t i = 0; i < std::min(request_.stop.size(), kMaxStops); ++i) {
      writer_.string(request_.stop[i]);
    }
    writer_.endArray();
  }

  void writeSeveral() {
    if (request_.seed) {
      // Google's is an int32: larger ones keep their low bits, so that they stay reproducible.
      const auto seed = static_cast<std::int32_t>(*request_.seed & INT32_MAX);
      const bool isTaken = target_.takes(Feature::Seed);
      if (!isTaken || seed != *request_.seed) adjusted_.emplace("seed");
      if (isTaken) {
        context_.use(Feature::Seed);
        writer_.key("seed").integer(seed);
      }
    }
    if (!request_.candidates || *request_.candidates <= 1) return;
    constexpr std::int64_t kMaxCandidates = 8;
    const bool isTaken = target_.takes(Feature::SeveralCandidates);
    const std::int64_t count = isTaken ? std::min(*request_.candidates, kMaxCandidates) : 1;
    if (count != *request_.candidates) adjusted_.emplace("n");
    if (count <= 1) return;
    context_.use(Feature::SeveralCandidates);
    writer_.key("candidateCount").integer(count);
  }

  void writeLogprobs() {
    if (!request_.logprobs) return;
    if (!target_.takes(Feature::Logprobs)) {
      adjusted_.emplace("logprobs");
      return;
    }
    context_.use(Feature::Logprobs);
    writer_.key("responseLogprobs").boolean(true);
    if (request_.topLogprobs.value_or(0) > 0) {
      writer_.key("logprobs").integer(*request_.topLogprobs);
    }
  }

  void writeResponseType() {
    const JsonDemand demand = jsonDemand(context_);
    if (demand == JsonDemand::ByInstruction) adjusted_.emplace("response_format");
    if (demand != JsonDemand::ByField) return;
    context_.use(Feature::ToolsWithJson);
    writer_.key("responseMimeType").string("application/json");
    if (request_.responseFormat.schema) {
      if (target_.takes(Feature::JsonSchema)) context_.use(Feature::JsonSchema);
      writeResponseSchema(writer_, *request_.responseFormat.schema, target_);
    }
  }

  void writeModalities() {
    const auto wants = [&](conversation::Modality modality) {
      return std::ranges::find(request_.modalities, modality) != request_.modalities.end();
    };
    const bool hasImage = wants(conversation::Modality::Image);
    const bool isLacking = request_.spoken ? hasImage : wants(conversation::Modality::Audio);
    if (isLacking) adjusted_.emplace("modalities");
    if (!hasImage || request_.spoken) return;
    writer_.key("responseModalities").beginArray().string("TEXT").string("IMAGE").endArray();
  }

  json::Writer& writer_;
  const BodyContext& context_;
  const conversation::Request& request_;
  const google::ModelFamily& family_;
  const RequestTarget& target_;
  Adjusted& adjusted_;
};

}  // namespace

JsonDemand jsonDemand(const BodyContext& context) {
  const conversation::Request& request = context.request;
  if (request.responseFormat.kind == conversation::ResponseKind::Text) return JsonDemand::None;
  const bool besideTools =
      !request.tools.empty() || request.hosted.webSearch || request.hosted.codeExecution;
  const bool takesBoth = context.target.takes(Feature::ToolsWithJson);
  return besideTools && !takesBoth ? JsonDemand::ByInstruction : JsonDemand::ByField;
}

std::string jsonInstruction(const BodyContext& context) {
  if (jsonDemand(context) != JsonDemand::ByInstruction) return {};
  std::string text =
      "Unless you call a function, answer with a single JSON document and no other text.";
  if (context.request.responseFormat.schema) {
    text += " It must be valid under this JSON Schema: ";
    text += json::dump(*context.request.responseFormat.schema);
  }
  return text;
}

void writeGenerationConfig(json::Writer& writer, const BodyContext& context, Adjusted& adjusted) {
  std::string config;
  json::Writer inner(config);
  inner.beginObject();
  ConfigWriter(inner, context, adjusted).write();
  inner.endObject();
  if (config != "{}") writer.key("generationConfig").raw(config);
}

}  // namespace rondo::translation
