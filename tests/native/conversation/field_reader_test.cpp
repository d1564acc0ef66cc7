#include "conversation/field_reader.h"

#include <gtest/gtest.h>

namespace rondo::conversation {
namespace {

// Reads `count` objects, each at its own place.
void readObjects(int count, Faults& faults) {
  json::Document document;
  ASSERT_TRUE(document.tryRead("{}"));
  const Path root;
  const Path list(root, "messages");
  for (int i = 0; i < count; ++i) {
    const Path place(list, static_cast<std::size_t>(i));
    const FieldReader object(document.root(), place, faults);
    EXPECT_EQ(static_cast<bool>(object.self()), !faults.any());
  }
}

TEST(FieldReaderTest, FiftyThousandObjectsMayBeRead) {
  Faults faults;
  readObjects(50'000, faults);
  EXPECT_FALSE(faults.any());
}

TEST(FieldReaderTest, OneObjectMoreIsReportedByItsPlace) {
  Faults faults;
  readObjects(50'001, faults);
  ASSERT_TRUE(faults.any());
  EXPECT_EQ(faults.first().param, "messages[50000]");
  EXPECT_EQ(faults.first().code, "array_above_max_length");
}

TEST(FieldReaderTest, TextsThatAreWrittenAnewAreBoundedTogether) {
  Faults faults;
  const Path root;
  const Path title(root, "title");
  EXPECT_TRUE(faults.mayReword(title, 3 * 1024 * 1024));
  EXPECT_TRUE(faults.mayReword(title, 1024 * 1024));
  EXPECT_FALSE(faults.any());
  EXPECT_FALSE(faults.mayReword(title, 1));
  ASSERT_TRUE(faults.any());
  EXPECT_EQ(faults.first().param, "title");
}

}  // namespace
}  // namespace rondo::conversation
