#include "telemetry/recorder.h"

#include <algorithm>
#include <utility>

#include "telemetry/labels.h"

namespace rondo::telemetry {
namespace {

// Combinations of labels. Of these so many are for names; what finds no room there is counted by
// `other` names, of which there are few.
constexpr std::size_t kMostCells = 1000;
constexpr std::size_t kMostNamedCells = 800;
constexpr std::size_t kMostUntold = 2000;
constexpr int kFirstError = 400;

enum class CellKind : std::uint8_t { Requests = 1, Attempts, CoolDowns, Mints, Kv, Object };

// Every part has room of its own: see Names::Index.
std::uint64_t packed(CellKind kind, Names::Index a, Names::Index b, Names::Index c,
                     std::uint16_t status = 0) {
  return (static_cast<std::uint64_t>(kind) << 48) | (std::uint64_t{status} << 24) |
         (std::uint64_t{a} << 16) | (std::uint64_t{b} << 8) | c;
}

CellKind cellKindOf(Event event) {
  switch (event) {
    case Event::CoolDown: return CellKind::CoolDowns;
    case Event::Mint: return CellKind::Mints;
    case Event::Kv: return CellKind::Kv;
    case Event::Object: break;
  }
  return CellKind::Object;
}

std::string_view kindNameOf(Event event) {
  switch (event) {
    case Event::CoolDown: return kind::kCoolDowns;
    case Event::Mint: return kind::kMints;
    case Event::Kv: return kind::kKv;
    case Event::Object: break;
  }
  return kind::kObject;
}

std::uint64_t millisOf(Millis span) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(span.count(), 0));
}

std::uint64_t tokensOf(const std::optional<std::int64_t>& tokens) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(tokens.value_or(0), 0));
}

template <class Tally>
void addLatency(Tally& tally, Millis took) {
  tally[Place::kLatencySum] += millisOf(took);
  ++tally[Place::kLatency + bucketOf(took)];
}

template <class Tally>
void addRequest(Tally& tally, const RequestEntry& entry) {
  ++tally[Place::kRequests];
  if (entry.status >= kFirstError) ++tally[Place::kErrors];
  tally[Place::kPromptTokens] += tokensOf(entry.promptTokens);
  tally[Place::kCompletionTokens] += tokensOf(entry.completionTokens);
  addLatency(tally, entry.took);
  if (!entry.firstByte) return;
  tally[Place::kFirstByteSum] += millisOf(*entry.firstByte);
  ++tally[Place::kFirstByte + bucketOf(*entry.firstByte)];
}

}  // namespace

Recorder::Tally& Recorder::Series::of(std::string_view name) {
  const auto index = names.indexOf(name);
  if (tallies.size() < names.size()) tallies.resize(names.size());
  return tallies[index];
}

// Null where so many are there and this isn't one of them.
Recorder::Cell* Recorder::cellFor(std::uint64_t packed, std::size_t most) {
  const auto known = cells_.find(packed);
  if (known != cells_.end()) return &known->second;
  return cells_.size() < most ? &cells_[packed] : nullptr;
}

// --- What happens --------------------------------------------------------------------------------

void Recorder::countRequest(const RequestEntry& entry, const Labels& labels) {
  turnMinute();
  for (auto* tally : {&total_, &models_.of(labels.model), &clients_.of(labels.client)}) {
    addRequest(*tally, entry);
  }
  auto model = models_.names.indexOf(labels.model);
  auto client = clients_.names.indexOf(labels.client);
  const auto status = static_cast<std::uint16_t>(std::clamp(entry.status, 0, 999));
  const auto operation = words_.indexOf(entry.operation);
  auto* cell =
      cellFor(packed(CellKind::Requests, model, client, operation, status), kMostNamedCells);
  if (!cell) {
    model = client = Names::kOthers;
    cell = cellFor(packed(CellKind::Requests, model, client, operation, status), kMostCells);
  }
  if (!cell) return;
  ++cell->number;
  if (!cell->key.empty()) return;
  cell->key = joinKey({kind::kRequests, models_.names.nameOf(model), clients_.names.nameOf(client),
                       std::to_string(status), words_.nameOf(operation)});
}

