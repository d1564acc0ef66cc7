#include "gateway/chat_question.h"

#include <algorithm>
#include <utility>

#include "base/bounds.h"
#include "gateway/affinity.h"
#include "gateway/call_signatures.h"
#include "gateway/context_cache.h"
#include "gateway/media_fetch.h"
#include "gateway/place.h"
#include "gateway/pool_errors.h"
#include "gateway/random_id.h"
#include "gateway/stored_content.h"
#include "gateway/stream_pipe.h"
#include "google/token_count.h"
#include "streaming/answer_collector.h"
#include "translation/setting_names.h"

namespace rondo::gateway {
namespace {

using streaming::StreamFault;

Error tooLong() {
  return makeError(ErrorKind::Broken,
                   "Google's answer is longer than " + std::to_string(bounds::kAnswerBytes) +
                       " bytes. Ask for it as a stream.",
                   "upstream_answer_too_large");
}

// Of what is said and of what tools gave. Media have few tokens for their bytes.
std::size_t textBytes(const conversation::Request& request) {
  std::size_t bytes = 0;
  const auto add = [&bytes](const auto& part) {
    const auto* text = std::get_if<conversation::TextPart>(&part);
    if (text) bytes += text->text.spelling().size();
  };
  for (const auto& turn : request.turns) {
    for (const auto& part : turn.parts) {
      add(part);
      const auto* result = std::get_if<conversation::CallResult>(&part);
      if (result) std::ranges::for_each(result->content, add);
    }
  }
  return bytes;
}

Error uncounted() {
  return makeError(ErrorKind::Broken, "A server error: Google's answer counts no tokens.",
                   "malformed_answer");
}

AnswerFault::Kind kindOf(const StreamFault& fault) {
  using enum AnswerFault::Kind;
  if (!fault.googleError.empty()) return Google;
  if (fault.error.kind == ErrorKind::TimedOut) return BrokenOff;
  if (fault.error.code == "upstream_incomplete") return BrokenOff;
  // What was refused for what it asks for.
  if (fault.error.kind == ErrorKind::BadRequest) return Final;
  const bool isTooLarge = fault.error.code == "upstream_answer_too_large" ||
                          fault.error.code == "upstream_event_too_large";
  return isTooLarge ? Final : Unusable;
}

AnswerFault faultOf(StreamFault fault) {
  const auto kind = kindOf(fault);
  return {kind, std::move(fault.error), std::move(fault.googleError)};
}

}  // namespace

ChatQuestion::ChatQuestion(Exchange& exchange, conversation::Sent sent, std::string asked)
    : exchange_(exchange),
      request_(std::move(sent.request)),
      format_(std::move(sent.format)),
      head_{randomId(exchange.services.host.entropy),
            unixSeconds(exchange.services.host.clock.now()),
            std::move(asked),
            {},
            exchange.request.id} {}

Result<http::Request> ChatQuestion::requestTo(const google::BaseUrls& bases,
                                              const google::Place& place,
                                              const ModelName& model) const {
  auto url = google::methodUrl(bases, place, model.google, method());
  if (!url) return fail(url.error());
  return http::Request{"POST", std::move(*url), {{"content-type", "application/json"}}, {}};
}

google::Method ChatQuestion::method() const {
  if (request_.purpose == conversation::Purpose::Count) return google::Method::CountTokens;
  return isStream() ? google::Method::StreamGenerateContent : google::Method::GenerateContent;
}

credentials::ModelUse ChatQuestion::use() const {
  const bool isCount = request_.purpose == conversation::Purpose::Count;
  return isCount ? credentials::ModelUse::Counting : credentials::ModelUse::Generating;
}

std::string ChatQuestion::preferred() const {
  auto maker = openLoopCredential(request_, exchange_.signatures);
  if (maker.empty()) maker = imageMaker(request_, exchange_.signatures);
  if (!maker.empty() || !mayUseCache()) return maker;
  return cacheKeeper(exchange_, conversationOf(request_));
}

// A cache that the client names stands in its place.
bool ChatQuestion::mayUseCache() const {
  return exchange_.services.settings.contextCaching == ContextCaching::Auto &&
         request_.purpose == conversation::Purpose::Answer && request_.cachedContent.empty();
}

std::string ChatQuestion::conversation() const {
  const bool isSticky = exchange_.services.settings.strategy == credentials::Strategy::Sticky;
  // A sound says nothing by which one client's could be told from another's.
  if (request_.transcript && request_.user.empty()) return {};
  return isSticky ? conversationOf(request_) : std::string();
}

std::string ChatQuestion::paramOf(const std::string& googleField) const {
  const auto setting = translation::settingOf(googleField);
  return setting ? std::string(format_->fieldOf(*setting)) : googleField;
}

std::string ChatQuestion::contentField(const Error& error) const {
  return fieldOfDenied(request_, *format_, error);
}

// A conversation that stays with its credential, or has but one, brings that one's signatures.
translation::UnknownMakers ChatQuestion::unknownMakers() const {
  const auto& services = exchange_.services;
  const bool takesTurns = services.settings.strategy == credentials::Strategy::RoundRobin &&
                          services.pool.credentials().size() > 1;
  return takesTurns ? translation::UnknownMakers::LeftOut : translation::UnknownMakers::Trusted;
}

// --- The request ---------------------------------------------------------------------------------

Task<Result<MadeBody>> ChatQuestion::bodyFor(const ModelName& model, const Attempt& attempt) {
  translation::RequestTarget target;
  target.backend = placeOf(*attempt.credential).backend;
  target.model = model.google;
  target.family = google::ModelFamily::parse(model.google);
  target.limits = attempt.limits;
  target.credentialKind = std::string(credentials::kindName(attempt.credential->kind));
  target.credentialId = attempt.credential->id;
  target.unknownMakers = unknownMakers();
  target.store = &exchange_.signatures;
  target.media = &media_;
  target.suffix = model.suffix;
  auto fetched = co_await fetchFiles(target.webMedia());
  if (!fetched) co_return fail(fetched.error());
  auto translated = translation::translateRequest(request_, target);
  if (!translated) co_return fail(translated.error());
  MadeBody body{std::move(translated->body), translated->uses, std::move(translated->adjusted)};
  if (mayUseCache()) useCache(exchange_, attempt, model.google, conversationOf(request_), body);
  co_return body;
}

Task<Result<void>> ChatQuestion::fetchFiles(translation::WebMedia webMedia) {
  auto media = translation::mediaToFetch(request_, webMedia);
  std::erase_if(media, [this](const auto& each) { return media_.contains(each.url); });
  if (media.empty()) co_return Result<void>();
  auto fetched = co_await fetchMedia(exchange_, wantedFiles(media));
  if (!fetched) co_return fail(fetched.error());
  media_.merge(*fetched);
  co_return Result<void>();
}

// With one more than may be fetched, which is enough to be refused: a path takes a walk over the
// body.
std::vector<WantedFile> ChatQuestion::wantedFiles(
    const std::vector<translation::RemoteMedia>& media) const {
  std::vector<WantedFile> files;
  for (const auto& each : media) {
    if (files.size() > bounds::kMediaAddresses) break;
    files.push_back({each.url, request_.pathTo(each.place)});
  }
  return files;
}

// --- The answer ----------------------------------------------------------------------------------

Task<Heard> ChatQuestion::heard(const Attempt&, google::Refusal refusal, std::string) {
  if (google::isSpentByText(refusal, textBytes(request_))) refusal.isNarrow = true;
  // What is counted with draws on nothing that answers do.
  if (use() == credentials::ModelUse::Counting) refusal.quota.model.clear();
  co_return Heard{withoutCache(exchange_, std::move(refusal)), std::nullopt};
}

translation::AnswerContext ChatQuestion::contextFor(const ModelName& model,
                                                    const Attempt& attempt) {
  const auto& credential = *attempt.credential;
  const auto family = google::ModelFamily::parse(model.google);
  auto context = translation::answerContext(request_, head_.seed,
                                            {std::string(credentials::kindName(credential.kind)),
                                             family.signatureGroup(), credential.id});
  context.signatures = exchange_.services.settings.signatures;
  if (keepsSignatures(exchange_, family)) context.told = &told_;
  return context;
}

Task<std::optional<AnswerFault>> ChatQuestion::begin(const ModelName& model, const Attempt& attempt,
                                                     host::Fetched answer) {
  body_ = std::move(answer.body);
  auto context = contextFor(model, attempt);
  head_.origin = context.origin;
  std::optional<AnswerFault> fault;
  if (request_.purpose == conversation::Purpose::Count) {
    fault = co_await count();
  } else if (isStream()) {
    fault = co_await beginStream(std::move(context));
  } else {
    fault = co_await collect(std::move(context));
  }
  if (fault) {
    opening_ = {};
    told_.clear();
    stream_.reset();
    body_.reset();
  } else {
    letGoOfRequest();
  }
  co_return fault;
}

// Nothing is asked again.
void ChatQuestion::letGoOfRequest() {
  request_ = {};
  media_.clear();
  exchange_.request.body = {};
  exchange_.io.holdings.hold(exchange_.cache.bytes());
}

// Feeds all of the body to `take`, which gives why it won't go on.
template <class Take>
Task<std::optional<StreamFault>> ChatQuestion::readAll(Take& take) {
  const Millis patience = exchange_.services.settings.idleTimeout;
  for (std::size_t size = 0;;) {
    auto read = co_await exchange_.watch.await(body_->read(host::ReadSize::Whole), patience);
    if (!read) co_return StreamFault{upstreamTimeout(patience), {}, {}};
    const auto& chunk = *read;
    if (!chunk) co_return StreamFault{endedEarly(chunk.error()), {}, {}};
    size += chunk->bytes.view().size();
    if (size > bounds::kAnswerBytes) co_return StreamFault{tooLong(), {}, {}};
    if (auto fed = take(chunk->bytes.view()); !fed) co_return std::move(fed.error());
    if (chunk->isLast()) co_return std::nullopt;
  }
}

Task<std::optional<AnswerFault>> ChatQuestion::count() {
  std::string text;
  auto take = [&text](std::string_view bytes) -> std::expected<void, StreamFault> {
    text += bytes;
    return {};
  };
  if (auto fault = co_await readAll(take)) co_return faultOf(std::move(*fault));
  const auto tokens = google::readTokenCount(text);
  if (!tokens) co_return faultOf({uncounted(), {}, {}});
  conversation::Usage usage;
  usage.prompt = usage.total = *tokens;
  std::vector<conversation::Event> nothing{
      {0, conversation::Finish{conversation::FinishReason::Length}}};
  if (isStream()) {
    const auto writer = format_->stream(head_);
    opening_.isWhole = true;
    writer->append(opening_.output, std::move(nothing));
    writer->appendEnd(opening_.output, usage);
  } else {
    co_return written(format_->whole(head_, {std::move(nothing), usage}));
  }
  co_return std::nullopt;
}

Task<std::optional<AnswerFault>> ChatQuestion::collect(translation::AnswerContext context) {
  streaming::AnswerCollector collector(std::move(context), &exchange_.signatures);
  auto take = [&collector](std::string_view bytes) { return collector.feed(bytes); };
  if (auto fault = co_await readAll(take)) co_return faultOf(std::move(*fault));
  auto whole = collector.finish();
  exchange_.record.usage = collector.usage();
  if (!whole) co_return faultOf(std::move(whole.error()));
  co_return written(format_->whole(head_, std::move(*whole)));
}

// Keeps the whole answer, if the dialect can make one of it.
std::optional<AnswerFault> ChatQuestion::written(Result<std::string> whole) {
  if (!whole) return AnswerFault{AnswerFault::Kind::Unusable, std::move(whole.error()), {}};
  whole_ = std::move(*whole);
  return std::nullopt;
}

// Reads until the stream has something to show, or can't go on. The end always has.
Task<std::optional<AnswerFault>> ChatQuestion::beginStream(translation::AnswerContext context) {
  stream_.emplace(format_->stream(head_), std::move(context), &exchange_.signatures);
  while (opening_.output.empty() && !opening_.isWhole) {
    auto opening = co_await read();
    if (!opening) co_return faultOf(std::move(opening.error()));
    opening_ = std::move(*opening);
  }
  co_return std::nullopt;
}

Task<std::optional<StreamFault>> ChatQuestion::passOn(StreamReply& reply, Keeper* keeper) {
  if (opening_.isWhole && keeper) co_await keeper->keep({});
  const bool isThere = co_await reply.write(std::move(opening_.output));
  if (!isThere || opening_.isWhole) co_return std::nullopt;
  StreamPipe pipe(exchange_, *body_, *stream_);
  co_return co_await pipe.run(reply, keeper);
}

std::string ChatQuestion::breakOff(const StreamFault& fault) {
  return fault.output + stream_->fail(fault.error);
}

std::string ChatQuestion::refusal(const Error& error) const {
  std::string out;
  format_->stream(head_)->appendError(out, error);
  return out;
}

std::optional<conversation::Usage> ChatQuestion::usage() const {
  return stream_ ? stream_->usage() : std::nullopt;
}

Task<std::expected<ChatQuestion::Opening, StreamFault>> ChatQuestion::read() {
  const Millis patience = exchange_.services.settings.idleTimeout;
  auto read = co_await exchange_.watch.await(body_->read(host::ReadSize::AnyBytes), patience);
  if (!read) co_return std::unexpected(StreamFault{upstreamTimeout(patience), {}, {}});
  const auto& chunk = *read;
  if (!chunk) co_return std::unexpected(StreamFault{endedEarly(chunk.error()), {}, {}});
  auto fed = stream_->feed(chunk->bytes.view());
  if (!fed) co_return std::unexpected(std::move(fed.error()));
  std::string output(*fed);
  if (!chunk->isLast()) co_return Opening{std::move(output), false};
  const auto end = stream_->finish();
  if (!end) co_return std::unexpected(end.error());
  output += *end;
  co_return Opening{std::move(output), true};
}

}  // namespace rondo::gateway
