#include "translation/body_parts.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "translation/call_arguments.h"
#include "translation/media.h"
#include "translation/media_types.h"
#include "translation/signatures.h"
#include "translation/tool_result.h"
#include "translation/turns.h"

namespace rondo::translation {
namespace {

json::TextBuilder systemText(const Arrangement& arrangement, std::string_view instruction) {
  json::TextBuilder text;
  for (const conversation::Turn* turn : arrangement.system) {
    const std::string_view separator = "\n\n";
    bool isFirstPart = true;
    for (const conversation::Part& part : turn->parts) {
      const auto* piece = std::get_if<conversation::TextPart>(&part);
      if (!piece || piece->text.empty()) continue;
      if (!text.empty()) text.append(isFirstPart ? separator : "\n");
      isFirstPart = false;
      text.append(piece->text);
    }
  }
  if (!instruction.empty()) {
    if (!text.empty()) text.append("\n\n");
    text.append(instruction);
  }
  return text;
}

// Whoever answers the request.
conversation::SignatureOrigin makerOf(const RequestTarget& target) {
  return {target.credentialKind, target.family.signatureGroup(), target.credentialId};
}

class ContentsWriter {
 public:
  ContentsWriter(json::Writer& writer, const BodyContext& context)
      : writer_(writer),
        context_(context),
        target_(context.target),
        signatures_(target_.family, makerOf(target_),
                    target_.limits.refused.has(google::Feature::ThoughtSignatures)
                        ? SignaturePolicy::Dummies
                        : SignaturePolicy::Keep,
                    target_.unknownMakers, target_.store) {}

  void writeTurn(const GoogleTurn& turn, bool isCurrent, const json::Text& preface) {
    isCurrent_ = isCurrent;
    writer_.beginObject();
    writer_.key("role").string(turn.speaker == Speaker::User ? "user" : "model");
    writer_.key("parts").beginArray();
    if (!preface.empty()) writeText(preface, {});
    const auto results = std::ranges::find_if_not(
        turn.parts, [](const TurnPart& part) { return std::holds_alternative<ResultRef>(part); });
    for (auto part = turn.parts.begin(); part != results; ++part) write(*part);
    for (auto part = turn.parts.begin(); part != results; ++part) {
      if (const auto* result = std::get<ResultRef>(*part).result) writeMediaBehind(*result);
    }
    for (auto part = results; part != turn.parts.end(); ++part) write(*part);
    writer_.endArray().endObject();
  }

  // Whose hosted parts go back; null when none do. They are nothing without their signatures.
  const SignatureOrigin* hostedOrigin() const {
    const bool areTaken = target_.takes(google::Feature::HostedBesideFunctions) &&
                          target_.takes(google::Feature::ThoughtSignatures);
    return areTaken ? &signatures_.origin() : nullptr;
  }

  // The texts from here on are to be spoken, in that manner; empty: in any.
  void speak(std::string style) { style_ = std::move(style); }

  const std::optional<Error>& fault() const { return fault_; }

 private:
  void write(const TurnPart& part) {
    std::visit([this](const auto& piece) { writePart(piece); }, part);
  }

  void writeText(const json::Text& text, std::string_view signature) {
    writer_.beginObject().key("text").string(text);
    writeSignature(signature);
    writer_.endObject();
  }

  // A text that is to be spoken, with how it is to sound: apart from it, or where models read
  // directions in the text, in front of it.
  void writeSpoken(const json::Text& text, std::string_view style) {
    writer_.beginObject().key("text");
    if (target_.family.takesSpeechStyle()) {
      writer_.string(text);
      writer_.key("speechMetadata").beginObject().key("style").string(style).endObject();
    } else {
      json::TextBuilder directed(style);
      directed.append(": ");
      directed.append(text);
      writer_.string(directed.view());
    }
    writer_.endObject();
  }

  void writeSignature(std::string_view signature) {
    if (signature.empty()) return;
    context_.use(google::Feature::ThoughtSignatures);
    writer_.key("thoughtSignature").string(signature);
  }

  void writePart(const FillerText& filler) { writeText(json::TextBuilder(filler.text).view(), {}); }

  // What a short text needs in front of it once Google has taken it for something to be answered:
  // "Model tried to generate text, but it should only be used for TTS."
  std::string styleOf(const std::string& wanted) const {
    if (target_.takes(google::Feature::BareSpeech)) {
      context_.use(google::Feature::BareSpeech);
      return wanted;
    }
    const std::string order = "Read the following text aloud, word for word";
    return wanted.empty() ? order : order + ", in this manner: " + wanted;
  }

  void writePart(const TextRef& ref) {
    if (style_) {
      const std::string style = styleOf(*style_);
      if (!style.empty()) return writeSpoken(*ref.text, style);
    }
    writeText(*ref.text, ref.signature ? signatures_.forText(*ref.signature) : std::string_view());
  }

