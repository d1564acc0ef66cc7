#include "http/multipart.h"

#include <gtest/gtest.h>

namespace rondo::http {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=b";

std::string part(std::string_view headers, std::string_view bytes) {
  return "--b\r\n" + std::string(headers) + "\r\n\r\n" + std::string(bytes) + "\r\n";
}

std::string field(std::string_view name, std::string_view value) {
  return part("Content-Disposition: form-data; name=\"" + std::string(name) + '"', value);
}

std::string file(std::string_view parameters) {
  return part("Content-Disposition: form-data; name=\"file\"; " + std::string(parameters), "x");
}

constexpr std::string_view kEnd = "--b--\r\n";

// `name=bytes` of each part, or what is wrong.
std::string read(std::string_view body, std::string_view type = kType) {
  const auto form = readForm(body, type);
  if (!form) return form.error().message;
  std::string told;
  for (const FormPart& part : *form) {
    told.append(part.name).append("=").append(part.bytes).append(" ");
  }
  return told;
}

std::string fileNameOf(const std::string& body) {
  const auto form = readForm(body, kType);
  return form ? form->front().fileName : form.error().message;
}

TEST(MultipartTest, PartsComeInTheirOrderWithTheirBytesUntouched) {
  const std::string body =
      field("model", "m") + field("file", "\r\n\r\n-") + field("empty", "") + std::string(kEnd);
  EXPECT_EQ(read(body), "model=m file=\r\n\r\n- empty= ");
}

TEST(MultipartTest, ZeroBytesAreBytes) {
  const std::string bytes("a\0b", 3);
  const std::string body = field("file", bytes) + std::string(kEnd);
  const auto form = readForm(body, kType);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->front().bytes, bytes);
}

TEST(MultipartTest, BytesAreBorrowedFromTheBody) {
  const std::string body = field("file", "abc") + std::string(kEnd);
  const auto form = readForm(body, kType);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->front().bytes.data(), body.data() + body.find("abc"));
}

TEST(MultipartTest, AFormMayHaveNoParts) { EXPECT_EQ(read("--b--"), ""); }

TEST(MultipartTest, WhatStandsAroundTheFormIsNobodys) {
  EXPECT_EQ(read("Hello\r\n" + field("a", "1") + std::string(kEnd) + "--b\r\nrubbish"), "a=1 ");
}

TEST(MultipartTest, BlanksMayFollowABoundary) {
  EXPECT_EQ(read("--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--"), "a=1 ");
}

// --- What only looks like a delimiter ---

TEST(MultipartTest, ABoundaryWithinALineIsTheParts) {
  EXPECT_EQ(read(field("a", "x--b--y") + std::string(kEnd)), "a=x--b--y ");
}

TEST(MultipartTest, ABoundaryThatGoesOnIsTheParts) {
  EXPECT_EQ(read(field("a", "x\r\n--bc\r\ny") + std::string(kEnd)), "a=x\r\n--bc\r\ny ");
  EXPECT_EQ(read("--bc\r\n" + field("a", "1") + std::string(kEnd)), "a=1 ");
}

TEST(MultipartTest, AnotherFormsPartsAreTheParts) {
  const std::string inner = "--c\r\n\r\nx\r\n--c--";
  EXPECT_EQ(read(field("a", inner) + std::string(kEnd)), "a=" + inner + " ");
}

// --- The boundary ---

TEST(MultipartTest, ABoundaryMayBeQuoted) {
  EXPECT_EQ(read(field("a", "1") + std::string(kEnd),
                 "Multipart/Form-Data; charset=utf-8; Boundary=\"b\""),
            "a=1 ");
}

TEST(MultipartTest, AFormNeedsABoundary) {
  EXPECT_EQ(read("--b--", "multipart/form-data"),
            "Invalid form: its content-type names no boundary.");
  EXPECT_EQ(read("--b--", "multipart/form-data; boundary=" + std::string(71, 'b')),
            "Invalid form: its boundary is too long.");
}

