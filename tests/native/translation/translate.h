#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "json/value.h"
#include "native/openai/read_request.h"
#include "translation/request_body.h"

namespace rondo::translation {

// A target of the Gemini API: the newest rules unless a model is named.
inline RequestTarget targetFor(std::string_view model = "gemini-4-argon",
                               google::Backend backend = google::Backend::Gemini) {
  RequestTarget target;
  target.backend = backend;
  target.family = google::ModelFamily::parse(model);
  target.credentialKind = "api_key";
  return target;
}

struct Translated {
  json::Value body;
  std::vector<std::string> adjusted;
  google::Uses uses = {};

  // The member that a JSON pointer names, as compact JSON; empty when there is none.
  std::string at(const std::string& pointer) const {
    const json::Value::json_pointer place(pointer);
    return body.contains(place) ? json::dump(body[place]) : "";
  }
};

inline Translated translate(const std::string& request, const RequestTarget& target = targetFor()) {
  const auto result = translateRequest(openai::readRequest(request), target);
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  if (!result) return {};
  auto body = json::parse(result->body);
  EXPECT_TRUE(body) << result->body;
  return {body ? std::move(*body) : json::Value(), result->adjusted, result->uses};
}

// A request of one user message with further members.
inline Translated translateFields(const std::string& fields,
                                  const RequestTarget& target = targetFor()) {
  return translate(openai::withFields(fields), target);
}

inline Translated translateMessages(const std::string& messages,
                                    const RequestTarget& target = targetFor()) {
  return translate(R"({"model":"m","messages":[)" + messages + "]}", target);
}

inline Error translationRefusal(const std::string& messages,
                                const RequestTarget& target = targetFor()) {
  const auto request = openai::readRequest(R"({"model":"m","messages":[)" + messages + "]}");
  const auto result = translateRequest(request, target);
  EXPECT_FALSE(result);
  return result ? Error() : result.error();
}

using Words = std::vector<std::string>;

}  // namespace rondo::translation
