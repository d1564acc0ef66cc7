#include "openai/images_dialect.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "json/writer.h"
#include "openai/images_request.h"
#include "openai/media_format.h"

namespace rondo::openai {
namespace {

using conversation::Image;
using conversation::Sent;
using conversation::Usage;

// "data:image/png;base64,iVBO…"
struct DataUrl {
  std::string_view subtype;  // "png"; empty when it is none of a base64 image.
  std::string_view data;
};

DataUrl readDataUrl(std::string_view url) {
  constexpr std::string_view kBegin = "data:image/";
  constexpr std::string_view kEnd = ";base64,";
  const std::size_t end = url.find(kEnd);
  if (!url.starts_with(kBegin) || end == std::string_view::npos) return {};
  return {url.substr(kBegin.size(), end - kBegin.size()), url.substr(end + kEnd.size())};
}

void writeImage(json::Writer& writer, const Image& image) {
  const DataUrl inlined = readDataUrl(image.url);
  writer.beginObject();
  if (inlined.subtype.empty()) {
    writer.key("url").string(image.url);
  } else {
    writer.key("b64_json").string(inlined.data);
  }
  writer.endObject();
}

void writeUsage(json::Writer& writer, const Usage& usage) {
  writer.beginObject();
  writer.key("input_tokens").integer(usage.prompt);
  writer.key("input_tokens_details").beginObject();
  writer.key("image_tokens").integer(usage.promptImage);
  writer.key("text_tokens").integer(std::max<std::int64_t>(usage.prompt - usage.promptImage, 0));
  writer.endObject();
  writer.key("output_tokens").integer(usage.completion);
  writer.key("total_tokens").integer(usage.total);
  writer.endObject();
}

// The first `most` images of an answer, which may have more than were asked for.
std::vector<Image*> imagesOf(conversation::Answer& answer, std::size_t most) {
  std::vector<Image*> images;
  for (auto& event : answer.events) {
    auto* image = std::get_if<Image>(&event.what);
    if (image && images.size() < most) images.push_back(image);
  }
  return images;
}

// Streams are refused when the request is read.
class ImagesFormat : public MediaFormat {
 public:
  // `most`: so many images were asked for.
  explicit ImagesFormat(std::int64_t most)
      : MediaFormat("prompt", "size"), most_(static_cast<std::size_t>(most)) {}

  std::unique_ptr<conversation::StreamWriter> stream(
      const conversation::AnswerHead&) const override {
    return nullptr;
  }

  Result<std::string> whole(const conversation::AnswerHead& head,
                            conversation::Answer answer) const override {
    const auto images = imagesOf(answer, most_);
    std::string body;
    std::size_t size = 512;
    for (const Image* image : images) size += image->url.size();
    body.reserve(size);
    json::Writer writer(body);
    writer.beginObject();
    writer.key("created").integer(head.created);
    // One for all; each tells its own by its bytes.
    const std::string subtype(images.empty() ? std::string_view()
                                             : readDataUrl(images.front()->url).subtype);
    writer.key("data").beginArray();
    for (Image* image : images) {
      writeImage(writer, *image);
      image->url = {};
    }
    writer.endArray();
    if (!subtype.empty()) writer.key("output_format").string(subtype);
    if (answer.usage) writeUsage(writer.key("usage"), *answer.usage);
    writer.endObject();
    return body;
  }

 private:
  std::size_t most_;
};

Result<Sent> sentOf(Result<ImagesRequest> images) {
  if (!images) return fail(images.error());
  return Sent{std::move(images->request), std::make_unique<ImagesFormat>(images->images),
              images->images};
}

class ImagesDialect : public MediaDialect {
 public:
  Result<Sent> read(std::string_view body, const conversation::BesideBody&) const override {
    return sentOf(parseImagesRequest(body));
  }
};

class ImageEditsDialect : public MediaDialect {
 public:
  Result<Sent> read(std::string_view body, const conversation::BesideBody& beside) const override {
    return sentOf(parseImageEdit(body, beside.contentType));
  }
};

}  // namespace

const conversation::Dialect& imagesDialect() {
  static const ImagesDialect dialect;
  return dialect;
}

const conversation::Dialect& imageEditsDialect() {
  static const ImageEditsDialect dialect;
  return dialect;
}

}  // namespace rondo::openai
