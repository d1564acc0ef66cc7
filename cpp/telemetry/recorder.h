#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/clock.h"
#include "telemetry/counts.h"
#include "telemetry/names.h"
#include "telemetry/numbers.h"
#include "telemetry/request_list.h"

namespace rondo::telemetry {

// Kinds of rows, which their keys begin with. Of the series there are rows by the minute and sums;
// of the others sums alone.
namespace kind {
inline constexpr std::string_view kTotal = "total";
inline constexpr std::string_view kModel = "model";            // model
inline constexpr std::string_view kCredential = "credential";  // alias
inline constexpr std::string_view kClient = "client";          // name
inline constexpr std::string_view kRequests = "requests";      // model, client, status, operation
inline constexpr std::string_view kAttempts = "attempts";      // alias, model, outcome
inline constexpr std::string_view kCoolDowns = "cool_downs";   // reason
inline constexpr std::string_view kMints = "mints";            // outcome
inline constexpr std::string_view kKv = "kv";                  // operation
inline constexpr std::string_view kObject = "object";          // operation
}  // namespace kind

// Things that are counted by one word alone.
enum class Event { CoolDown, Mint, Kv, Object };

// Who is meant where names are counted by: `kUnknown` for a model of which nobody knows that it is
// real, since clients may invent names.
struct Labels {
  std::string_view model;
  std::string_view client;
};

// Counts what happens in this isolate. What counts for one request costs no allocation, but for the
// first that brings a new name, status or outcome: numbers lie where their names' numbers say, and
// are added up by key only once a minute, and when somebody asks.
class Recorder {
 public:
  // The clock outlives it.
  explicit Recorder(host::Clock& clock) : clock_(clock), own_(clock.now()) {}

  // A request that is over, without its attempts.
  void countRequest(const RequestEntry& entry, const Labels& labels);
  // An attempt of a request; the last one of a request that was answered has its tokens.
  void countAttempt(const AttemptRecord& attempt, const Labels& labels, std::uint64_t promptTokens,
                    std::uint64_t completionTokens);
  // `word` is one of few.
  void count(Event event, std::string_view word, std::uint64_t times = 1);

  // All that this isolate has counted.
  const Counts& own();

  // What was counted and has not been taken yet: from now on it counts as told. Bounded.
  std::vector<Row> takeUntold();
  // The same for who only looks.
  std::vector<Row> untold();
  bool hasUntold() const { return isDirty_ || !untold_.empty(); }
  // Keeps what is to be told from now on. Without it nothing is kept: nobody is told.
  void keepUntold() { keepsUntold_ = true; }

 private:
  using Tally = std::array<std::uint64_t, Place::kCount>;
  struct Series {
    Names names;
    std::vector<Tally> tallies;  // by name
    Tally& of(std::string_view name);
  };
  struct Cell {
    std::string key;
    std::uint64_t number = 0;
  };

  void turnMinute();
  void settle();
  void settle(const std::string& key, Tally& tally);
  void tell(Row row);
  Cell* cellFor(std::uint64_t packed, std::size_t most);
  void forgetUntold();

  host::Clock& clock_;
  Counts own_;
  std::map<std::pair<Instant, std::string>, Numbers> untold_;
  bool keepsUntold_ = false;
  bool isDirty_ = false;

  Instant minute_{};
  Tally total_{};
  Series models_;
  Series credentials_;
  Series clients_;
  Names words_;  // Operations, outcomes, reasons.
  std::map<std::uint64_t, Cell> cells_;
};

}  // namespace rondo::telemetry
