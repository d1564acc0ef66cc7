#include <array>
#include <map>
#include <span>

#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/send_reply.h"
#include "telemetry/labels.h"
#include "telemetry/names.h"

namespace rondo::gateway {
namespace {

using telemetry::Numbers;
using telemetry::Place;

// A name's numbers, those of each step; empty where nothing was counted.
using Line = std::vector<Numbers>;

struct Column {
  std::string_view name;
  std::size_t place;
};
constexpr std::array<Column, 5> kOfRequests = {{{"requests", Place::kRequests},
                                                {"errors", Place::kErrors},
                                                {"attempts", Place::kAttempts},
                                                {"prompt_tokens", Place::kPromptTokens},
                                                {"completion_tokens", Place::kCompletionTokens}}};
constexpr std::span kOfCredentials = std::span(kOfRequests).subspan(1);

struct Share {
  std::string_view name;
  std::size_t place;
  double share;
};
constexpr std::array<Share, 4> kShares = {{{"latency_p50_ms", Place::kLatency, 0.5},
                                           {"latency_p95_ms", Place::kLatency, 0.95},
                                           {"first_byte_p50_ms", Place::kFirstByte, 0.5},
                                           {"first_byte_p95_ms", Place::kFirstByte, 0.95}}};
constexpr std::span kSharesOfCredentials = std::span(kShares).first(2);

void writeLine(json::Writer& writer, const Line& line, std::span<const Column> columns,
               std::span<const Share> shares) {
  writer.beginObject();
  for (const auto& column : columns) {
    writer.key(column.name).beginArray();
    for (const auto& numbers : line) writer.integer(telemetry::at(numbers, column.place));
    writer.endArray();
  }
  for (const auto& each : shares) {
    writer.key(each.name).beginArray();
    for (const auto& numbers : line) {
      const auto value = telemetry::percentile(numbers, each.place, each.share);
      if (value) {
        writer.integer(*value);
      } else {
        writer.null();
      }
    }
    writer.endArray();
  }
  writer.endObject();
}

// What was counted in the steps that are shown, by name.
class Chart {
 public:
  Chart(const telemetry::Steps& steps, Instant now) : steps_(steps), shown_(steps.shown(now)) {}

  const std::vector<Instant>& shown() const { return shown_; }

  Line total() const {
    Line line(shown_.size());
    forEach(telemetry::kind::kTotal,
            [&line](std::size_t step, std::string_view, const Numbers& row) { line[step] = row; });
    return line;
  }

  // Isolates may know other names each: of too many the last count as one.
  std::map<std::string_view, Line> by(std::string_view kind) const {
    std::map<std::string_view, Line> lines;
    const std::string prefix = std::string(kind) + "\t";
    forEach(prefix, [&](std::size_t step, std::string_view key, const Numbers& row) {
      auto name = key.substr(prefix.size());
      const bool isFull = lines.size() >= telemetry::Names::kMostNames;
      if (isFull && !lines.contains(name)) name = telemetry::kOther;
      auto& line = lines[name];
      line.resize(shown_.size());
      telemetry::addTo(line[step], row);
    });
    return lines;
  }

 private:
  // Calls `see(step, key, numbers)` for each row whose key begins so.
  template <class See>
  void forEach(std::string_view prefix, See see) const {
    for (std::size_t step = 0; step < shown_.size(); ++step) {
      const auto* rows = steps_.at(shown_[step]);
      if (!rows) continue;
      for (auto row = rows->lower_bound(prefix);
           row != rows->end() && row->first.starts_with(prefix); ++row) {
        see(step, std::string_view(row->first), row->second);
      }
    }
  }

  const telemetry::Steps& steps_;
  std::vector<Instant> shown_;
};

void writeLines(json::Writer& writer, const Chart& chart, std::string_view key,
                std::string_view kind, std::span<const Column> columns,
                std::span<const Share> shares) {
  writer.key(key).beginObject();
  for (const auto& [name, line] : chart.by(kind)) {
    writer.foreignKey(name);
    writeLine(writer, line, columns, shares);
  }
  writer.endObject();
}

}  // namespace

Task<void> countersSeries(Exchange& exchange) {
  const bool isDay = exchange.request.query.span == "day";
  if (!isDay && !exchange.request.query.span.empty() && exchange.request.query.span != "hour") {
    sendError(exchange, badRequest("`span` is neither `hour` nor `day`.", "span"));
    co_return;
  }
  const auto counted =
      co_await countedOf(exchange, isDay ? host::Board::Span::Day : host::Board::Span::Hour);
  const Instant now = exchange.services.host.clock.now();
  const auto& steps = isDay ? counted.counts.quarters() : counted.counts.minutes();
  const Chart chart(steps, now);
  std::string out;
  json::Writer writer(out);
  writer.beginObject();
  writeInstant(writer, "now", now);
  writeScope(writer, counted);
  writer.key("span").string(isDay ? "day" : "hour");
  writer.key("step_ms").integer(std::int64_t{steps.step().count()});
  writer.key("at").beginArray();
  for (const auto at : chart.shown()) writer.string(std::string_view(formatRfc3339(at)));
  writer.endArray();
  writer.key("total");
  writeLine(writer, chart.total(), kOfRequests, kShares);
  writeLines(writer, chart, "by_model", telemetry::kind::kModel, kOfRequests, kShares);
  writeLines(writer, chart, "by_credential", telemetry::kind::kCredential, kOfCredentials,
             kSharesOfCredentials);
  writeLines(writer, chart, "by_client", telemetry::kind::kClient, kOfRequests, kShares);
  writer.endObject();
  sendToOperator(exchange, std::move(out));
}

}  // namespace rondo::gateway
