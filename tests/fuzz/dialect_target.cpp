#include <array>
#include <cctype>
#include <memory>
#include <string>
#include <utility>

#include "anthropic/messages_dialect.h"
#include "fuzz/require.h"
#include "fuzz/targets.h"
#include "openai/chat_dialect.h"
#include "openai/responses_dialect.h"
#include "streaming/answer_collector.h"
#include "streaming/answer_stream.h"
#include "translation/answer_translator.h"
#include "translation/request_body.h"

namespace rondo::fuzz {
namespace {

using conversation::Dialect;
using conversation::Sent;

const conversation::AnswerHead kHead{"fuzz", 1764000000, "gemini-3.8-flash", {"api_key", "newest"}};

// A sound request for each dialect whose answers are tried.
constexpr std::string_view kChat =
    R"({"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function",)"
    R"("function":{"name":"get_time"}},{"type":"custom","custom":{"name":"run code!"}}]})";
constexpr std::string_view kResponses =
    R"({"model":"m","input":"a","store":false,"tools":[{"type":"function","name":"get_time"},)"
    R"({"type":"custom","name":"run code!"},{"type":"namespace","name":"n","tools":[)"
    R"({"type":"function","name":"f"}]},{"type":"web_search"},{"type":"local_shell"}]})";
constexpr std::string_view kMessages =
    R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":"a"}],"tools":[)"
    R"({"name":"get_time","input_schema":{"type":"object"}},{"name":"run code!",)"
    R"("input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}]})";

struct Tried {
  const Dialect& dialect;
  std::string_view request;
};

std::array<Tried, 3> allTried() {
  return {{{openai::chatDialect(), kChat},
           {openai::responsesDialect(), kResponses},
           {anthropic::messagesDialect(), kMessages}}};
}

void checkError(const Dialect& dialect, const Error& error) {
  require(!error.message.empty(), "an error says something", error.param);
  const auto [status, body] = dialect.error(error, {"req_1"});
  require(status >= 400 && status < 600, "an error has its status", body);
  readOwn(body, "an error is JSON");
}

// --- Requests ---

void checkTranslation(const Dialect& dialect, const conversation::Request& request,
                      std::string_view model, google::Backend backend) {
  translation::RequestTarget target;
  target.backend = backend;
  target.model = model;
  target.family = google::ModelFamily::parse(model);
  target.credentialKind = "api_key";
  const auto translated = translation::translateRequest(request, target);
  if (!translated) return checkError(dialect, translated.error());
  json::Value body = readOwn(translated->body, "a translated body is JSON");
  if (body.contains("generateContentRequest")) body = body.at("generateContentRequest");
  for (const auto& turn : body.at("contents")) {
    require(!turn.at("parts").empty(), "a turn has parts", translated->body);
  }
}

void readAs(const Dialect& dialect, std::string_view input) {
  const auto sent = dialect.read(input, {});
  if (!sent) {
    require(sent.error().kind == ErrorKind::BadRequest, "a refused request is a 400",
            sent.error().message);
    return checkError(dialect, sent.error());
  }
  require(!sent->request.turns.empty(), "a request has turns", input);
  checkTranslation(dialect, sent->request, "gemini-2.5-pro", google::Backend::Vertex);
  checkTranslation(dialect, sent->request, "gemini-4-hydrogen", google::Backend::Gemini);
}

// --- Answers ---

// A stream in which the same may be told with other cuts: one text a delta.
std::string streamed(const Sent& sent, std::string_view input, std::size_t piece) {
  translation::SignatureStore kept;
  translation::ClientSignatures store(kept, "me");
  streaming::AnswerStream stream(sent.format->stream(kHead),
                                 translation::answerContext(sent.request, "seed", kHead.origin),
                                 &store);
  std::string out;
  for (std::size_t at = 0; at <= input.size(); at += piece) {
    const bool isOver = at + piece > input.size();
    auto fed = stream.feed(input.substr(at, piece));
    if (fed && isOver) {
      out += *fed;
      fed = stream.finish();
    }
    if (!fed) return out + fed.error().output + stream.fail(fed.error().error);
    out += *fed;
  }
  return out;
}

// Every event is a name, if its dialect has names, and a line of JSON.
void checkEvents(std::string_view events) {
  while (!events.empty()) {
    const std::size_t end = events.find("\n\n");
    require(end != std::string_view::npos, "an event is framed", events);
    std::string_view event = events.substr(0, end);
    events.remove_prefix(end + 2);
    std::string_view name;
    if (event.starts_with("event: ")) {
      name = event.substr(7, event.find('\n') - 7);
      event.remove_prefix(event.find('\n') + 1);
    }
    require(event.starts_with("data: ") && !event.contains('\n'), "an event has its data", event);
    event.remove_prefix(6);
    if (event == "[DONE]") continue;
    const auto data = readOwn(event, "an event is JSON");
    if (!name.empty()) require(data.at("type") == name, "an event has its name twice", event);
  }
}

void answerAs(const Tried& tried, std::string_view input) {
  auto sent = tried.dialect.read(tried.request, {});
  require(sent.has_value(), "the request is sound", tried.request);
  const std::string whole = streamed(*sent, input, input.size() + 1);
  checkEvents(whole);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    require(streamed(*sent, input, piece) == whole, "cuts change nothing in a stream", whole);
  }
  translation::SignatureStore kept;
  translation::ClientSignatures store(kept, "me");
  streaming::AnswerCollector collector(
      translation::answerContext(sent->request, "seed", kHead.origin), &store);
  if (!collector.feed(input)) return;
  auto answer = collector.finish();
  if (!answer) return;
  if (const auto body = sent->format->whole(kHead, std::move(*answer))) {
    readOwn(*body, "a whole answer is JSON");
  }
}

}  // namespace

void tryDialectRequest(std::string_view input) {
  for (const Dialect* dialect : {&openai::responsesDialect(), &openai::responsesCountDialect(),
                                 &openai::responsesCompactDialect(), &anthropic::messagesDialect(),
                                 &anthropic::tokenCountDialect()}) {
    readAs(*dialect, input);
  }
}

void tryDialectAnswer(std::string_view input) {
  for (const Tried& tried : allTried()) answerAs(tried, input);
}

}  // namespace rondo::fuzz
