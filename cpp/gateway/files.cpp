#include "gateway/files.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "gateway/ask.h"
#include "gateway/file_call.h"
#include "gateway/file_id.h"
#include "gateway/operator_answers.h"
#include "gateway/pool_errors.h"
#include "gateway/resource_name.h"
#include "gateway/send_reply.h"
#include "google/file.h"
#include "http/url.h"
#include "openai/files.h"
#include "translation/media_types.h"

// POST /v1/files and what belongs to it, on the Files API. Nothing is kept here: see file_id.h.

namespace rondo::gateway {
namespace {

using credentials::Credential;
using google::File;
using google::NativeResource;
using openai::FileObject;
using Call = FileCall::Call;

constexpr std::string_view kVersion = "v1beta";
constexpr std::string_view kUploadUrl = "x-goog-upload-url";
// As many as Google gives at once.
constexpr std::string_view kPageQuery = "pageSize=100";
// Of the calls that a request may make, those that aren't for lists.
constexpr std::size_t kSpareCalls = 5;

Error malformed() {
  return makeError(ErrorKind::Broken, "A server error: Google's answer tells of no file.",
                   "malformed_answer");
}

std::optional<Error> refusalFor(const Exchange& exchange) {
  const bool isAllowed = exchange.services.settings.storedContent.all &&
                         exchange.request.client.stored == Client::Stored::Allowed;
  if (!isAllowed) {
    return makeError(ErrorKind::Forbidden,
                     "This gateway doesn't let you use content that is stored at Google. Send the "
                     "file inline: as `file_data`, or as `image_url`.",
                     "stored_content_not_allowed");
  }
  const auto& credentials = exchange.services.pool.credentials();
  if (std::ranges::any_of(credentials, hasFiles)) return std::nullopt;
  return badRequest(
      "Files are kept by Google for credentials of the Gemini API (API keys, and others with "
      "`backend: gemini`), and this gateway has none. Send the file inline: as `file_data`, or as "
      "`image_url`.",
      {}, "files_not_served");
}

Result<FileObject> objectOf(const File& file, const Client& client, const Credential& credential) {
  const auto purpose = purposeOfFile(file.name, client, credential);
  if (!purpose || file.mimeType.empty()) return fail(malformed());
  FileObject object;
  object.id = writeFileId({credential.id, file.name, file.mimeType});
  object.bytes = file.bytes;
  if (file.created) object.createdAt = unixSeconds(*file.created);
  if (file.expires) object.expiresAt = unixSeconds(*file.expires);
  object.name = file.displayName;
  object.purpose = *purpose;
  if (file.state == File::State::Processing) object.status = FileObject::Status::Uploaded;
  if (file.state == File::State::Failed) object.status = FileObject::Status::Error;
  object.statusDetails = file.fault;
  return object;
}

Targets ofUploads() { return targetsOfMaking("files"); }
Targets ofKept() { return targetsOfKept("files"); }

NativeResource resourceAt(std::string path, std::string query = {},
                          NativeResource::Way way = NativeResource::Way::Plain) {
  return {std::string(kVersion), std::move(path), std::move(query), way};
}

// The call with which an upload begins. Each attempt names the file anew: a name has the mark of
// the credential that it lies with.
class UploadStart : public FileCall {
 public:
  UploadStart(Exchange& exchange, const openai::FileUpload& upload, const std::string& type)
      : FileCall(exchange, {"POST",
                            resourceAt("files", {}, NativeResource::Way::Upload),
                            fieldsFor(upload.file, type),
                            {},
                            Call::Repeat::Allowed,
                            {}}),
        exchange_(exchange),
        upload_(upload) {}

  Task<Result<MadeBody>> bodyFor(const ModelName&, const Attempt& attempt) override {
    const auto name = newFileName(upload_.purpose, exchange_.request.client, *attempt.credential,
                                  exchange_.services.host.entropy);
    co_return MadeBody{google::uploadBody(name, upload_.file.name), {}, {}};
  }

 private:
  static http::Headers fieldsFor(const conversation::BytesPart& file, const std::string& type) {
    return {{"content-type", "application/json"},
            {"x-goog-upload-protocol", "resumable"},
            {"x-goog-upload-command", "start"},
            {"x-goog-upload-header-content-length", std::to_string(file.bytes.size())},
            {"x-goog-upload-header-content-type", type}};
  }

  Exchange& exchange_;
  const openai::FileUpload& upload_;
};

// One request on its way to its answer.
class Files {
 public:
  explicit Files(Exchange& exchange) : exchange_(exchange) {}