TEST(MultipartTest, AFormIsKnownByItsType) {
  EXPECT_TRUE(isForm("multipart/form-data; boundary=x"));
  EXPECT_TRUE(isForm(" MULTIPART/form-data"));
  EXPECT_FALSE(isForm("application/json"));
  EXPECT_FALSE(isForm("multipart/form-data-x"));
}

// --- Names ---

TEST(MultipartTest, QuotesInAFileNameAreEscaped) {
  EXPECT_EQ(fileNameOf(file(R"(filename="a\"b\\;c.wav")") + std::string(kEnd)), R"(a"b\;c.wav)");
}

TEST(MultipartTest, APathOfWindowsKeepsItsBackslashes) {
  EXPECT_EQ(fileNameOf(file(R"(filename="C:\tmp\a.wav")") + std::string(kEnd)), R"(C:\tmp\a.wav)");
}

TEST(MultipartTest, ABareFileNameIsTaken) {
  EXPECT_EQ(fileNameOf(file("filename=a.wav ; x=y") + std::string(kEnd)), "a.wav");
}

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
TEST(MultipartTest, WhatBrowsersEscapeInANameIsToldAsItIs) {
  EXPECT_EQ(fileNameOf(file("filename=\"a%22b%0D%0A.wav\"") + std::string(kEnd)), "a\"b\r\n.wav");
  EXPECT_EQ(fileNameOf(file("filename=\"%41%2522%0d%2\"") + std::string(kEnd)), "%41%2522%0d%2");
  EXPECT_EQ(read(field("a%22", "x") + std::string(kEnd)), "a\"=x ");
}

TEST(MultipartTest, AnExtendedFileNameWins) {
  EXPECT_EQ(fileNameOf(file("filename*=UTF-8'en'na%C3%AFve%zz.wav; filename=\"naive.wav\"") +
                       std::string(kEnd)),
            "na\xC3\xAFve%zz.wav");
  EXPECT_EQ(fileNameOf(file("filename=\"a.wav\"; filename*=rubbish") + std::string(kEnd)), "a.wav");
}

TEST(MultipartTest, AnExtendedFileNameMayEndWithACode) {
  EXPECT_EQ(fileNameOf(file("filename*=UTF-8''%39%2e%c3%aF") + std::string(kEnd)), "9.\xC3\xAF");
}

TEST(MultipartTest, AParameterMayHaveNoValue) {
  EXPECT_EQ(read(part("Content-Disposition: form-data; bare; name=a", "1") + std::string(kEnd)),
            "a=1 ");
}

TEST(MultipartTest, BlanksMayStandInFrontOfAValue) {
  EXPECT_EQ(fileNameOf(file("filename=\t \"a.wav\"") + std::string(kEnd)), "a.wav");
}

TEST(MultipartTest, HeadersAreNamedInAnyCase) {
  const std::string body =
      part(
          "content-type: audio/WAV; x=1\r\nX-More: 1\r\nCONTENT-DISPOSITION: form-data; NAME=f; "
          "FileName=a.wav",
          "x") +
      std::string(kEnd);
  const auto form = readForm(body, kType);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->front().name, "f");
  EXPECT_EQ(form->front().fileName, "a.wav");
  EXPECT_EQ(form->front().contentType, "audio/WAV; x=1");
}

// --- What is refused ---

TEST(MultipartTest, AFormThatEndsEarlyIsRefused) {
  constexpr std::string_view kShort = "Invalid form: it ends before its last boundary.";
  EXPECT_EQ(read(""), kShort);
  EXPECT_EQ(read("{}"), kShort);
  EXPECT_EQ(read("--b"), kShort);
  EXPECT_EQ(read("--b\r\n"), kShort);
  EXPECT_EQ(read(field("a", "1")), kShort);
  EXPECT_EQ(read(field("a", "1") + "--b\r\n"), kShort);
}

TEST(MultipartTest, ALengthThatLiesIsRefused) {
  constexpr std::string_view kHead = "Content-Disposition: form-data; name=a\r\nContent-Length: ";
  EXPECT_EQ(read(part(std::string(kHead) + "3", "abc") + std::string(kEnd)), "a=abc ");
  EXPECT_EQ(read(part(std::string(kHead) + "4", "abc") + std::string(kEnd)),
            "Invalid form: the length of `a` isn't what its part has.");
  EXPECT_EQ(read(part(std::string(kHead) + "3x", "abc") + std::string(kEnd)),
            "Invalid form: a part's length is no number.");
}

TEST(MultipartTest, APartThatIsEncodedIsRefused) {
  const auto encoded = [](std::string_view encoding) {
    return read(part("Content-Disposition: form-data; name=\"file\"\r\n"
                     "Content-Transfer-Encoding: " +
                         std::string(encoding),
                     "QUJD") +
                std::string(kEnd));
  };
  for (const auto* encoding : {"binary", "8bit", "7BIT"}) {
    EXPECT_EQ(encoded(encoding), "file=QUJD ") << encoding;
  }
  for (const auto* encoding : {"base64", "quoted-printable", ""}) {
    EXPECT_EQ(encoded(encoding),
              "Invalid form: the part `file` has a content-transfer-encoding. Send its bytes as "
              "they are.")
        << encoding;
  }
}

TEST(MultipartTest, APartNeedsItsNameAndSoundHeaders) {
  constexpr std::string_view kNoName = "Invalid form: a part has no name.";
  EXPECT_EQ(read(part("Content-Disposition: form-data", "x") + std::string(kEnd)), kNoName);
  EXPECT_EQ(read("--b\r\n\r\nx\r\n--b--"), kNoName);
  EXPECT_EQ(read("--b\r\n--b--"), "Invalid form: a part's headers have no end.");
  EXPECT_EQ(read(part("rubbish", "x") + std::string(kEnd)),
            "Invalid form: a part has a line that is no header.");
}

TEST(MultipartTest, WhatIsBeyondTheBoundsIsRefused) {
  std::string many;
  for (std::size_t i = 0; i < kMaxFormParts; ++i) many += field("a", "1");
  EXPECT_EQ(read(many + std::string(kEnd)).size(), kMaxFormParts * 4);
  EXPECT_EQ(read(many + field("a", "1") + std::string(kEnd)),
            "Invalid form: it has too many parts.");
  EXPECT_EQ(read(field(std::string(kMaxFormNameBytes + 1, 'n'), "1") + std::string(kEnd)),
            "Invalid form: a name is too long.");
  const std::string longer(kMaxFormNameBytes + 1, 'n');
  EXPECT_EQ(read(file("filename=" + longer) + std::string(kEnd)),
            "Invalid form: a name is too long.");
  EXPECT_EQ(read(part("x: " + std::string(kMaxFormHeaderBytes, 'h'), "1") + std::string(kEnd)),
            "Invalid form: a part's headers are too long.");
}

TEST(MultipartTest, WhatReachesTheBoundsIsTaken) {
  const std::string name(kMaxFormNameBytes, 'n');
  EXPECT_EQ(read(field(name, "1") + std::string(kEnd)), name + "=1 ");
  EXPECT_EQ(fileNameOf(file("filename=" + name) + std::string(kEnd)), name);
  const std::string head = "Content-Disposition: form-data; name=a\r\nx: ";
  EXPECT_EQ(read(part(head + std::string(kMaxFormHeaderBytes - head.size(), 'h'), "1") +
                 std::string(kEnd)),
            "a=1 ");
  const std::string boundary(kMaxBoundaryBytes, 'b');
  EXPECT_EQ(read("--" + boundary + "--", "multipart/form-data; boundary=" + boundary), "");
}

}  // namespace
}  // namespace rondo::http
