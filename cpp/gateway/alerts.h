#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "base/time.h"
#include "gateway/settings.h"
#include "host/host.h"

namespace rondo::gateway {

// Something that an operator may want to be woken for. Holds no secret.
struct News {
  std::string event;    // "credential_quarantined", "model_spent", "credential_well", "model_well".
  std::string subject;  // The credential's alias, or the model.
  std::string text;     // A sentence or two.
  Instant at = {};
  std::string ended = {};  // The event that this one ends: it is news when it comes again.
  int tries = 0;           // In vain.
  // Whether this isolate is the one that tells it.
  enum class Word { Open, Ours } word = Word::Open;
};

// Tells the operator's webhook what became of the pool, behind an answer: that a credential is in
// quarantine, that a model's last credential is spent for the day, and that it is well again. The
// same news is not told again within ten minutes; of isolates with a board one alone tells it. What
// fails costs a log line, and is tried twice more behind later answers where that may help.
class Alerts {
 public:
  // Both outlive it.
  Alerts(const Settings& settings, const host::Host& host) : settings_(settings), host_(host) {}

  void quarantined(std::string_view credential, std::string_view reason, std::string_view remedy);
  void spent(const std::string& model, std::optional<Instant> until);
  // Its quarantine has ended.
  void credentialWell(std::string_view credential);
  // It was served: nothing to tell unless it was spent, as far as this isolate knows.
  void modelWell(const std::string& model);

  Task<void> send(host::Io io);

 private:
  class Outgoing;
  void add(News news);
  // Whether it is to be tried again.
  Task<bool> tell(host::Io io, News& news);
  Task<bool> isOurs(host::Io io, News& news);
  bool isOn() const { return !settings_.alertUrl.empty(); }

  const Settings& settings_;
  const host::Host& host_;
  std::vector<News> waiting_;
  std::map<std::string, Instant, std::less<>> told_;  // by event and subject
  std::set<std::string, std::less<>> spent_;          // models
};

// What is posted to `url`: what Slack or Discord show as a message, or all there is to say as JSON.
// The text holds words of Google's, which repeat a client's: in a message they mention nobody.
std::string alertBody(std::string_view url, const News& news);

}  // namespace rondo::gateway