  void writePart(const MediumRef& ref) { writeMedium(*ref.medium); }

  void writePart(const HostedRef& ref) {
    context_.use(google::Feature::HostedBesideFunctions);
    context_.use(google::Feature::ThoughtSignatures);
    writer_.raw(ref.part->json);
  }

  void writePart(const CallRef& ref) {
    const conversation::CallPart& call = *ref.call;
    context_.use(google::Feature::ThoughtSignatures);
    writer_.beginObject().key("functionCall").beginObject();
    writeId(ref.id);
    writer_.key("name").string(context_.names.toGoogle(call.name));
    writer_.key("args");
    if (call.kind == conversation::ToolKind::Custom) {
      appendCustomArguments(writer_.token(), call.arguments);
    } else {
      appendArguments(writer_.token(), call.arguments);
    }
    writer_.endObject();
    writeSignature(signatures_.forCall(call, ref.signature, placeOf(ref)));
    writer_.endObject();
  }

  CallPlace placeOf(const CallRef& ref) const {
    if (!ref.isFirst) return CallPlace::Later;
    return isCurrent_ ? CallPlace::FirstOfCurrentStep : CallPlace::FirstOfOlderStep;
  }

  void writePart(const ResultRef& ref) {
    writer_.beginObject().key("functionResponse").beginObject();
    writeId(ref.id);
    writer_.key("name").string(context_.names.toGoogle(ref.call->name));
    std::string& response = writer_.key("response").token();
    if (ref.result) {
      appendToolResponse(response, *ref.result);
    } else {
      appendMissingToolResponse(response);
    }
    if (ref.result) writeMediaIn(*ref.result);
    writer_.endObject().endObject();
  }

  void writePart(const StrayResultRef& ref) {
    json::TextBuilder text("Result of an earlier tool call: ");
    text.append(toolResultText(*ref.result));
    writeText(text.view(), {});
    writeMediaOf(*ref.result);
  }

  void writeId(std::string_view id) {
    if (!target_.takes(google::Feature::CallIds)) return;
    context_.use(google::Feature::CallIds);
    writer_.key("id").string(id);
  }

  // The media of a result that may be part of it, and behind the results all others.
  void writeMediaIn(const conversation::CallResult& result) {
    if (!target_.takes(google::Feature::MediaInToolResults)) return;
    bool isFirst = true;
    for (const conversation::Content& part : result.content) {
      const auto* medium = std::get_if<conversation::MediaPart>(&part);
      if (!medium || !goesIntoResults(*medium)) continue;
      if (std::exchange(isFirst, false)) writer_.key("parts").beginArray();
      writeMedium(*medium);
    }
    if (isFirst) return;
    context_.use(google::Feature::MediaInToolResults);
    writer_.endArray();
  }

  void writeMediaBehind(const conversation::CallResult& result) {
    const bool takesSome = target_.takes(google::Feature::MediaInToolResults);
    for (const conversation::Content& part : result.content) {
      const auto* medium = std::get_if<conversation::MediaPart>(&part);
      if (medium && !(takesSome && goesIntoResults(*medium))) writeMedium(*medium);
    }
  }

  void writeMediaOf(const conversation::CallResult& result) {
    for (const conversation::Content& part : result.content) {
      if (const auto* medium = std::get_if<conversation::MediaPart>(&part)) writeMedium(*medium);
    }
  }

  // The Gemini API knows no addresses there.
  bool goesIntoResults(const conversation::MediaPart& medium) const {
    const auto source = mediaSource(medium, context_.request, target_.webMedia());
    if (!source) return false;
    if (!source->uri.empty() && target_.backend == google::Backend::Gemini) return false;
    const Media* fetched = source->fetch.empty() ? nullptr : findFetched(source->fetch);
    const bool isTyped = fetched && !fetched->mimeType.empty();
    return isTakenInResults(isTyped ? geminiMimeType(fetched->mimeType) : source->mimeType);
  }

  void writeMedium(const conversation::MediaPart& medium) {
    const auto source = mediaSource(medium, context_.request, target_.webMedia());
    if (!source) {
      report(source.error());
      return;
    }
    writer_.beginObject();
    writeSource(*source, medium);
    if (const auto* image = std::get_if<conversation::ImagePart>(&medium)) {
      writeImageExtras(*image);
    }
    writer_.endObject();
  }

