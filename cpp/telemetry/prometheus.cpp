#include "telemetry/prometheus.h"

#include "telemetry/labels.h"
#include "telemetry/recorder.h"

namespace rondo::telemetry {
namespace {

void appendEscaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '"': out += "\\\""; break;
      case '\n': out += "\\n"; break;
      default: out += c;
    }
  }
}

// Without the library's way to write doubles, whose tables are as large as all of this folder.
std::string secondsOf(std::uint64_t millis) {
  std::string text = std::to_string(millis / 1000);
  std::string fraction = std::to_string(1000 + millis % 1000).substr(1);
  while (fraction.ends_with('0')) fraction.pop_back();
  return fraction.empty() ? text : text + "." + fraction;
}

// The rows of one kind, each as the parts of its key and its numbers.
template <class See>
void forEachOf(const Counts& counts, std::string_view kind, See see) {
  const auto& rows = counts.totals();
  const std::string prefix = std::string(kind) + "\t";
  for (auto row = rows.lower_bound(prefix); row != rows.end() && row->first.starts_with(prefix);
       ++row) {
    see(splitKey(row->first), row->second);
  }
}

void writeRequests(PrometheusWriter& writer, const Counts& counts) {
  writer.begin("rondo_requests_total", "counter", "Requests of clients that are over.");
  forEachOf(counts, kind::kRequests, [&](const auto& parts, const Numbers& numbers) {
    if (parts.size() != 5) return;
    writer.sample(
        {{"model", parts[1]}, {"client", parts[2]}, {"status", parts[3]}, {"operation", parts[4]}},
        at(numbers, 0));
  });
  writer.begin("rondo_attempts_total", "counter",
               "Calls to a back-end, by how Google's answer was classified.");
  forEachOf(counts, kind::kAttempts, [&](const auto& parts, const Numbers& numbers) {
    if (parts.size() != 4) return;
    writer.sample({{"credential", parts[1]}, {"model", parts[2]}, {"outcome", parts[3]}},
                  at(numbers, 0));
  });
}

void writeWords(PrometheusWriter& writer, const Counts& counts, std::string_view kind,
                std::string_view name, std::string_view label, std::string_view help) {
  writer.begin(name, "counter", help);
  forEachOf(counts, kind, [&](const auto& parts, const Numbers& numbers) {
    if (parts.size() == 2) writer.sample({{label, parts[1]}}, at(numbers, 0));
  });
}

void writeTokens(PrometheusWriter& writer, const Counts& counts) {
  writer.begin("rondo_tokens_total", "counter", "Tokens that Google counted.");
  forEachOf(counts, kind::kModel, [&](const auto& parts, const Numbers& numbers) {
    if (parts.size() != 2) return;
    writer.sample({{"model", parts[1]}, {"direction", "input"}}, at(numbers, Place::kPromptTokens));
    writer.sample({{"model", parts[1]}, {"direction", "output"}},
                  at(numbers, Place::kCompletionTokens));
  });
}

void writeHistogram(PrometheusWriter& writer, const Counts& counts, std::string_view kind,
                    std::string_view name, std::size_t place, std::size_t sum,
                    std::string_view help) {
  writer.begin(name, "histogram", help);
  forEachOf(counts, kind, [&](const auto& parts, const Numbers& numbers) {
    if (parts.size() == 2) writer.histogram(kind, parts[1], numbers, place, sum);
  });
}

}  // namespace

void PrometheusWriter::begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void PrometheusWriter::head(std::string_view suffix, Labels labels) {
  out_.append(name_).append(suffix);
  char before = '{';
  for (const auto& [name, value] : labels) {
    out_ += before;
    out_.append(name).append("=\"");
    appendEscaped(out_, value);
    out_ += '"';
    before = ',';
  }
  if (labels.size() > 0) out_ += '}';
  out_ += ' ';
}

void PrometheusWriter::sample(Labels labels, std::uint64_t number) {
  head({}, labels);
  out_.append(std::to_string(number)).append("\n");
}

void PrometheusWriter::seconds(Labels labels, std::uint64_t millis) {
  head({}, labels);
  out_.append(secondsOf(millis)).append("\n");
}

void PrometheusWriter::histogram(std::string_view label, std::string_view value,
                                 const Numbers& numbers, std::size_t place, std::size_t sum) {
  std::uint64_t upTo = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    upTo += at(numbers, place + i);
    const auto end = i < kBucketEnds.size() ? secondsOf(kBucketEnds[i]) : std::string("+Inf");
    head("_bucket", {{label, value}, {"le", end}});
    out_.append(std::to_string(upTo)).append("\n");
  }
  head("_sum", {{label, value}});
  out_.append(secondsOf(at(numbers, sum))).append("\n");
  head("_count", {{label, value}});
  out_.append(std::to_string(upTo)).append("\n");
}

void writeCounts(PrometheusWriter& writer, const Counts& counts) {
  writeRequests(writer, counts);
  writeWords(writer, counts, kind::kCoolDowns, "rondo_cool_downs_total", "reason",
             "Times that a credential or a model began to rest, or rests longer.");
  writeWords(writer, counts, kind::kMints, "rondo_tokens_minted_total", "outcome",
             "Access tokens asked of Google's token endpoint.");
  writeTokens(writer, counts);
  writeHistogram(writer, counts, kind::kModel, "rondo_request_duration_seconds", Place::kLatency,
                 Place::kLatencySum, "From a request's coming to the end of its answer.");
  writeHistogram(writer, counts, kind::kModel, "rondo_first_byte_seconds", Place::kFirstByte,
                 Place::kFirstByteSum, "From a request's coming to the begin of Google's answer.");
  writeHistogram(writer, counts, kind::kCredential, "rondo_attempt_duration_seconds",
                 Place::kLatency, Place::kLatencySum,
                 "From an attempt's begin to its failure or the begin of Google's answer.");
  writeWords(writer, counts, kind::kKv, "rondo_kv_operations_total", "operation",
             "Operations on the KV namespace.");
  writeWords(writer, counts, kind::kObject, "rondo_object_operations_total", "operation",
             "Calls of the Durable Object POOL.");
}

}  // namespace rondo::telemetry