  Task<void> create() {
    auto upload =
        openai::readFileUpload(exchange_.request.body.view(), exchange_.request.contentType);
    auto type = upload ? typeOf(upload->file) : fail(upload.error());
    if (!type) co_return refuse(type.error());
    const std::size_t size = upload->file.bytes.size();
    if (!exchange_.io.holdings.hold(exchange_.request.body.view().size() + size)) {
      co_return refuse(overloaded());
    }
    UploadStart begin(exchange_, *upload, *type);
    auto begun = co_await ask(exchange_, begin, ofUploads());
    if (!begun.attempt) co_return refuse(begun);
    const auto url = begin.headers().get(kUploadUrl);
    if (!url) co_return refuse(malformed());
    // What has begun with one credential is ended with it.
    exchange_.request.credential = begun.attempt->credential->id;
    FileCall rest(exchange_, bytesCall(*url, upload->file.bytes));
    letGoOfBody(size);
    auto done = co_await ask(exchange_, rest, targetsOfBegun("files"));
    if (!done.attempt) co_return refuse(done);
    tell(done, google::readFile(rest.answer()));
  }

  Task<void> get() {
    auto id = named();
    if (!id) co_return refuse(id.error());
    FileCall call(
        exchange_,
        {"GET", resourceAt(id->name), {}, {}, Call::Repeat::Allowed, exchange_.request.modelId});
    auto asked = co_await ask(exchange_, call, ofKept());
    if (!asked.attempt) co_return refuse(asked);
    tell(asked, google::readFile(call.answer()));
  }

  Task<void> remove() {
    auto id = named();
    if (!id) co_return refuse(id.error());
    FileCall call(
        exchange_,
        {"DELETE", resourceAt(id->name), {}, {}, Call::Repeat::Denied, exchange_.request.modelId});
    auto asked = co_await ask(exchange_, call, ofKept());
    if (!asked.attempt) co_return refuse(asked);
    sendJson(exchange_.reply, openai::deletedFileBody(exchange_.request.modelId),
             answerHeaders(exchange_, asked.model, &*asked.attempt));
  }

  // Google gives nothing back of what was uploaded.
  Task<void> content() {
    const auto id = named();
    if (!id) co_return refuse(id.error());
    refuse(badRequest("Not allowed to download files of purpose: " +
                          std::string(openai::purposeName(id->purpose)) +
                          ". Google keeps what is uploaded for its models alone.",
                      {}, "content_not_served"));
  }

  // Those of each credential that has files, of which Google tells a hundred a call.
  Task<void> list() {
    const auto query = openai::readFileListQuery(exchange_.request.native.query);
    // What is wrong with it costs no call.
    if (auto fault = openai::fileListBody({}, {query.limit, {}, query.order, {}}); !fault) {
      co_return refuse(fault.error());
    }
    exchange_.pool = Exchange::PoolUse::Used;
    std::vector<FileObject> all;
    std::size_t calls = exchange_.services.settings.maxSubrequests - kSpareCalls;
    std::optional<Error> fault;
    bool isAnyTold = false;
    for (const Credential* each : listed()) {
      auto told = co_await listOf(*each, calls, all);
      if (told) {
        isAnyTold = true;
      } else if (isFree(*each)) {
        co_return refuse(told.error());
      } else {
        fault = std::move(told.error());
      }
    }
    if (fault && !isAnyTold) co_return refuse(*fault);
    auto body = openai::fileListBody(std::move(all), query);
    if (!body) co_return refuse(body.error());
    sendJson(exchange_.reply, std::move(*body));
  }

 private:
  // Names tell films from sounds, which begin alike; else the bytes are surer.
  static Result<std::string> typeOf(const conversation::BytesPart& file) {
    if (file.bytes.empty()) return fail(badRequest("The file is empty.", "file", "invalid_value"));
    const std::string_view named = translation::mimeTypeOfName(file.name);
    const std::string claimed =
        named.empty() ? translation::geminiMimeType(file.mediaType) : std::string(named);
    std::string type(translation::mimeTypeOfBytes(file.bytes));
    const bool isFilm = type.starts_with("audio/") && claimed.starts_with("video/");
    if (type.empty() || isFilm) type = claimed;
    if (type.empty() || type == "application/octet-stream") {
      return fail(badRequest(
          "What kind of file this is can't be told: give it a name with an ending, or a type.",
          "file", "invalid_value"));
    }
    if (translation::isOfficeType(type)) {
      return fail(badRequest("Gemini reads no office documents: send this one as a PDF or as text.",
                             "file", "invalid_value"));
    }
    return type;
  }

  // The address that Google gives, at the host that this gateway calls.
  static Call bytesCall(std::string_view url, std::string_view bytes) {
    const std::size_t mark = std::min(url.find('?'), url.size());
    std::string query(url.substr(std::min(mark + 1, url.size())));
    const http::Headers fields{{"x-goog-upload-offset", "0"},
                               {"x-goog-upload-command", "upload, finalize"}};
    return {"POST",
            resourceAt("files", std::move(query), NativeResource::Way::Upload),
            fields,
            std::string(bytes),
            Call::Repeat::Denied,
            {}};
  }

