#include <iterator>
#include <unordered_map>
#include <utility>

#include "anthropic/messages_request_parts.h"
#include "conversation/signature.h"

namespace rondo::anthropic {
namespace {

using conversation::CallPart;
using conversation::Carried;
using conversation::Content;
using conversation::Envelope;
using conversation::HostedPart;
using conversation::ImagePart;
using conversation::MediaPart;
using conversation::Part;
using conversation::Place;
using conversation::TextPart;
using conversation::ThoughtPart;
using conversation::ThoughtSignature;

// Of one message. Models call some dozens of tools at once.
constexpr std::size_t kMaxCalls = 1024;

// How images that the model made are told: see BlockTeller.
constexpr std::string_view kMadeImage = "![image](";

// The image that a text stands for, if it is nothing but one that the model has made.
std::optional<ImagePart> madeImage(const TextPart& text) {
  std::string_view url = text.text.spelling();
  if (!url.starts_with(kMadeImage) || !url.ends_with(')')) return std::nullopt;
  url.remove_prefix(kMadeImage.size());
  url.remove_suffix(1);
  if (!url.starts_with("data:image/") || url.find_first_of(")\\ ") != url.npos) return std::nullopt;
  ImagePart image;
  image.url = json::PlainText(json::Text(url, json::Text::Escapes::Absent));
  return image;
}

// What one of Google's own parts was, if `json` is an object.
std::optional<HostedPart> hostedPart(Envelope envelope) {
  json::Document document;
  if (!document.tryRead(envelope.value) || !document.root().isObject()) return std::nullopt;
  HostedPart hosted{{}, std::move(envelope.origin)};
  document.root().appendTo(hosted.json);
  return hosted;
}

// Takes the blocks of one message.
class AssistantReader {
 public:
  explicit AssistantReader(Reading& reading) : reading_(reading) {}

  void read(json::Node entry, const Path& place) {
    Faults& faults = reading_.faults;
    FieldReader block(entry, place, faults);
    const std::string type = block.requiredString("type");
    if (faults.any() || readCode(block, type)) return;
    if (skipBlock(block, type, reading_) || readToolChange(block, type, reading_)) return;
    if (type == "thinking") return readThinking(block);
    if (type == "tool_use") return readCall(block);
    std::vector<Content> content;
    if (!readContentBlock(block, type, reading_, content)) {
      faults.unknownValue(block.at("type"), type, {"text", "thinking", "tool_use"});
    }
    for (Content& part : content) addContent(std::move(part), Place(entry));
  }

  std::vector<Part> finish() {
    for (Part& part : parts_) {
      auto* call = std::get_if<CallPart>(&part);
      const auto found = call ? callSignatures_.find(call->id) : callSignatures_.end();
      if (found != callSignatures_.end()) call->signature = std::move(found->second);
    }
    return std::move(parts_);
  }

 private:
  // What ran at the back-end. Carried along, it needs no other words.
  bool readCode(FieldReader& block, std::string_view type) {
    const auto text = readCodeBlock(block, type, reading_);
    if (!text) return false;
    const bool isCarried = !parts_.empty() && std::holds_alternative<HostedPart>(parts_.back());
    if (!text->empty() && !isCarried) {
      addContent(TextPart{reading_.request.own(*text)}, Place(block.self()));
    }
    return true;
  }

  void addContent(Content content, Place place) {
    if (auto* text = std::get_if<TextPart>(&content)) {
      if (auto image = madeImage(*text)) {
        image->place = place;
        content = MediaPart(std::move(*image));
      }
    }
    lastSaid_ = parts_.size();
    std::visit([this](auto& each) { parts_.emplace_back(std::move(each)); }, content);
  }

  void readCall(FieldReader& block) {
    if (calls_++ == kMaxCalls) {
      return reading_.faults.report(
          badRequest("Invalid '" + block.path().text() + "': a message has more than " +
                         std::to_string(kMaxCalls) + " blocks of the type 'tool_use'.",
                     block.path().text(), "invalid_value"));
    }
    CallPart call;
    call.id = block.requiredString("id");
    call.name = block.requiredString("name");
    if (const json::Node input = block.object("input")) call.arguments = input.fragment();
    call.place = Place(block.self());
    parts_.emplace_back(std::move(call));
  }

  void readThinking(FieldReader& block) {
    const json::Text thoughts = block.text("thinking");
    if (!thoughts.empty()) parts_.emplace_back(ThoughtPart{thoughts});
    // Whatever is no envelope of ours is another maker's signature, or damaged: Google would refuse
    // it.
    if (auto envelope = conversation::unseal(block.string("signature"))) {
      open(std::move(*envelope));
    }
  }

  void open(Envelope envelope) {
    switch (envelope.what) {
      case Carried::CallSignature:
        callSignatures_.insert_or_assign(
            std::move(envelope.callId),
            ThoughtSignature(std::move(envelope.value), std::move(envelope.origin)));
        return;
      case Carried::TextSignature:
        signLastSaid(ThoughtSignature(std::move(envelope.value), std::move(envelope.origin)));
        return;
      case Carried::HostedPart:
        if (auto hosted = hostedPart(std::move(envelope))) parts_.emplace_back(std::move(*hosted));
        return;
      case Carried::Summary: return;
    }
  }

  void signLastSaid(ThoughtSignature signature) {
    if (!lastSaid_) return;
    if (auto* text = std::get_if<TextPart>(&parts_[*lastSaid_])) {
      text->signature = std::move(signature);
    } else if (auto* medium = std::get_if<MediaPart>(&parts_[*lastSaid_])) {
      if (auto* image = std::get_if<ImagePart>(medium)) image->signature = std::move(signature);
    }
  }

  Reading& reading_;
  std::vector<Part> parts_;
  std::optional<std::size_t> lastSaid_;  // The last text or medium in `parts_`.
  std::size_t calls_ = 0;
  std::unordered_map<std::string, ThoughtSignature> callSignatures_;  // By the calls' ids.
};

}  // namespace

std::vector<Part> readAssistantBlocks(json::Node blocks, const Path& path, Reading& reading) {
  AssistantReader reader(reading);
  for (std::size_t i = 0; const json::Node entry : blocks.elements()) {
    if (reading.faults.any()) break;
    reader.read(entry, Path(path, i++));
  }
  return reader.finish();
}

}  // namespace rondo::anthropic
