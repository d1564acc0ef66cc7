#include "openai/images_request.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "openai/form.h"
#include "openai/request_parts.h"

namespace rondo::openai {
namespace {

using conversation::BytesPart;
using conversation::ImageOrder;
using conversation::ImagePart;
using conversation::MediaPart;
using conversation::Request;
using conversation::TextPart;

constexpr std::int64_t kMostImages = 10;
constexpr std::size_t kMostSources = 16;
constexpr std::int64_t kLongestSide = 8192;

void refuse(Faults& faults, const Path& path, std::string message) {
  faults.report(badRequest(std::move(message), path.text(), "unsupported_value"));
}

// "1024x1536"
std::optional<ImageOrder::Size> readPixels(std::string_view text) {
  ImageOrder::Size size;
  const char* end = text.data() + text.size();
  const auto width = std::from_chars(text.data(), end, size.width);
  if (width.ec != std::errc() || width.ptr == end || *width.ptr != 'x') return std::nullopt;
  const auto height = std::from_chars(width.ptr + 1, end, size.height);
  if (height.ec != std::errc() || height.ptr != end) return std::nullopt;
  const auto isSound = [](std::int64_t side) { return side >= 1 && side <= kLongestSide; };
  return isSound(size.width) && isSound(size.height) ? std::optional(size) : std::nullopt;
}

void readSize(FieldReader& body, ImageOrder& order, Faults& faults) {
  const std::string size = body.string("size");
  if (size.empty() || size == "auto") return;
  order.size = readPixels(size);
  if (order.size) return;
  const Path path = body.at("size");
  faults.report(
      badRequest("Invalid value for 'size': expected 'auto', or a width and a height in "
                 "pixels such as '1024x1536'.",
                 path.text(), "invalid_value"));
}

// A word of a closed set, which the models don't know: what isn't `usual` is told as left out.
void readUnknownToModels(FieldReader& body, std::string_view key,
                         std::initializer_list<std::string_view> known,
                         std::initializer_list<std::string_view> usual, Request& request,
                         Faults& faults) {
  const std::string word = body.string(key);
  if (word.empty()) return;
  if (std::ranges::find(known, word) == known.end()) {
    faults.unknownValue(body.at(key), word, known);
  } else if (std::ranges::find(usual, word) == usual.end()) {
    request.adjusted.emplace_back(key);
  }
}

void readOutput(FieldReader& body, ImageOrder& order, Faults& faults) {
  const std::string format = body.string("output_format");
  if (format == "png" || format == "jpeg" || format == "webp") {
    order.mediaType = "image/" + format;
  } else if (!format.empty()) {
    faults.unknownValue(body.at("output_format"), format, {"png", "jpeg", "webp"});
  }
  order.compression = body.integer("output_compression", 0, 100);
}

// What nothing can be made of.
void refuseUnsupported(FieldReader& body, Faults& faults) {
  if (body.boolean("stream").value_or(false)) {
    refuse(faults, body.at("stream"),
           "Images can't be streamed: the models tell no unfinished ones.");
  }
  if (body.integer("partial_images", 0, 3).value_or(0) > 0) {
    refuse(faults, body.at("partial_images"), "The models tell no unfinished images.");
  }
  const std::string format = body.string("response_format");
  if (format == "url") {
    refuse(faults, body.at("response_format"),
           "This gateway keeps no images that an address could lead to. Ask for 'b64_json'.");
  } else if (!format.empty() && format != "b64_json") {
    faults.unknownValue(body.at("response_format"), format, {"b64_json"});
  }
  if (body.any("mask")) {
    refuse(faults, body.at("mask"),
           "The models take no mask. Say in the prompt what is to be changed.");
  }
}

void readSettings(FieldReader& body, ImagesRequest& images, Faults& faults) {
  Request& request = images.request;
  request.model = body.requiredString("model");
  ImageOrder& order = request.image.emplace();
  readSize(body, order, faults);
  readOutput(body, order, faults);
  images.images = body.integer("n", 1, kMostImages).value_or(1);
  readUnknownToModels(body, "quality",
                      {"auto", "low", "medium", "high", "xhigh", "max", "standard", "hd"},
                      {"auto", "medium", "standard"}, request, faults);
  readUnknownToModels(body, "background", {"auto", "opaque", "transparent"}, {"auto", "opaque"},
                      request, faults);
  readUnknownToModels(body, "moderation", {"auto", "low"}, {"auto"}, request, faults);
  readUnknownToModels(body, "style", {"vivid", "natural"}, {}, request, faults);
  readUnknownToModels(body, "input_fidelity", {"low", "high"}, {"high"}, request, faults);
  request.user = body.string("user");
  refuseUnsupported(body, faults);
}

TextPart readPrompt(FieldReader& body, Request& request, Faults& faults) {
  const std::string prompt = body.requiredString("prompt");
  if (!faults.mayReword(body.at("prompt"), prompt.size())) return {};
  return {request.own(prompt)};
}

void addTurn(Request& request, std::vector<MediaPart> media, TextPart prompt) {
  conversation::Turn& turn = request.turns.emplace_back();
  for (MediaPart& medium : media) turn.parts.emplace_back(std::move(medium));
  turn.parts.emplace_back(std::move(prompt));
}

// --- Sources of an edit --------------------------------------------------------------------------

// A string, {"image_url": …}, or {"file_id": …}.
std::optional<MediaPart> readSource(json::Node source, const Path& path, Faults& faults) {
  ImagePart image;
  image.place = conversation::Place(source);
  if (source.isString()) {
    image.url = json::PlainText(source.text());
    return image;
  }
  FieldReader fields(source, path, faults);
  if (const json::Node id = fields.any("file_id")) {
    conversation::FilePart file;
    file.id = fields.string("file_id");
    file.place = conversation::Place(id);
    return file;
  }
  image.url = json::PlainText(fields.requiredText("image_url"));
  image.place = conversation::Place(fields.any("image_url"));
  return image;
}

std::vector<MediaPart> readSources(FieldReader& body, Faults& faults) {
  std::vector<MediaPart> sources;
  const std::string_view key = body.any("images") ? "images" : "image";
  const json::Node given = body.any(key);
  const Path path = body.at(key);
  if (!given) {
    faults.missing(body.at("image"));
    return sources;
  }
  if (!given.isArray()) {
    if (auto source = readSource(given, path, faults)) sources.push_back(std::move(*source));
    return sources;
  }
  for (std::size_t i = 0; const json::Node each : body.array(key, kMostSources).elements()) {
    const Path place(path, i++);
    if (auto source = readSource(each, place, faults)) sources.push_back(std::move(*source));
  }
  if (sources.empty()) faults.missing(path);
  return sources;
}

Result<ImagesRequest> parseJsonEdit(std::string_view text) {
  json::Document document;
  if (auto read = document.read(text); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  if (faults.any()) return fail(faults.first());
  ImagesRequest images;
  images.request.body = text;
  auto sources = readSources(body, faults);
  TextPart prompt = readPrompt(body, images.request, faults);
  readSettings(body, images, faults);
  if (faults.any()) return fail(faults.first());
  addTurn(images.request, std::move(sources), std::move(prompt));
  return images;
}

std::vector<MediaPart> takeSources(std::vector<http::FormPart> files, const FieldReader& body,
                                   Faults& faults) {
  std::vector<MediaPart> sources;
  for (http::FormPart& file : files) {
    if (file.name == "image" || file.name == "images") {
      sources.emplace_back(
          BytesPart{file.bytes, std::move(file.contentType), std::move(file.fileName), "image"});
    } else if (file.name == "mask" || file.name == "markup") {
      refuse(faults, body.at(file.name),
             "The models take no mask. Say in the prompt what is to be changed.");
    }
  }
  if (sources.empty()) faults.missing(body.at("image"));
  if (sources.size() > kMostSources) {
    faults.tooMany(body.at("image"), kMostSources, sources.size());
  }
  return sources;
}

}  // namespace

Result<ImagesRequest> parseImagesRequest(std::string_view text) {
  json::Document document;
  if (auto read = document.read(text); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  if (faults.any()) return fail(faults.first());
  ImagesRequest images;
  images.request.body = text;
  TextPart prompt = readPrompt(body, images.request, faults);
  readSettings(body, images, faults);
  if (faults.any()) return fail(faults.first());
  addTurn(images.request, {}, std::move(prompt));
  return images;
}

Result<ImagesRequest> parseImageEdit(std::string_view text, std::string_view contentType) {
  if (!http::isForm(contentType)) return parseJsonEdit(text);
  auto form = readFormBody(text, contentType);
  if (!form) return fail(form.error());
  json::Document document;
  if (auto read = document.read(form->fields); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader body(document.root(), root, faults);
  ImagesRequest images;
  images.request.body = text;
  auto sources = takeSources(std::move(form->files), body, faults);
  TextPart prompt = readPrompt(body, images.request, faults);
  readSettings(body, images, faults);
  if (faults.any()) return fail(faults.first());
  addTurn(images.request, std::move(sources), std::move(prompt));
  return images;
}

}  // namespace rondo::openai
