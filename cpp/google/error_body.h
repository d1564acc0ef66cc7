#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace rondo::google {

// One of QuotaFailure's violations.
struct QuotaViolation {
  std::string id;
  std::string metric;
  std::string description;
  std::string value;  // The limit, "10".
  std::string model;
};

struct FieldViolation {
  std::string field;
  std::string description;
};

struct HelpLink {
  std::string description;
  std::string url;
};

// Google's error, read out of whatever it came wrapped in (google/rpc/status.proto and
// google/rpc/error_details.proto in their JSON form). Every field may be empty.
struct ErrorBody {
  enum class Source { None, Plain, Wrapped } source = Source::None;  // None: no error object found.
  int code = 0;
  std::string status;  // "RESOURCE_EXHAUSTED"
  // In the shape of OpenAI's errors, which Google's endpoint for its clients may have: the code or
  // the type, "rate_limit_exceeded", and the field at fault.
  std::string word;
  std::string param;
  std::string message;  // As Google wrote it. Without an error object: the body's plain text.

  std::string reason;
  std::string words;  // The message's ownWords.

  // ErrorInfo's, or the older form's: "RATE_LIMIT_EXCEEDED", "dailyLimitExceeded"
  std::string domain;
  std::map<std::string, std::string, std::less<>> metadata;
  std::optional<Millis> retryDelay;  // RetryInfo's, when above zero.
  std::vector<QuotaViolation> quotas;
  std::vector<FieldViolation> fields;
  std::vector<HelpLink> links;
  enum class Details { None, Some } details = Details::None;

  std::string_view meta(std::string_view key) const {
    const auto entry = metadata.find(key);
    return entry == metadata.end() ? std::string_view() : std::string_view(entry->second);
  }
};

// Never fails. An error inside an error's message is followed ten levels deep; the innermost one
// gives code, status and message, and the details of all are gathered.
ErrorBody readErrorBody(std::string_view body);

}  // namespace rondo::google
