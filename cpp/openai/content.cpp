#include <utility>

#include "openai/request_parts.h"

namespace rondo::openai {
namespace {

using conversation::AudioPart;
using conversation::Content;
using conversation::FilePart;
using conversation::ImageDetail;
using conversation::ImagePart;
using conversation::MediaPart;
using conversation::Place;
using conversation::RefusalPart;
using conversation::TextPart;
using conversation::VideoPart;

ImageDetail readDetail(FieldReader& image) {
  const std::string detail = image.string("detail");
  if (detail == "low") return ImageDetail::Low;
  return detail == "high" || detail == "original" ? ImageDetail::High : ImageDetail::Auto;
}

// Where a medium lies, or its data.
struct Url {
  json::PlainText text;
  Place place;
};

// {"url": …}, or the bare URL that some clients send.
std::optional<Url> readUrl(FieldReader& part, std::string_view key, Faults& faults) {
  const json::Node holder = part.any(key);
  const Path path = part.at(key);
  if (!holder) {
    faults.missing(path);
    return std::nullopt;
  }
  if (holder.isString()) return Url{json::PlainText(holder.text()), Place(holder)};
  FieldReader fields(holder, path, faults);
  return Url{json::PlainText(fields.requiredText("url")), Place(fields.any("url"))};
}

std::optional<MediaPart> readImage(FieldReader& part, Faults& faults) {
  ImagePart image;
  if (const json::Node holder = part.any("image_url"); holder.isObject()) {
    const Path path = part.at("image_url");
    FieldReader fields(holder, path, faults);
    image.detail = readDetail(fields);
  }
  auto url = readUrl(part, "image_url", faults);
  if (!url) return std::nullopt;
  image.url = std::move(url->text);
  image.place = url->place;
  image.signature = readSignature(part);
  return image;
}

std::optional<MediaPart> readAudio(FieldReader& part, Faults& faults) {
  const json::Node holder = part.any("input_audio");
  const Path path = part.at("input_audio");
  if (!holder) {
    faults.missing(path);
    return std::nullopt;
  }
  FieldReader fields(holder, path, faults);
  return AudioPart{json::PlainText(fields.requiredText("data")), fields.requiredString("format"),
                   Place(fields.any("data"))};
}

std::optional<MediaPart> readFile(FieldReader& part, Faults& faults) {
  const json::Node holder = part.any("file");
  const Path path = part.at("file");
  if (!holder) {
    faults.missing(path);
    return std::nullopt;
  }
  FieldReader fields(holder, path, faults);
  FilePart file;
  file.data = json::PlainText(fields.text("file_data"));
  file.id = fields.string("file_id");
  file.name = fields.string("filename");
  file.place = Place(fields.any(file.data.empty() ? "file_id" : "file_data"));
  if (file.data.empty() && file.id.empty()) faults.missing(fields.at("file_data"));
  return file;
}

// Anthropic's {"source":{"type":"base64","media_type","data"}} or {"source":{"type":"url","url"}}.
struct Source {
  json::PlainText url;    // Or the data.
  std::string mediaType;  // Of data.
  Place place;
};

std::optional<Source> readSource(FieldReader& part, Faults& faults) {
  const json::Node holder = part.any("source");
  const Path path = part.at("source");
  if (!holder) {
    faults.missing(path);
    return std::nullopt;
  }
  FieldReader fields(holder, path, faults);
  if (const json::Text url = fields.text("url"); !url.empty()) {
    return Source{json::PlainText(url), {}, Place(holder)};
  }
  std::string mediaType = fields.requiredString("media_type");
  return Source{json::PlainText(fields.requiredText("data")), std::move(mediaType), Place(holder)};
}

std::optional<MediaPart> readAnthropicMedia(FieldReader& part, std::string_view type,
                                            Faults& faults) {
  auto source = readSource(part, faults);
  if (!source) return std::nullopt;
  if (type == "image") {
    return ImagePart{
        std::move(source->url), std::move(source->mediaType), ImageDetail::Auto, {}, source->place};
  }
  return FilePart{std::move(source->url),
                  std::move(source->mediaType),
                  {},
                  part.string("title"),
                  source->place};
}

std::optional<MediaPart> readVideo(FieldReader& part, Faults& faults) {
  auto url = readUrl(part, "video_url", faults);
  if (!url) return std::nullopt;
  return VideoPart{std::move(url->text), url->place};
}

// The flat shapes of responses: {"type":"input_image","image_url"|"file_id","detail"}.
std::optional<MediaPart> readInputImage(FieldReader& part, Faults& faults) {
  if (const json::Text id = part.text("file_id"); !id.empty()) {
    FilePart file;
    file.id = id.plain();
    file.place = Place(part.any("file_id"));
    return file;
  }
  auto url = readUrl(part, "image_url", faults);
  if (!url) return std::nullopt;
  ImagePart image;
  image.url = std::move(url->text);
  image.place = url->place;
  image.detail = readDetail(part);
  return image;
}

// {"type":"input_file","file_data"|"file_url"|"file_id","filename"}
std::optional<MediaPart> readInputFile(FieldReader& part, Faults& faults) {
  FilePart file;
  file.name = part.string("filename");
  for (const std::string_view key : {"file_data", "file_url", "file_id"}) {
    const json::Text text = part.text(key);
    if (text.empty()) continue;
    if (key == "file_id") {
      file.id = text.plain();
    } else {
      file.data = json::PlainText(text);
    }
    file.place = Place(part.any(key));
    return file;
  }
  faults.missing(part.at("file_data"));
  return std::nullopt;
}

std::optional<MediaPart> readMedium(FieldReader& part, std::string_view type, Faults& faults) {
  if (type == "image_url") return readImage(part, faults);
  if (type == "input_image") return readInputImage(part, faults);
  if (type == "input_file") return readInputFile(part, faults);
  if (type == "input_audio") return readAudio(part, faults);
  if (type == "file") return readFile(part, faults);
  if (type == "video_url") return readVideo(part, faults);
  if (type == "image" || type == "document") return readAnthropicMedia(part, type, faults);
  faults.unknownValue(part.at("type"), type,
                      {"text", "image_url", "input_audio", "file", "video_url", "refusal",
                       "input_text", "input_image", "input_file", "output_text"});
  return std::nullopt;
}

}  // namespace

std::optional<Content> readPart(FieldReader& part, std::string_view type, Faults& faults) {
  if (type == "text" || type == "input_text" || type == "output_text") {
    if (!part.any("text")) faults.missing(part.at("text"));
    return TextPart{part.text("text")};
  }
  if (type == "refusal") return RefusalPart{part.text("refusal")};
  auto medium = readMedium(part, type, faults);
  return medium ? std::optional<Content>(std::move(*medium)) : std::nullopt;
}

std::vector<Content> readContent(json::Node content, const Path& path, Faults& faults) {
  std::vector<Content> parts;
  if (content.isString()) {
    parts.emplace_back(TextPart{content.text()});
    return parts;
  }
  if (!content.isArray()) {
    faults.wrongType(path, "a string or an array of content parts", content);
    return parts;
  }
  for (std::size_t i = 0; const json::Node entry : content.elements()) {
    if (faults.any()) break;
    const Path place(path, i++);
    FieldReader fields(entry, place, faults);
    const std::string type = fields.requiredString("type");
    if (faults.any()) break;
    if (auto part = readPart(fields, type, faults)) parts.push_back(std::move(*part));
  }
  return parts;
}

}  // namespace rondo::openai
