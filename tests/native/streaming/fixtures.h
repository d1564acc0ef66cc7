#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

// The cases under tests/fixtures: one folder each, with Google's body as `upstream.sse` or
// `upstream.json`, and what comes of it as `stream.txt` and `completion.json`. A file that is
// missing is not checked.

namespace rondo::fixtures {

inline std::optional<std::string> readFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Fixture {
  std::string name;
  std::string upstream;
  std::optional<std::string> stream;
  std::optional<std::string> completion;
};

inline std::vector<Fixture> all() {
  std::vector<Fixture> fixtures;
  for (const auto& folder : std::filesystem::directory_iterator("tests/fixtures")) {
    const auto path = folder.path();
    auto upstream = readFile(path / "upstream.sse");
    if (!upstream) upstream = readFile(path / "upstream.json");
    if (!upstream) continue;
    fixtures.push_back({path.filename(), *upstream, readFile(path / "stream.txt"),
                        readFile(path / "completion.json")});
  }
  return fixtures;
}

// Those that say what is to come of them, as a stream or as a completion.
inline std::vector<Fixture> allWith(std::optional<std::string> Fixture::* expected) {
  auto fixtures = all();
  std::erase_if(fixtures, [expected](const Fixture& each) { return !(each.*expected); });
  return fixtures;
}

}  // namespace rondo::fixtures
