#include "openai/files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "http/url.h"
#include "json/writer.h"
#include "openai/form.h"
#include "openai/request_parts.h"

namespace rondo::openai {
namespace {

constexpr std::array kPurposes{FilePurpose::Assistants, FilePurpose::Vision, FilePurpose::UserData};

// As OpenAI's.
constexpr std::size_t kMostOfPage = 10'000;

std::optional<FilePurpose> readPurpose(FieldReader& body, Faults& faults) {
  const std::string word = body.requiredString("purpose");
  const auto found = std::ranges::find(kPurposes, word, purposeName);
  if (found != kPurposes.end()) return *found;
  if (!word.empty()) {
    faults.unknownValue(body.at("purpose"), word, {"assistants", "vision", "user_data"});
  }
  return std::nullopt;
}

std::string_view statusName(FileObject::Status status) {
  switch (status) {
    case FileObject::Status::Uploaded: return "uploaded";
    case FileObject::Status::Error: return "error";
    case FileObject::Status::Processed: break;
  }
  return "processed";
}

void writeFile(json::Writer& writer, const FileObject& file) {
  writer.beginObject();
  writer.key("id").string(std::string_view(file.id));
  writer.key("object").string("file");
  writer.key("bytes").integer(file.bytes);
  writer.key("created_at").integer(file.createdAt);
  if (file.expiresAt) writer.key("expires_at").integer(*file.expiresAt);
  writer.key("filename").string(std::string_view(file.name));
  writer.key("purpose").string(purposeName(file.purpose));
  writer.key("status").string(statusName(file.status));
  if (!file.statusDetails.empty()) {
    writer.key("status_details").string(std::string_view(file.statusDetails));
  }
  writer.endObject();
}

Error invalidParameter(std::string_view name, std::string_view expected) {
  return badRequest("Invalid '" + std::string(name) + "': " + std::string(expected) + ".",
                    std::string(name), "invalid_value");
}

Result<std::size_t> readLimit(std::string_view text) {
  if (text.empty()) return kMostOfPage;
  std::size_t limit = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool isNumber = fault == std::errc() && end == text.data() + text.size();
  if (isNumber && limit >= 1 && limit <= kMostOfPage) return limit;
  return fail(invalidParameter("limit", "expected a number from 1 to 10000"));
}

// The newest first; of the same second, in an order that is the same each time.
bool isBefore(const FileObject& one, const FileObject& other) {
  return std::pair(other.createdAt, std::string_view(other.id)) <
         std::pair(one.createdAt, std::string_view(one.id));
}

void writeId(json::Writer& writer, std::string_view key, const FileObject* file) {
  writer.key(key);
  if (file) {
    writer.string(std::string_view(file->id));
  } else {
    writer.null();
  }
}

}  // namespace

std::string_view purposeName(FilePurpose purpose) {
  switch (purpose) {
    case FilePurpose::Assistants: return "assistants";
    case FilePurpose::Vision: return "vision";
    case FilePurpose::UserData: break;
  }
  return "user_data";
}

Result<FileUpload> readFileUpload(std::string_view body, std::string_view contentType) {
  auto form = readFormBody(body, contentType);
  if (!form) return fail(form.error());
  json::Document document;
  if (auto read = document.read(form->fields); !read) return fail(read.error());
  Faults faults;
  const Path root;
  FieldReader fields(document.root(), root, faults);
  FileUpload upload;
  upload.file = takeFile(*form, fields, faults);
  if (const auto purpose = readPurpose(fields, faults)) upload.purpose = *purpose;
  if (fields.any("expires_after")) {
    faults.report(
        badRequest("Google keeps each file for 48 hours, no more and no less: "
                   "'expires_after' can't be set. 'expires_at' tells the end.",
                   "expires_after", "unsupported_value"));
  }
  if (faults.any()) return fail(faults.first());
  return upload;
}

FileListQuery readFileListQuery(std::string_view query) {
  FileListQuery read;
  const std::pair<std::string_view, std::string*> places[] = {{"limit", &read.limit},
                                                              {"after", &read.after},
                                                              {"order", &read.order},
                                                              {"purpose", &read.purpose}};
  while (!query.empty()) {
    const auto field = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(field.size() + 1, query.size()));
    const std::size_t equals = std::min(field.find('='), field.size());
    const auto value = http::percentDecode(field.substr(std::min(equals + 1, field.size())));
    for (const auto& [name, place] : places) {
      if (name == field.substr(0, equals) && value) *place = *value;
    }
  }
  return read;
}

std::string fileBody(const FileObject& file) {
  std::string body;
  json::Writer writer(body);
  writeFile(writer, file);
  return body;
}

std::string deletedFileBody(std::string_view id) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject();
  writer.key("id").string(id);
  writer.key("object").string("file");
  writer.key("deleted").boolean(true);
  writer.endObject();
  return body;
}

Result<std::string> fileListBody(std::vector<FileObject> all, const FileListQuery& query) {
  const auto limit = readLimit(query.limit);
  if (!limit) return fail(limit.error());
  const bool isAscending = query.order == "asc";
  if (!isAscending && !query.order.empty() && query.order != "desc") {
    return fail(invalidParameter("order", "expected 'asc' or 'desc'"));
  }
  std::ranges::sort(all, isBefore);
  if (isAscending) std::ranges::reverse(all);
  auto next = all.begin();
  if (!query.after.empty()) {
    next = std::ranges::find(all, query.after, &FileObject::id);
    if (next == all.end()) return fail(invalidParameter("after", "there is no such file"));
    ++next;
  }
  std::vector<FileObject> rest(std::make_move_iterator(next), std::make_move_iterator(all.end()));
  if (!query.purpose.empty()) {
    std::erase_if(rest, [&query](const FileObject& each) {
      return purposeName(each.purpose) != query.purpose;
    });
  }
  const std::size_t shown = std::min(*limit, rest.size());
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("object").string("list");
  writer.key("data").beginArray();
  for (std::size_t i = 0; i < shown; ++i) writeFile(writer, rest[i]);
  writer.endArray();
  writeId(writer, "first_id", shown == 0 ? nullptr : &rest[0]);
  writeId(writer, "last_id", shown == 0 ? nullptr : &rest[shown - 1]);
  writer.key("has_more").boolean(shown < rest.size());
  writer.endObject();
  return body;
}

}  // namespace rondo::openai
