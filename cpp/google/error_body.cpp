#include "google/error_body.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/ascii.h"
#include "google/error_text.h"

namespace rondo::google {
namespace {

constexpr int kMostLevels = 10;

// {"seconds":"12","nanos":5} is the other spelling of a duration; both numbers may be strings.
std::optional<Millis> durationOf(const json::Value& value) {
  if (const auto text = json::asString(value)) return parseDuration(trim(*text));
  if (!value.is_object()) return std::nullopt;
  const auto seconds = parseDuration(textOf(value, "seconds") + "s");
  const auto nanos = json::findInteger(value, "nanos").value_or(0);
  if (nanos < 0 || nanos >= 1'000'000'000) return std::nullopt;
  const auto fraction = std::chrono::ceil<Millis>(std::chrono::nanoseconds(nanos));
  if (!seconds && member(value, "seconds")) return std::nullopt;
  return seconds.value_or(Millis{0}) + fraction;
}

std::string cleanDomain(std::string_view domain) {
  std::string out;
  for (const char c : domain) {
    const bool keeps = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-';
    if (keeps) out += c;
  }
  return out;
}

void readErrorInfo(const json::Value& detail, ErrorBody& into) {
  if (into.reason.empty()) into.reason = trim(textOf(detail, "reason"));
  if (into.domain.empty()) into.domain = cleanDomain(textOf(detail, "domain"));
  const auto* metadata = member(detail, "metadata");
  if (!metadata || !metadata->is_object()) return;
  for (const auto& [key, value] : metadata->items()) {
    into.metadata.emplace(trim(key), textOf(*metadata, trim(key)));
  }
}

void readRetryInfo(const json::Value& detail, ErrorBody& into) {
  const auto* delay = member(detail, "retryDelay");
  if (!delay) return;
  const auto duration = durationOf(*delay);
  if (duration && *duration > Millis{0}) {
    into.retryDelay = std::max(into.retryDelay.value_or(Millis{0}), *duration);
  }
}

void readQuotaFailure(const json::Value& violation, ErrorBody& into) {
  QuotaViolation quota;
  quota.id = textOf(violation, "quotaId");
  quota.metric = textOf(violation, "quotaMetric");
  quota.description = textOf(violation, "description");
  quota.value = textOf(violation, "quotaValue");
  if (const auto* dimensions = member(violation, "quotaDimensions")) {
    quota.model = textOf(*dimensions, "model");
    if (quota.model.empty()) quota.model = textOf(*dimensions, "base_model");
  }
  into.quotas.push_back(std::move(quota));
}

// Calls `read` with each element of the array `name`.
void forEach(const json::Value& object, std::string_view name, ErrorBody& into,
             void (*read)(const json::Value&, ErrorBody&)) {
  const auto* array = member(object, name);
  if (!array || !array->is_array()) return;
  for (const auto& element : *array) read(element, into);
}

void readDetail(const json::Value& detail, ErrorBody& into) {
  const auto type = textOf(detail, "@type");
  if (type.empty()) return;
  into.details = ErrorBody::Details::Some;
  if (type.ends_with(".ErrorInfo")) {
    readErrorInfo(detail, into);
  } else if (type.ends_with(".RetryInfo")) {
    readRetryInfo(detail, into);
  } else if (type.ends_with(".QuotaFailure")) {
    forEach(detail, "violations", into, readQuotaFailure);
  } else if (type.ends_with(".BadRequest")) {
    forEach(detail, "fieldViolations", into, [](const json::Value& each, ErrorBody& body) {
      body.fields.push_back({textOf(each, "field"), textOf(each, "description")});
    });
  } else if (type.ends_with(".Help")) {
    forEach(detail, "links", into, [](const json::Value& each, ErrorBody& body) {
      body.links.push_back({textOf(each, "description"), textOf(each, "url")});
    });
  }
}

int numberOf(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The code of an error in OpenAI's shape, else its type.
std::string wordOf(const json::Value& error) {
  auto code = textOf(error, "code");
  return code.empty() || numberOf(code) != 0 ? textOf(error, "type") : std::move(code);
}

void readErrorObject(const json::Value& error, ErrorBody& into) {
  into.code = numberOf(textOf(error, "code"));
  into.status = textOf(error, "status");
  into.message = textOf(error, "message");
  into.param = textOf(error, "param");
  into.word = wordOf(error);
  forEach(error, "details", into, readDetail);
  if (!into.reason.empty()) return;
  forEach(error, "errors", into, [](const json::Value& each, ErrorBody& body) {
    if (body.reason.empty()) body.reason = trim(textOf(each, "reason"));
  });
}

// The error object in a document, if any: under "error", in an array, or the document itself.
const json::Value* errorIn(const json::Value& document) {
  if (document.is_array()) {
    for (const auto& element : document) {
      if (const auto* error = errorIn(element)) return error;
    }
    return nullptr;
  }
  if (const auto* error = member(document, "error")) {
    return error->is_object() ? error : nullptr;
  }
  return member(document, "code") && member(document, "message") ? &document : nullptr;
}

// The text that a document wraps another one in, if it does.
std::optional<std::string> wrappedIn(const json::Value& document) {
  if (const auto text = json::asString(document)) return std::string(*text);
  const auto* error = member(document, "error");
  const auto text = error ? json::asString(*error) : std::nullopt;
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

// Whether a message is another error, perhaps behind the words of a client library that passed it
// on. One in the middle of a message is something that Google's caller sent, and nobody's
// credential is judged by that.
bool mayWrap(std::string_view message) {
  message = trim(message);
  return message.starts_with('{') || message.starts_with('[') || message.starts_with("got status:");
}

}  // namespace

ErrorBody readErrorBody(std::string_view body) {
  ErrorBody read;
  std::string text(body);
  for (int level = 0; level < kMostLevels; ++level) {
    const auto document = parseLeniently(text);
    if (!document) break;
    if (const auto* error = errorIn(*document)) {
      read.source = read.source == ErrorBody::Source::None ? ErrorBody::Source::Plain
                                                           : ErrorBody::Source::Wrapped;
      readErrorObject(*error, read);
      if (!mayWrap(read.message)) break;
      text = read.message;
    } else if (auto wrapped = wrappedIn(*document)) {
      text = std::move(*wrapped);
    } else {
      break;
    }
  }
  if (read.source == ErrorBody::Source::None) read.message = plainText(text);
  read.words = ownWords(read.message);
  return read;
}

}  // namespace rondo::google
