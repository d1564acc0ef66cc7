#include "openai/form.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "json/document.h"
#include "json/writer.h"

namespace rondo::openai {
namespace {

// What is a number or a boolean in JSON.
constexpr auto kScalars = std::to_array<std::string_view>(
    {"n", "temperature", "speed", "stream", "output_compression", "partial_images"});
constexpr auto kLists =
    std::to_array<std::string_view>({"include", "timestamp_granularities", "languages", "keywords",
                                     "known_speaker_names", "known_speaker_references"});
constexpr auto kFiles =
    std::to_array<std::string_view>({"file", "image", "images", "mask", "markup"});

template <class Names>
bool isAmong(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool isFile(const http::FormPart& part) {
  return !part.fileName.empty() || isAmong(kFiles, part.name);
}

// Whether it can stand for itself in JSON.
bool isScalar(std::string_view text) {
  json::Document document;
  return document.tryRead(text) && (document.root().isNumber() || document.root().isBoolean());
}

using Values = std::vector<std::string_view>;

void writeField(json::Writer& writer, std::string_view name, const Values& values, bool isList) {
  writer.foreignKey(name);
  if (!isList) {
    const std::string_view value = values.back();
    if (isAmong(kScalars, name) && isScalar(value)) {
      writer.raw(value);
    } else {
      writer.string(value);
    }
    return;
  }
  writer.beginArray();
  for (const std::string_view value : values) writer.string(value);
  writer.endArray();
}

struct Field {
  Values values;
  bool isList = false;
};

}  // namespace

Result<Form> readFormBody(std::string_view body, std::string_view contentType) {
  if (!http::isForm(contentType)) {
    return fail(
        badRequest("Invalid content type: expected multipart/form-data.", {}, "invalid_form"));
  }
  auto parts = http::readForm(body, contentType);
  if (!parts) return fail(parts.error());
  Form form;
  std::map<std::string, Field, std::less<>> fields;
  for (http::FormPart& part : *parts) {
    const std::size_t bracket = part.name.find('[');
    const bool isElement = bracket != std::string::npos && bracket > 0;
    if (isElement) part.name.resize(bracket);
    if (isFile(part)) {
      form.files.push_back(std::move(part));
      continue;
    }
    Field& field = fields[part.name];
    field.values.push_back(part.bytes);
    field.isList = field.isList || isElement || isAmong(kLists, part.name);
  }
  json::Writer writer(form.fields);
  writer.beginObject();
  for (const auto& [name, field] : fields) writeField(writer, name, field.values, field.isList);
  writer.endObject();
  return form;
}

conversation::BytesPart takeFile(Form& form, const FieldReader& body, Faults& faults) {
  constexpr std::string_view kField = "file";
  const auto file = std::ranges::find(form.files, kField, &http::FormPart::name);
  if (file == form.files.end()) {
    faults.missing(body.at(kField));
    return {};
  }
  const auto count = std::ranges::count(form.files, kField, &http::FormPart::name);
  if (count > 1) {
    faults.report(
        badRequest("Invalid 'file': expected one file, but got " + std::to_string(count) + ".",
                   body.at(kField).text(), "array_above_max_length"));
  }
  return {file->bytes, std::move(file->contentType), std::move(file->fileName),
          std::string(kField)};
}

}  // namespace rondo::openai