void Recorder::countAttempt(const AttemptRecord& attempt, const Labels& labels,
                            std::uint64_t promptTokens, std::uint64_t completionTokens) {
  turnMinute();
  auto& own = credentials_.of(attempt.credential);
  for (auto* tally : {&total_, &models_.of(labels.model), &clients_.of(labels.client), &own}) {
    ++(*tally)[Place::kAttempts];
  }
  if (attempt.isFailed()) ++own[Place::kErrors];
  own[Place::kPromptTokens] += promptTokens;
  own[Place::kCompletionTokens] += completionTokens;
  if (!attempt.isUnderWay()) addLatency(own, attempt.took);
  auto credential = credentials_.names.indexOf(attempt.credential);
  auto model = models_.names.indexOf(labels.model);
  const auto outcome = words_.indexOf(attempt.outcome);
  auto* cell = cellFor(packed(CellKind::Attempts, credential, model, outcome), kMostNamedCells);
  if (!cell) {
    credential = model = Names::kOthers;
    cell = cellFor(packed(CellKind::Attempts, credential, model, outcome), kMostCells);
  }
  if (!cell) return;
  ++cell->number;
  if (!cell->key.empty()) return;
  cell->key = joinKey({kind::kAttempts, credentials_.names.nameOf(credential),
                       models_.names.nameOf(model), words_.nameOf(outcome)});
}

void Recorder::count(Event event, std::string_view word, std::uint64_t times) {
  if (times == 0) return;
  turnMinute();
  const auto index = words_.indexOf(word);
  auto* cell = cellFor(packed(cellKindOf(event), index, 0, 0), kMostCells);
  if (!cell) return;
  cell->number += times;
  if (cell->key.empty()) cell->key = joinKey({kindNameOf(event), words_.nameOf(index)});
}

// --- What it adds up to --------------------------------------------------------------------------

// What was counted so far belongs to the minute before.
void Recorder::turnMinute() {
  const Instant now = clock_.now();
  const Instant minute = now - now.time_since_epoch() % kMinute;
  if (minute == minute_) {
    isDirty_ = true;
    return;
  }
  settle();
  own_.forget(now);
  minute_ = minute;
  isDirty_ = true;
}

void Recorder::settle() {
  if (!isDirty_) return;
  isDirty_ = false;
  settle(std::string(kind::kTotal), total_);
  const std::pair<std::string_view, Series*> all[] = {
      {kind::kModel, &models_}, {kind::kCredential, &credentials_}, {kind::kClient, &clients_}};
  for (const auto& [name, series] : all) {
    for (std::size_t i = 0; i < series->tallies.size(); ++i) {
      settle(joinKey({name, series->names.nameOf(static_cast<Names::Index>(i))}),
             series->tallies[i]);
    }
  }
  for (auto& [packed, cell] : cells_) {
    if (cell.number == 0) continue;
    tell({Instant{}, cell.key, {std::exchange(cell.number, 0)}});
  }
}

void Recorder::settle(const std::string& key, Tally& tally) {
  const auto isNone = [](std::uint64_t number) { return number == 0; };
  const auto last = std::find_if_not(tally.rbegin(), tally.rend(), isNone);
  if (last == tally.rend()) return;
  Numbers numbers(tally.begin(), last.base());
  tell({minute_, key, numbers});
  tell({Instant{}, key, std::move(numbers)});
  tally.fill(0);
}

void Recorder::tell(Row row) {
  own_.add(row);
  if (!keepsUntold_) return;
  addTo(untold_[{row.at, row.key}], row.numbers);
  if (untold_.size() > kMostUntold) forgetUntold();
}

// A minute's row is a point of a chart; a sum that falls short stays so for good.
void Recorder::forgetUntold() {
  const auto oldest = untold_.lower_bound({Instant{} + kMinute, {}});
  untold_.erase(oldest == untold_.end() ? untold_.begin() : oldest);
}

const Counts& Recorder::own() {
  settle();
  own_.forget(clock_.now());
  return own_;
}

std::vector<Row> Recorder::untold() {
  settle();
  std::vector<Row> rows;
  for (const auto& [place, numbers] : untold_) {
    rows.push_back({place.first, place.second, numbers});
  }
  return rows;
}

std::vector<Row> Recorder::takeUntold() {
  auto rows = untold();
  untold_.clear();
  return rows;
}

}  // namespace rondo::telemetry
