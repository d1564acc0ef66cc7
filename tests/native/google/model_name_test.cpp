#include "google/model_name.h"

#include <gtest/gtest.h>

namespace rondo::google {
namespace {

TEST(ModelName, LosesGooglesPrefixesAndTheBlanksAroundIt) {
  for (const auto* name : {"gemini-3.8-flash", "models/gemini-3.8-flash", "google/gemini-3.8-flash",
                           "publishers/google/models/gemini-3.8-flash",
                           " google/models/gemini-3.8-flash\n", "models/ gemini-3.8-flash"}) {
    EXPECT_EQ(plainModelName(name), "gemini-3.8-flash") << name;
  }
}

TEST(ModelName, OfSomebodyElsesStaysAsItIs) {
  EXPECT_EQ(plainModelName("anthropic/claude"), "anthropic/claude");
  EXPECT_EQ(plainModelName("tunedModels/mine"), "tunedModels/mine");
}

TEST(ModelName, MayBeNothingButPrefixes) {
  EXPECT_EQ(plainModelName("models/"), "");
  EXPECT_EQ(plainModelName("  "), "");
}

}  // namespace
}  // namespace rondo::google
