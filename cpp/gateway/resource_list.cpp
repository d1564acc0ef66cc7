#include "gateway/resource_list.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "gateway/ask.h"
#include "gateway/google_refusal.h"
#include "gateway/marked_id.h"
#include "gateway/native_errors.h"
#include "gateway/resource_address.h"
#include "gateway/resource_question.h"
#include "gateway/send_reply.h"
#include "json/value.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using Members = std::vector<const Credential*>;

constexpr std::string_view kToken = "pageToken";
constexpr std::string_view kSize = "pageSize";
constexpr std::string_view kNext = "nextPageToken";
// Of the calls that a request may make, those that aren't for pages.
constexpr std::size_t kSpareCalls = 5;

// Whose page, and Google's token for it; empty for the first one.
struct Position {
  std::size_t member = 0;
  std::string token;
};

struct Page {
  json::Value list;
  Attempt attempt;
  ModelName model;
};

// Why there is no page.
struct NoPage {
  Error error;
  std::optional<GoogleRefusal> refused;
};

NoPage fault(Error error) { return {std::move(error), std::nullopt}; }

Error malformed() {
  return makeError(ErrorKind::Broken, "A server error: Google's answer is no list.",
                   "malformed_answer");
}

Error noCallsLeft() {
  return badRequest(
      "The pool has more credentials than can be asked for their lists by the calls that "
      "MAX_SUBREQUESTS allows.",
      {}, "too_many_files");
}

class ResourceList {
 public:
  ResourceList(Exchange& exchange, Members members)
      : exchange_(exchange),
        members_(std::move(members)),
        collection_(collectionOf(exchange.request.native)),
        query_(withoutParameter(exchange.request.native.query, kToken)),
        callsLeft_(exchange.services.settings.maxSubrequests - kSpareCalls) {}

  Task<void> answer() {
    exchange_.pool = Exchange::PoolUse::Used;
    auto at = begin();
    if (!at) co_return refuse(fault(at.error()));
    for (;;) {
      auto page = co_await pageAt(*at, query_);
      if (!page) co_return refuse(std::move(page.error()));
      auto next = co_await behind(*at, *page);
      if (hasEntries(page->list) || !next) co_return tell(std::move(*page), next);
      at = std::move(*next);
    }
  }

 private:
  Result<Position> begin() const {
    const auto token = parameterIn(exchange_.request.native.query, kToken).value_or("");
    if (token.empty()) return Position{firstFree(0), {}};
    const auto marked = readMarkedToken(token);
    const auto found = std::ranges::find_if(members_, [&marked](const Credential* each) {
      return marked && each->id == marked->credential;
    });
    if (found == members_.end()) return fail(badRequest("Page token is not valid.", "pageToken"));
    return Position{static_cast<std::size_t>(found - members_.begin()), marked->id};
  }

  // Of those from there on. When all are out, the last one may say why.
  std::size_t firstFree(std::size_t from) const {
    const auto& pool = exchange_.services.pool;
    while (from + 1 < members_.size() && pool.isQuarantined(members_[from]->id)) ++from;
    return from;
  }

  bool hasEntries(const json::Value& list) const {
    const auto* entries = json::findArray(list, collection_);
    return entries && !entries->empty();
  }

  // Where the list goes on. Behind a page with entries another credential is asked first whether it
  // has any.
  Task<std::optional<Position>> behind(const Position& at, const Page& page) {
    const auto token = json::findString(page.list, kNext).value_or("");
    if (!token.empty()) co_return Position{at.member, std::string(token)};
    for (std::size_t member = at.member + 1; member < members_.size(); ++member) {
      if (exchange_.services.pool.isQuarantined(members_[member]->id)) continue;
      Position next{member, {}};
      if (!hasEntries(page.list)) co_return next;
      const auto one =
          co_await pageAt(next, withParameter(withoutParameter(query_, kSize), kSize, "1"));
      // What can't be asked now is told by its own page.
      if (!one || hasEntries(one->list)) co_return next;
    }
    co_return std::nullopt;
  }

  // Each call has a record of its own, since they are no attempts at one thing.
  Task<std::expected<Page, NoPage>> pageAt(const Position& at, std::string query) {
    if (callsLeft_ == 0) co_return std::unexpected(fault(noCallsLeft()));
    --callsLeft_;
    if (!at.token.empty()) query = withParameter(std::move(query), kToken, at.token);
    Exchange part{exchange_.services, requestFor(*members_[at.member], std::move(query)),
                  exchange_.io, exchange_.reply, exchange_.began};
    ResourceQuestion question(part, ResourceQuestion::Ids::Marked);
    auto asked = co_await ask(part, question, targetsOf(part.request.native));
    for (auto& each : part.record.attempts) exchange_.record.attempts.push_back(std::move(each));
    exchange_.record.answering = part.record.answering;
    exchange_.record.model = collection_;
    if (!asked.attempt) {
      co_return std::unexpected(NoPage{std::move(asked.attempt.error()), question.refused()});
    }
    auto list = json::parse(question.text());
    if (!list || !list->is_object()) co_return std::unexpected(fault(malformed()));
    co_return Page{std::move(*list), std::move(*asked.attempt), std::move(asked.model)};
  }

  ClientRequest requestFor(const Credential& credential, std::string query) const {
    ClientRequest request;
    request.operation = exchange_.request.operation;
    request.id = exchange_.request.id;
    request.client = exchange_.request.client;
    request.native = exchange_.request.native;
    request.native.query = std::move(query);
    request.credential = credential.id;
    return request;
  }

  void tell(Page page, const std::optional<Position>& next) {
    page.list.erase(std::string(kNext));
    if (next) {
      page.list[std::string(kNext)] = writeMarkedId(members_[next->member]->id, next->token);
    }
    sendJson(exchange_.reply, json::dump(page.list),
             answerHeaders(exchange_, page.model, &page.attempt));
  }

  void refuse(NoPage none) {
    const auto targets = targetsOf(exchange_.request.native);
    auto headers = answerHeaders(exchange_, targets.model, nullptr);
    if (none.refused) return sendRefusal(exchange_, *none.refused, none.error, std::move(headers));
    sendError(exchange_, nativeErrors(), none.error, std::move(headers));
  }

  Exchange& exchange_;
  Members members_;
  std::string collection_;
  std::string query_;
  std::size_t callsLeft_;
};

}  // namespace

Task<void> listResources(Exchange& exchange, Members members) {
  ResourceList list(exchange, std::move(members));
  co_await list.answer();
}

}  // namespace rondo::gateway
