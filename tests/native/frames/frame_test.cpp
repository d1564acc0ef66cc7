#include "frames/frame.h"

#include <gtest/gtest.h>

#include <string_view>

namespace rondo::frames {
namespace {

using namespace std::string_view_literals;

TEST(Frame, AFrameIsReadAsItWasWritten) {
  const std::string bytes = writeFrame({{"do", "get"}}, "b\0dy"sv);
  EXPECT_EQ(bytes, "\x0c\0\0\0{\"do\":\"get\"}b\0dy"sv);
  const auto frame = readFrame(bytes);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->head, json::Value({{"do", "get"}}));
  EXPECT_EQ(frame->body, "b\0dy"sv);
}

TEST(Frame, WhatIsNoFrameIsBroken) {
  for (const std::string_view bytes :
       {""sv, "\2\0\0"sv, "\3\0\0\0{}"sv, "\2\0\0\0[]"sv, "\2\0\0\0{,"sv}) {
    const auto frame = readFrame(bytes);
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().kind, ErrorKind::Broken);
  }
}

}  // namespace
}  // namespace rondo::frames
