#include "telemetry/counts.h"

#include <algorithm>
#include <optional>

#include "json/value.h"
#include "json/writer.h"

namespace rondo::telemetry {
namespace {

// A row takes some 400 bytes at most: what an isolate remembers of its day stays below 4 MB.
constexpr std::size_t kMostRows = 4000;
constexpr std::size_t kMostTotals = 2000;

Instant floorTo(Instant at, Millis step) { return at - at.time_since_epoch() % step; }

std::optional<Row> readRow(const json::Value& value) {
  if (!value.is_array() || value.size() != 3 || !value[2].is_array()) return std::nullopt;
  const auto at = json::asInteger(value[0]);
  const auto key = json::asString(value[1]);
  if (!at || !key || value[2].size() > Place::kCount) return std::nullopt;
  Row row{fromUnixMillis(*at), std::string(*key), {}};
  for (const auto& each : value[2]) {
    const auto number = json::asInteger(each);
    if (!number || *number < 0) return std::nullopt;
    row.numbers.push_back(static_cast<std::uint64_t>(*number));
  }
  return row;
}

template <class Take>
void forEachRow(const json::Value& head, std::string_view name, Take take) {
  const json::Value* rows = json::findArray(head, name);
  if (!rows) return;
  for (const auto& each : *rows) {
    if (const auto row = readRow(each)) take(*row);
  }
}

}  // namespace

void Steps::add(Instant at, const std::string& key, const Numbers& numbers) {
  auto& rows = steps_[floorTo(at, step_)];
  const auto [row, isNew] = rows.try_emplace(key);
  addTo(row->second, numbers);
  if (isNew) ++rows_;
  while (rows_ > kMostRows && steps_.size() > 1) dropOldest();
}

void Steps::dropOldest() {
  rows_ -= steps_.begin()->second.size();
  steps_.erase(steps_.begin());
}

void Steps::forget(Instant now) {
  const Instant oldest = floorTo(now, step_) - (most_ - 1) * step_;
  while (!steps_.empty() && steps_.begin()->first < oldest) dropOldest();
}

std::vector<Instant> Steps::shown(Instant now) const {
  std::vector<Instant> beginnings;
  const Instant last = floorTo(now, step_);
  for (int i = most_ - 1; i >= 0; --i) beginnings.push_back(last - i * step_);
  return beginnings;
}

const Rows* Steps::at(Instant beginning) const {
  const auto found = steps_.find(beginning);
  return found == steps_.end() ? nullptr : &found->second;
}

void Counts::add(const Row& row) {
  if (row.at == Instant{}) return addTotal(row);
  addMinute(row);
  addQuarter(row);
}

void Counts::addTotal(const Row& row) {
  const auto known = totals_.find(row.key);
  if (known != totals_.end()) {
    addTo(known->second, row.numbers);
  } else if (totals_.size() < kMostTotals) {
    totals_.emplace(row.key, row.numbers);
  }
}

void Counts::forget(Instant now) {
  minutes_.forget(now);
  quarters_.forget(now);
}

std::string encodeRows(const std::vector<Row>& rows) {
  std::string text;
  json::Writer writer(text);
  writer.beginArray();
  for (const auto& row : rows) {
    writer.beginArray().integer(toUnixMillis(row.at)).string(std::string_view(row.key));
    writer.beginArray();
    for (const auto number : row.numbers) writer.integer(number);
    writer.endArray().endArray();
  }
  writer.endArray();
  return text;
}

Counts decodeCounts(std::string_view text, Instant now) {
  Counts counts(now);
  const auto document = json::parse(text);
  if (!document) return counts;
  if (const auto since = json::findInteger(*document, "since")) {
    counts.setSince(fromUnixMillis(*since));
  }
  forEachRow(*document, "minutes", [&](const Row& row) { counts.addMinute(row); });
  forEachRow(*document, "quarters", [&](const Row& row) { counts.addQuarter(row); });
  forEachRow(*document, "totals", [&](const Row& row) { counts.addTotal(row); });
  return counts;
}

}  // namespace rondo::telemetry
