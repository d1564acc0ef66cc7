#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "fuzz/targets.h"

// The fuzzer's seeds, once each: what it once found stays mended on machines without it.

namespace rondo::fuzz {
namespace {

using Target = void (*)(std::string_view);

int tryAll(const std::filesystem::path& folder, Target target) {
  int tried = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::stringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    target(text.str());
    ++tried;
  }
  return tried;
}

TEST(Corpus, RequestsHold) { EXPECT_GT(tryAll("tests/fuzz/corpus/request", tryRequest), 0); }

TEST(Corpus, RequestsOfAgentsDialectsHold) {
  EXPECT_GT(tryAll("tests/fuzz/corpus/dialect_request", tryDialectRequest), 0);
}

TEST(Corpus, FixturesHoldInEveryDialect) {
  EXPECT_GT(tryAll("tests/fixtures", tryDialectAnswer), 0);
  EXPECT_GT(tryAll("tests/fuzz/corpus/stream", tryDialectAnswer), 0);
}

TEST(Corpus, FormsHold) { EXPECT_GT(tryAll("tests/fuzz/corpus/form", tryForm), 0); }

TEST(Corpus, FramesHold) { EXPECT_GT(tryAll("tests/fuzz/corpus/frames", tryFrames), 0); }

TEST(Corpus, WhatIsStoredHolds) { EXPECT_GT(tryAll("tests/fuzz/corpus/stored", tryStored), 0); }

TEST(Corpus, DocumentsInStringsHold) {
  EXPECT_GT(tryAll("tests/fuzz/corpus/nested", tryNested), 0);
}

TEST(Corpus, SchemasHold) { EXPECT_GT(tryAll("tests/fuzz/corpus/schema", trySchema), 0); }

TEST(Corpus, StreamsHold) { EXPECT_GT(tryAll("tests/fuzz/corpus/stream", tryStream), 0); }

TEST(Corpus, FixturesHoldAsStreams) { EXPECT_GT(tryAll("tests/fixtures", tryStream), 0); }

}  // namespace
}  // namespace rondo::fuzz
