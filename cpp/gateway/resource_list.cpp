#include "gateway/resource_list.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "gateway/ask.h"
#include "gateway/google_refusal.h"
#include "gateway/marked_id.h"
#include "gateway/native_errors.h"
#include "gateway/resource_address.h"
#include "gateway/resource_name.h"
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
        targets_(targetsOfKept(collection_)),
        query_(withoutParameter(exchange.request.native.query, kToken)),
        callsLeft_(exchange.services.settings.maxSubrequests - kSpareCalls) {}

  Task<void> answer() {
    exchange_.pool = Exchange::PoolUse::Used;
    auto at = begin();
    if (!at) co_return refuse(fault(at.error()));
    for (;;) {
      auto page = co_await pageAt(*at, query_);
      if (!page) {
        const auto other = insteadOf(*at);
        if (!other) co_return refuse(std::move(page.error()));
        at = Position{*other, {}};
        continue;
      }
      auto next = co_await behind(*at, *page);
      if (hasEntries(page->list) || !next) co_return tell(std::move(*page), next);
      at = std::move(*next);
    }
  }

 private:
  Result<Position> begin() const {
    const auto token = parameterIn(exchange_.request.native.query, kToken).value_or("");
    if (token.empty()) return Position{nextFree(0).value_or(whoSaysWhy()), {}};
    const auto marked = readMarkedToken(token);
    const auto found = std::ranges::find_if(members_, [&marked](const Credential* each) {
      return marked && each->id == marked->credential;
    });
    if (found == members_.end()) return fail(badRequest("Page token is not valid.", "pageToken"));
    return Position{static_cast<std::size_t>(found - members_.begin()), marked->id};
  }

  bool isFree(const Credential& member) const {
    const Instant now = exchange_.services.host.clock.now();
    return exchange_.services.pool.isFree(member.id, targets_.model.google, now);
  }

  // Of those from there on.
  std::optional<std::size_t> nextFree(std::size_t from) const {
    for (; from < members_.size(); ++from) {
      if (isFree(*members_[from])) return from;
    }
    return std::nullopt;
  }

  // When nobody is free: one that only cools knows for how long.
  std::size_t whoSaysWhy() const {
    const auto isOut = [this](const Credential* each) {
      return exchange_.services.pool.isQuarantined(each->id);
    };
    const auto cooling = std::ranges::find_if_not(members_, isOut);
    return cooling == members_.end() ? members_.size() - 1
                                     : static_cast<std::size_t>(cooling - members_.begin());
  }

  // Whose list is told in place of one that can't be had, since its credential has just come to
  // cool or is out. A list that has begun there goes on there.
  std::optional<std::size_t> insteadOf(const Position& at) const {
    if (!at.token.empty() || isFree(*members_[at.member])) return std::nullopt;
    return nextFree(at.member + 1);
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
    for (auto member = nextFree(at.member + 1); member; member = nextFree(*member + 1)) {
      Position next{*member, {}};
      if (!hasEntries(page.list)) co_return next;
      const auto one =
          co_await pageAt(next, withParameter(withoutParameter(query_, kSize), kSize, "1"));
      // What can't be asked now is told by its own page, unless its credential has come to cool.
      const bool isTold = one ? hasEntries(one->list) : isFree(*members_[*member]);
      if (isTold) co_return next;
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
    auto asked = co_await ask(part, question, targets_);
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
    auto headers = answerHeaders(exchange_, targets_.model, nullptr);
    if (none.refused) return sendRefusal(exchange_, *none.refused, none.error, std::move(headers));
    sendError(exchange_, nativeErrors(), none.error, std::move(headers));
  }

  Exchange& exchange_;
  Members members_;
  std::string collection_;
  Targets targets_;
  std::string query_;
  std::size_t callsLeft_;
};

}  // namespace

Task<void> listResources(Exchange& exchange, Members members) {
  ResourceList list(exchange, std::move(members));
  co_await list.answer();
}

}  // namespace rondo::gateway
