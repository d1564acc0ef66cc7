#include "gateway/alerts.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "http/url.h"
#include "json/writer.h"

namespace rondo::gateway {
namespace {

constexpr std::size_t kMostWaiting = 16;
constexpr std::size_t kMostTold = 256;
constexpr std::size_t kMostSpent = 64;
constexpr int kMostTries = 3;
constexpr Millis kQuiet = std::chrono::minutes(10);
// Events, as webhooks are told of them.
constexpr const char* kOut = "credential_quarantined";
constexpr const char* kWell = "credential_well";
constexpr const char* kSpent = "model_spent";
constexpr const char* kServed = "model_well";

constexpr Millis kLongestPost = std::chrono::seconds(5);
// It takes 2,000 characters, and nothing of what is longer
// (https://discord.com/developers/docs/resources/webhook).
constexpr std::size_t kMostForDiscord = 2000;

std::string marked(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string placeOf(std::string_view event, std::string_view subject) {
  return std::string(event) + "|" + std::string(subject);
}

// As the isolates of a deployment settle who tells it.
std::string sayingOf(std::string_view event, std::string_view subject) {
  return "alert|" + placeOf(event, subject);
}

// Whether a later try may fare better: nobody answered, or was too busy or broken to.
bool mayPass(int status) { return status == 0 || status == 429 || status >= 500; }

bool isSuccess(int status) { return status >= 200 && status < 300; }

// Slack reads `<!channel>`, and addresses behind other words, where these are left as they are.
std::string escapedForSlack(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace

// News on their way. Should their request be given up meanwhile, they wait for another one.
class Alerts::Outgoing {
 public:
  explicit Outgoing(std::vector<News>& waiting)
      : waiting_(waiting), news_(std::exchange(waiting, {})) {}
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;
  ~Outgoing() {
    std::ranges::move(again_, std::back_inserter(waiting_));
    std::ranges::move(news_, std::back_inserter(waiting_));
  }

  bool isOver() const { return news_.empty(); }
  News& first() { return news_.front(); }
  void finishFirst() { news_.erase(news_.begin()); }
  // It goes with the next ones.
  void putOffFirst() {
    ++news_.front().tries;
    again_.push_back(std::move(news_.front()));
    finishFirst();
  }

 private:
  std::vector<News>& waiting_;
  std::vector<News> news_;
  std::vector<News> again_;
};

// --- What there is to tell -----------------------------------------------------------------------

void Alerts::add(News news) {
  news.at = host_.clock.now();
  told_.erase(placeOf(news.ended, news.subject));
  std::erase_if(told_, [&news](const auto& each) { return news.at - each.second >= kQuiet; });
  auto place = placeOf(news.event, news.subject);
  if (told_.contains(place) || told_.size() >= kMostTold) return;
  if (waiting_.size() >= kMostWaiting) return;
  told_.emplace(std::move(place), news.at);
  waiting_.push_back(std::move(news));
}

void Alerts::quarantined(std::string_view credential, std::string_view reason,
                         std::string_view remedy) {
  if (!isOn()) return;
  add({.event = kOut,
       .subject = std::string(credential),
       .text = "Rondo: the credential " + marked(credential) + " is out (" + std::string(reason) +
               "). " + std::string(remedy),
       .ended = kWell});
}

void Alerts::spent(const std::string& model, std::optional<Instant> until) {
  if (!isOn()) return;
  std::string text = "Rondo: every credential has spent its day's quota for " + marked(model) + ".";
  if (until) text += " The first is free again at " + formatRfc3339(*until) + ".";
  if (spent_.size() < kMostSpent) spent_.insert(model);
  add({.event = kSpent, .subject = model, .text = std::move(text), .ended = kServed});
}

void Alerts::credentialWell(std::string_view credential) {
  if (!isOn()) return;
  add({.event = kWell,
       .subject = std::string(credential),
       .text = "Rondo: the credential " + marked(credential) + " is well again.",
       .ended = kOut});
}

void Alerts::modelWell(const std::string& model) {
  if (spent_.empty() || spent_.erase(model) == 0) return;
  add({.event = kServed,
       .subject = model,
       .text = "Rondo: " + marked(model) + " is served again.",
       .ended = kSpent});
}

// --- On its way ----------------------------------------------------------------------------------

Task<void> Alerts::send(host::Io io) {
  if (waiting_.empty()) co_return;
  Outgoing outgoing(waiting_);
  while (!outgoing.isOver()) {
    const bool isPutOff = co_await tell(io, outgoing.first());
    if (isPutOff) {
      outgoing.putOffFirst();
    } else {
      outgoing.finishFirst();
    }
  }
}

// Who has once had the word keeps it, also when its request is given up.
Task<bool> Alerts::isOurs(host::Io io, News& news) {
  if (!io.board || news.word == News::Word::Ours) co_return true;
  const auto saying = sayingOf(news.event, news.subject);
  if (!co_await io.board->isFirst(saying, host_.clock.now() + kQuiet)) co_return false;
  news.word = News::Word::Ours;
  io.board->forget(sayingOf(news.ended, news.subject));
  co_return true;
}

Task<bool> Alerts::tell(host::Io io, News& news) {
  const bool isToTell = co_await isOurs(io, news);
  if (!isToTell) co_return false;
  http::Request request;
  request.method = "POST";
  request.url = settings_.alertUrl.reveal();
  request.headers.set("content-type", "application/json");
  request.body = alertBody(request.url, news);
  request.timeout = kLongestPost;
  const auto fetched = co_await io.fetcher.fetch(std::move(request));
  const int status = fetched ? fetched->head.status : 0;
  if (isSuccess(status)) {
    host_.logger.log(host::LogLevel::Info, "alert_sent",
                     {{"about", news.event}, {"subject", news.subject}});
    co_return false;
  }
  // The host's words may hold the address, which is a secret.
  host_.logger.log(
      host::LogLevel::Warn, "alert_failed",
      {{"about", news.event}, {"subject", news.subject}, {"status", std::int64_t{status}}});
  co_return mayPass(status) && news.tries + 1 < kMostTries;
}

std::string alertBody(std::string_view url, const News& news) {
  const auto origin = http::parseOrigin(url);
  const std::string host = origin ? origin->host : std::string();
  std::string body;
  json::Writer writer(body);
  writer.beginObject();
  if (http::isWithinDomain(host, "slack.com")) {
    writer.key("text").string(std::string_view(escapedForSlack(news.text)));
  } else if (http::isWithinDomain(host, "discord.com") ||
             http::isWithinDomain(host, "discordapp.com")) {
    writer.key("content").string(beginningOf(news.text, kMostForDiscord));
    // Otherwise `@everyone` would wake everyone.
    writer.key("allowed_mentions").beginObject().key("parse").beginArray().endArray().endObject();
  } else {
    writer.key("event").string(std::string_view(news.event));
    writer.key("subject").string(std::string_view(news.subject));
    writer.key("text").string(std::string_view(news.text));
    writer.key("at").string(std::string_view(formatRfc3339(news.at)));
  }
  writer.endObject();
  return body;
}

}  // namespace rondo::gateway