  void writeSource(const MediaSource& source, const conversation::MediaPart& medium) {
    if (!source.uri.empty()) {
      writer_.key("fileData").beginObject();
      context_.use(google::Feature::StoredContent);
      const bool isOnWeb = source.fetchable == MediaSource::Fetchable::HereToo;
      if (isOnWeb) context_.use(google::Feature::WebMedia);
      if (!source.mimeType.empty()) writer_.key("mimeType").string(source.mimeType);
      writer_.key("fileUri").string(source.uri).endObject();
    } else if (!source.bytes.empty()) {
      writeBytes(source);
    } else if (source.fetch.empty()) {
      writeInline(source.mimeType, source.data, medium);
    } else if (const Media* fetched = findFetched(source.fetch)) {
      const bool isTyped = !fetched->mimeType.empty();
      writeInline(isTyped ? geminiMimeType(fetched->mimeType) : source.mimeType, fetched->data,
                  medium);
    } else {
      report("The file could not be fetched.", medium);
    }
  }

  const Media* findFetched(std::string_view url) const {
    if (!target_.media) return nullptr;
    const auto found = target_.media->find(url);
    return found == target_.media->end() ? nullptr : &found->second;
  }

  void writeInline(std::string_view mimeType, std::string_view data,
                   const conversation::MediaPart& medium) {
    writer_.key("inlineData").beginObject().key("mimeType").string(mimeType);
    if (!appendBase64(writer_.key("data").token(), data)) report("Invalid base64 data.", medium);
    writer_.endObject();
  }

  // Tens of megabytes, perhaps: encoded into the body itself.
  void writeBytes(const MediaSource& source) {
    writer_.key("inlineData").beginObject().key("mimeType").string(source.mimeType);
    std::string& out = writer_.key("data").token();
    out += '"';
    rondo::appendBase64(out, source.bytes);
    out += '"';
    writer_.endObject();
  }

  void writeImageExtras(const conversation::ImagePart& image) {
    const bool isSharp = image.detail == conversation::ImageDetail::High;
    if (image.detail != conversation::ImageDetail::Auto &&
        target_.takes(google::Feature::MediaResolution)) {
      context_.use(google::Feature::MediaResolution);
      writer_.key("mediaResolution").beginObject().key("level");
      writer_.string(isSharp ? "MEDIA_RESOLUTION_HIGH" : "MEDIA_RESOLUTION_LOW").endObject();
    }
    writeSignature(signatures_.forImage(image.signature));
  }

  void report(Error error) {
    if (!fault_) fault_ = std::move(error);
  }

  void report(std::string what, const conversation::MediaPart& medium) {
    report(badRequest(std::move(what), context_.request.paramOf(medium), "invalid_value"));
  }

  json::Writer& writer_;
  const BodyContext& context_;
  const RequestTarget& target_;
  Signatures signatures_;
  bool isCurrent_ = false;
  std::optional<std::string> style_;  // Of what is to be spoken.
  std::optional<Error> fault_;
};

// Whether a chat's last turn is to be spoken as it stands.
bool isRecital(const BodyContext& context) {
  return context.request.spoken && context.target.family.speaks();
}

}  // namespace

Result<void> writeContents(json::Writer& writer, const BodyContext& context,
                           std::string_view instruction, Adjusted& adjusted) {
  const RequestTarget& target = context.target;
  ContentsWriter contents(writer, context);
  Arrangement arrangement = arrange(context.request.turns, contents.hostedOrigin());
  const bool endsWithModel = arrangement.turns.back().speaker == Speaker::Model;
  if (endsWithModel && target.takes(google::Feature::FinalModelTurn)) {
    context.use(google::Feature::FinalModelTurn);
  } else if (endsWithModel) {
    arrangement.turns.push_back({Speaker::User, {FillerText{"Continue."}}});
    adjusted.insert("messages");
  }
  json::TextBuilder system = systemText(arrangement, instruction);
  std::string style;
  if (isRecital(context)) {
    // A model that speaks what it is told obeys nothing: how to speak is all that it can be told.
    style = std::exchange(system, {}).view().plain();
  } else if (context.request.speech) {
    contents.speak(context.request.speech->style);
  }
  const bool asPreface = !target.takes(google::Feature::SystemInstruction);

  writer.key("contents").beginArray();
  for (std::size_t i = 0; i < arrangement.turns.size(); ++i) {
    const bool isLast = i + 1 == arrangement.turns.size();
    if (isLast && isRecital(context)) contents.speak(style);
    const bool isPrefaced = asPreface && i == 0;
    contents.writeTurn(arrangement.turns[i], i >= arrangement.current,
                       isPrefaced ? system.view() : json::Text());
  }
  writer.endArray();
  if (contents.fault()) return fail(*contents.fault());

  if (!system.empty() && !asPreface) {
    context.use(google::Feature::SystemInstruction);
    writer.key("systemInstruction").beginObject().key("parts").beginArray();
    writer.beginObject().key("text").string(system.view()).endObject();
    writer.endArray().endObject();
  }
  return {};
}

}  // namespace rondo::translation