  void letGoOfBody(std::size_t left) {
    exchange_.request.body = {};
    exchange_.io.holdings.hold(left);
  }

  // The file that the address names. From then on no other credential is asked.
  Result<OwnFile> named() {
    const std::string& id = exchange_.request.modelId;
    auto file = findOwnFile(id, exchange_.request.client, exchange_.services.pool.credentials());
    if (!file || !hasFiles(*file->credential)) return fail(fileNotFound(id));
    exchange_.request.credential = file->credential->id;
    return std::move(*file);
  }

  bool isFree(const Credential& credential) const {
    const Instant now = exchange_.services.host.clock.now();
    return exchange_.services.pool.isFree(credential.id, ofKept().model.google, now);
  }

  // Those whose files are told. What lies with one that is out can't be used either; one that cools
  // is passed over, unless nobody is left.
  std::vector<const Credential*> listed() const {
    std::vector<const Credential*> free;
    std::vector<const Credential*> cooling;
    for (const Credential& each : exchange_.services.pool.credentials()) {
      if (!hasFiles(each) || exchange_.services.pool.isQuarantined(each.id)) continue;
      (isFree(each) ? free : cooling).push_back(&each);
    }
    return free.empty() ? cooling : free;
  }

  // All pages of one credential. Each call has a record of its own, since they are no attempts at
  // one thing. BadRequest when no calls are left.
  Task<Result<void>> listOf(const Credential& credential, std::size_t& calls,
                            std::vector<FileObject>& all) {
    std::string token;
    do {
      if (calls-- == 0) co_return fail(tooManyFiles());
      std::string query(kPageQuery);
      if (!token.empty()) query += "&pageToken=" + http::percentEncode(token);
      Exchange part{exchange_.services, requestFor(credential), exchange_.io, exchange_.reply,
                    exchange_.began};
      FileCall call(part, {"GET", resourceAt("files", query), {}, {}, Call::Repeat::Allowed, {}});
      auto asked = co_await ask(part, call, ofKept());
      for (auto& each : part.record.attempts) {
        exchange_.record.attempts.push_back(std::move(each));
      }
      if (!asked.attempt) co_return fail(asked.attempt.error());
      auto page = google::readFilePage(call.answer());
      if (!page) co_return fail(malformed());
      keepOwn(*page, credential, all);
      token = std::move(page->nextPage);
    } while (!token.empty());
    co_return Result<void>();
  }

  void keepOwn(const google::FilePage& page, const Credential& credential,
               std::vector<FileObject>& all) const {
    for (const File& file : page.files) {
      auto object = objectOf(file, exchange_.request.client, credential);
      if (object) all.push_back(std::move(*object));
    }
  }

  ClientRequest requestFor(const Credential& credential) const {
    ClientRequest request;
    request.operation = exchange_.request.operation;
    request.id = exchange_.request.id;
    request.credential = credential.id;
    request.client = exchange_.request.client;
    return request;
  }

  static Error tooManyFiles() {
    return badRequest(
        "There are more files at Google's than can be listed by the calls that "
        "MAX_SUBREQUESTS allows.",
        {}, "too_many_files");
  }

  void tell(const Asked& asked, const std::optional<File>& file) {
    auto headers = answerHeaders(exchange_, asked.model, &*asked.attempt);
    Result<FileObject> object = fail(malformed());
    if (file) object = objectOf(*file, exchange_.request.client, *asked.attempt->credential);
    if (!object) return sendError(exchange_, object.error(), std::move(headers));
    sendJson(exchange_.reply, openai::fileBody(*object), std::move(headers));
  }

  void refuse(const Error& error) { sendError(exchange_, error); }
  void refuse(const Asked& asked) {
    sendError(exchange_, asked.attempt.error(), answerHeaders(exchange_, asked.model, nullptr));
  }

  Exchange& exchange_;
};

using Answer = Task<void> (Files::*)();

template <Answer kAnswer>
Task<void> answer(Exchange& exchange) {
  if (const auto refused = refusalFor(exchange)) {
    sendError(exchange, *refused);
    co_return;
  }
  Files made(exchange);
  co_await (made.*kAnswer)();
}

}  // namespace

Task<void> createFile(Exchange& exchange) { return answer<&Files::create>(exchange); }
Task<void> listFiles(Exchange& exchange) { return answer<&Files::list>(exchange); }
Task<void> getFile(Exchange& exchange) { return answer<&Files::get>(exchange); }
Task<void> deleteFile(Exchange& exchange) { return answer<&Files::remove>(exchange); }
Task<void> fileContent(Exchange& exchange) { return answer<&Files::content>(exchange); }

}  // namespace rondo::gateway
