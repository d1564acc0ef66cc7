#include "frames/heads.h"

#include <span>
#include <utility>
#include <vector>

#include "frames/numbers.h"
#include "frames/texts.h"

namespace rondo::frames {
namespace {

using Names = std::span<const std::string_view>;

std::unexpected<Error> broken() {
  return fail(makeError(ErrorKind::Broken, "The worker sent a broken head."));
}

// The texts of a head that are there in any case.
enum RequestText : std::size_t { Operation, Id, FallbackWord, ClientName, StoredWord, Models };
constexpr std::size_t kRequestTexts = Models + 1;

// In front of the name of a header field that goes on to Google.
constexpr std::string_view kField = "field:";

gateway::Memory memoryOf(std::string_view word) {
  if (word == "on") return gateway::Memory::On;
  return word == "denied" ? gateway::Memory::Denied : gateway::Memory::Missing;
}

void setParam(gateway::ClientRequest& request, std::string_view name, std::string_view value) {
  if (name == "memory") request.memory = memoryOf(value);
  const std::pair<std::string_view, std::string*> places[] = {
      {"id", &request.modelId},
      {"credential", &request.credential},
      {"content_type", &request.contentType},
      {"limit", &request.page.limit},
      {"after_id", &request.page.afterId},
      {"before_id", &request.page.beforeId},
      {"model", &request.query.model},
      {"client", &request.query.client},
      {"status", &request.query.status},
      {"span", &request.query.span},
      {"worker", &request.query.worker},
      {"version", &request.native.version},
      {"verb", &request.native.verb},
      {"query", &request.native.query},
      {"method", &request.native.method},
      {"path", &request.native.path},
      {"origin", &request.native.origin},
  };
  for (const auto& [known, place] : places) {
    if (known == name) *place = value;
  }
  if (name == "upload") request.native.way = gateway::NativeCall::Way::Upload;
  if (name == "vertex") request.native.backend = google::Backend::Vertex;
  if (name == "piped") request.native.body = gateway::NativeCall::Body::Piped;
  if (name == "metered") request.client.tokens = gateway::Client::Tokens::Metered;
  if (name == "marked") request.native.marks = gateway::NativeCall::Marks::Present;
  if (name == "tools") request.native.tools = gateway::NativeCall::Tools::Present;
  if (name == "signed") {
    request.native.signatures = gateway::NativeCall::Signatures::Present;
  }
  if (name.starts_with(kField)) {
    request.native.fields.set(name.substr(kField.size()), std::string(value));
  }
}

void append(std::vector<std::string_view>& texts, const http::Headers& headers) {
  for (const auto& [name, value] : headers) {
    texts.push_back(name);
    texts.push_back(value);
  }
}

std::string_view wordFor(Answered answered) {
  switch (answered) {
    case Answered::Whole: return "";
    case Answered::AsStream: return "stream";
    case Answered::Passed: break;
  }
  return "passed";
}

}  // namespace

Result<gateway::ClientRequest> readRequest(OwnedBytes bytes) {
  const auto read = readTexts(bytes.view());
  if (!read) return fail(read.error());
  Names texts = read->all;
  if (texts.size() < kRequestTexts) return broken();
  gateway::ClientRequest request;
  request.operation = texts[Operation];
  request.id = texts[Id];
  if (texts[FallbackWord] == "off") request.fallback = gateway::Fallback::Off;
  request.client.name = texts[ClientName];
  if (texts[StoredWord] == "denied") request.client.stored = gateway::Client::Stored::Denied;
  const auto models = readDecimal(texts[Models]);
  texts = texts.subspan(kRequestTexts);
  if (!models || *models > texts.size() || (texts.size() - *models) % 2 != 0) return broken();
  const Names patterns = texts.first(*models);
  request.client.models.assign(patterns.begin(), patterns.end());
  for (texts = texts.subspan(*models); !texts.empty(); texts = texts.subspan(2)) {
    setParam(request, texts[0], texts[1]);
  }
  const std::size_t headSize = bytes.view().size() - read->rest.size();
  request.body = std::move(bytes).withoutPrefix(headSize);
  return request;
}

std::string writeFetchHead(const http::Request& request) {
  const std::string timeout =
      request.timeout ? std::to_string(request.timeout->count()) : std::string();
  std::vector<std::string_view> texts{request.method, request.url, timeout};
  texts.push_back(request.judgedHost ? "judged" : "");
  texts.push_back(request.judgedHost ? std::string_view(*request.judgedHost) : "");
  texts.push_back(request.source == http::Request::BodySource::Held ? "held" : "");
  append(texts, request.headers);
  return writeTexts(texts);
}

Result<http::ResponseHead> readAnswerHead(std::string_view bytes) {
  const auto read = readTexts(bytes);
  if (!read) return fail(read.error());
  Names texts = read->all;
  const auto status = texts.empty() ? std::nullopt : readDecimal(texts[0]);
  if (!status || texts.size() % 2 == 0) return broken();
  http::ResponseHead head{static_cast<int>(*status), {}};
  for (texts = texts.subspan(1); !texts.empty(); texts = texts.subspan(2)) {
    head.headers.set(texts[0], std::string(texts[1]));
  }
  return head;
}

std::string writeRespondHead(const http::ResponseHead& head, Answered answered) {
  const std::string status = std::to_string(head.status);
  std::vector<std::string_view> texts{status, wordFor(answered)};
  append(texts, head.headers);
  return writeTexts(texts);
}

}  // namespace rondo::frames
