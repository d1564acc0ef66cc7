#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "equality/answer_generator.h"
#include "equality/printing.h"
#include "equality/production.h"
#include "equality/reference_request.h"
#include "equality/reference_schema.h"
#include "equality/reference_stream.h"
#include "equality/request_generator.h"
#include "equality/spelling.h"
#include "native/streaming/fixtures.h"

// Production does what the plain reference does: byte for byte when its input is spelled as
// nlohmann spells it, and saying the same whatever the spelling. A failure names the seed of its
// input; RONDO_EQUALITY_INPUTS says how many inputs of a kind are tried, and RONDO_EQUALITY_SEED
// where to begin.

namespace rondo::equality {
namespace {

// Sanitizers take ten times as long.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kInputs = 10000;
#else
constexpr std::uint64_t kInputs = 100000;
#endif

std::uint64_t variable(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// --- Differences ---

std::string excerpt(const std::string& text, std::size_t at) {
  constexpr std::size_t kBefore = 100;
  constexpr std::size_t kLength = 250;
  const std::size_t begin = at - std::min(at, kBefore);
  if (begin >= text.size()) return "(ends)";
  return (begin > 0 ? "…" : "") + text.substr(begin, kLength) +
         (begin + kLength < text.size() ? "…" : "");
}

testing::AssertionResult areSame(const std::string& production, const std::string& reference,
                                 const std::string& input) {
  if (production == reference) return testing::AssertionSuccess();
  const auto [first, second] = std::ranges::mismatch(production, reference);
  const auto at = static_cast<std::size_t>(first - production.begin());
  return testing::AssertionFailure()
         << "they differ at byte " << at << "\nproduction: " << excerpt(production, at)
         << "\nreference:  " << excerpt(reference, at) << "\ninput:      " << input.substr(0, 2000);
}

constexpr const char* kRefused = "(refused)";

// --- Spellings ---

// As nlohmann spells it. What is no JSON, a refusal or a fault, stays as it is.
std::string respelled(const std::string& json) {
  const Value value = parsed(json);
  return value.is_discarded() ? json : value.dump();
}

// The same for the data of each event.
std::string respelledEvents(const std::string& events) {
  constexpr std::string_view kBegin = "data: ";
  std::string out;
  for (std::size_t at = 0; at < events.size();) {
    const std::size_t end = std::min(events.find('\n', at), events.size());
    const std::string line = events.substr(at, end - at);
    const bool isData = line.starts_with(kBegin);
    out += isData ? "data: " + respelled(line.substr(kBegin.size())) : line;
    if (end < events.size()) out += '\n';
    at = end + 1;
  }
  return out;
}

testing::AssertionResult saySame(const std::string& production, const std::string& reference,
                                 std::string (&respell)(const std::string&),
                                 const std::string& input) {
  if (production == reference) return testing::AssertionSuccess();
  return areSame(respell(production), respell(reference), input);
}

// --- Requests ---

std::string referenceFor(const Value& request, const Target& target) {
  const auto body = request.is_discarded() ? std::nullopt : translate(request, target);
  return body ? printed(*body) : kRefused;
}

// Without its schemas, where the reference doesn't know the rules of one.
std::string withoutSchemas(const std::string& json) {
  Value body = parsed(json);
  if (!body.is_object()) return json;
  const Value::json_pointer declarations("/tools/0/functionDeclarations");
  if (body.contains(declarations)) {
    for (Value& declaration : body[declarations]) {
      declaration.erase("parameters");
      declaration.erase("parametersJsonSchema");
    }
  }
  if (body.contains("generationConfig")) {
    body["generationConfig"].erase("responseSchema");
    body["generationConfig"].erase("responseJsonSchema");
  }
  return body.dump();
}

bool knowsSchemas(const std::string& reference) {
  return reference.find('"' + std::string(kOtherSchema) + '"') == std::string::npos;
}

void comparePlain(const std::string& text, const Target& target, const std::string& reference) {
  const std::string body = production::translate(text, target).value_or(kRefused);
  if (knowsSchemas(reference)) {
    EXPECT_TRUE(areSame(body, reference, text));
  } else {
    EXPECT_TRUE(areSame(withoutSchemas(body), withoutSchemas(reference), text));
  }
}

void compareOdd(const std::string& text, const Target& target, const std::string& reference) {
  const std::string body = production::translate(text, target).value_or(kRefused);
  if (knowsSchemas(reference)) {
    EXPECT_TRUE(saySame(body, reference, respelled, text));
  } else {
    EXPECT_TRUE(areSame(withoutSchemas(body), withoutSchemas(reference), text));
  }
}

TEST(EqualityTest, RequestsBecomeTheSameBody) {
  const std::uint64_t first = variable("RONDO_EQUALITY_SEED", 1);
  const std::uint64_t inputs = variable("RONDO_EQUALITY_INPUTS", kInputs);
  for (std::uint64_t seed = first; seed < first + inputs && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    const Value request = anyRequest(dice);
    const Target target = anyTarget(dice);
    const std::string reference = referenceFor(request, target);
    comparePlain(request.dump(), target, reference);
    if (dice.once(2)) compareOdd(spelled(request, dice), target, reference);
    if (!dice.once(8)) continue;
    const std::string broken = garbled(spelled(request, dice), dice);
    compareOdd(broken, target, referenceFor(parsed(broken), target));
  }
}

TEST(EqualityTest, SeedsOfTheFuzzerBecomeTheSameBody) {
  Dice dice(1);
  for (const auto& entry : std::filesystem::directory_iterator("tests/fuzz/corpus/request")) {
    SCOPED_TRACE(entry.path().string());
    const Value request = parsed(*fixtures::readFile(entry.path()));
    if (request.is_discarded()) continue;
    for (int i = 0; i < 100; ++i) {
      const Target target = anyTarget(dice);
      const std::string reference = referenceFor(request, target);
      comparePlain(request.dump(), target, reference);
      compareOdd(spelled(request, dice), target, reference);
    }
  }
}

// Of the bodies with schemas, the reference must know the rules of most.
TEST(EqualityTest, MostSchemasAreCompared) {
  int known = 0;
  int others = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Dice dice(seed);
    const Value request = anyRequest(dice);
    const std::string body = referenceFor(request, anyTarget(dice));
    for (const char* key :
         {"\"parameters\":{\"type\":\"OBJECT\",\"properties\":", "JsonSchema\":{"}) {
      if (knowsSchemas(body) && body.find(key) != std::string::npos) ++known;
    }
    if (!knowsSchemas(body)) ++others;
  }
  EXPECT_GT(known, 2 * others);
  EXPECT_GT(others, 20);
}

// Most inputs must get through, and many must not.
TEST(EqualityTest, SomeRequestsAreRefused) {
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Dice dice(seed);
    const Value request = anyRequest(dice);
    if (!translate(request, anyTarget(dice))) ++refused;
  }
  EXPECT_GT(refused, 100);
  EXPECT_LT(refused, 1000);
}

// --- Answers ---

std::vector<std::string_view> cutUp(std::string_view body, Dice& dice) {
  const std::size_t longest = dice.of<std::size_t>({1, 7, 60, body.size() + 1});
  std::vector<std::string_view> pieces;
  while (!body.empty()) {
    // Long bodies are not cut into ever so many pieces.
    const std::size_t size = std::min(body.size(), 1 + dice.below(longest) + body.size() / 100);
    pieces.push_back(body.substr(0, size));
    body.remove_prefix(size);
  }
  return pieces;
}

void comparePlain(const std::string& body, const std::string& request, const Shown& reference) {
  const std::string_view whole[] = {body};
  EXPECT_TRUE(areSame(production::stream(request, whole), reference.stream, body));
  EXPECT_TRUE(areSame(production::collect(request, whole), reference.completion, body));
}

void compareCut(const std::string& body, const std::string& request, const Shown& reference,
                Dice& dice) {
  EXPECT_TRUE(areSame(production::stream(request, cutUp(body, dice)), reference.stream, body));
  EXPECT_TRUE(areSame(production::collect(request, cutUp(body, dice)), reference.completion, body));
}

void compareOdd(const std::string& body, const std::string& request, const Shown& reference,
                Dice& dice) {
  const auto pieces = cutUp(body, dice);
  EXPECT_TRUE(
      saySame(production::stream(request, pieces), reference.stream, respelledEvents, body));
  EXPECT_TRUE(saySame(production::collect(request, pieces), reference.completion, respelled, body));
}

TEST(EqualityTest, AnswersBecomeTheSameStreamAndCompletion) {
  const std::uint64_t first = variable("RONDO_EQUALITY_SEED", 1);
  const std::uint64_t inputs = variable("RONDO_EQUALITY_INPUTS", kInputs);
  for (std::uint64_t seed = first; seed < first + inputs && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    const Value request = anyAskingRequest(dice);
    const std::string text = request.dump();
    const std::vector<Value> answer = anyAnswer(dice);
    const std::string plain = plainBody(answer);
    const Shown reference = show(plain, settingOf(request));
    comparePlain(plain, text, reference);
    // A cut matters to the framing alone, which has seen most of it before long.
    if (dice.once(6)) compareCut(plain, text, reference, dice);
    if (dice.once(4)) compareOdd(oddBody(answer, dice), text, reference, dice);
    if (!dice.once(8)) continue;
    const std::string broken = garbled(oddBody(answer, dice), dice);
    compareOdd(broken, text, show(broken, settingOf(request)), dice);
  }
}

TEST(EqualityTest, FixturesBecomeTheSameStreamAndCompletion) {
  const auto fixtures = fixtures::all();
  EXPECT_FALSE(fixtures.empty());
  for (const auto& fixture : fixtures) {
    SCOPED_TRACE(fixture.name);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      Dice dice(seed);
      const Value request = anyAskingRequest(dice);
      const Shown reference = show(fixture.upstream, settingOf(request));
      comparePlain(fixture.upstream, request.dump(), reference);
      compareCut(fixture.upstream, request.dump(), reference, dice);
    }
  }
}

// Most answers must get through, and many must not.
TEST(EqualityTest, SomeAnswersAreFaults) {
  int faults = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Dice dice(seed);
    const Value request = anyAskingRequest(dice);
    const std::string body = plainBody(anyAnswer(dice));
    if (show(body, settingOf(request)).completion.starts_with("fault")) ++faults;
  }
  EXPECT_GT(faults, 100);
  EXPECT_LT(faults, 1000);
}

}  // namespace
}  // namespace rondo::equality
