#include "translation/media_types.h"

#include <gtest/gtest.h>

#include "native/translation/translate.h"

namespace rondo::translation {
namespace {

std::string image(const std::string& url, const std::string& extra = "") {
  return R"({"role":"user","content":[{"type":"image_url","image_url":{"url":")" + url + '"' +
         extra + "}}]}";
}

std::string part(const std::string& message, const RequestTarget& target = targetFor()) {
  return translateMessages(message, target).at("/contents/0/parts/0");
}

std::string userPart(const std::string& content) {
  return R"({"role":"user","content":[)" + content + "]}";
}

TEST(MediaTest, ADataUrlIsInlineData) {
  EXPECT_EQ(part(image("data:image/png;base64,iVBORw0KGgo=")),
            R"({"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}})");
}

TEST(MediaTest, ParametersWhiteSpaceAndTheUrlSafeAlphabetAreTaken) {
  EXPECT_EQ(part(image("data:IMAGE/PNG;charset=utf-8;base64,a-b_ \\n c2")),
            R"({"inlineData":{"mimeType":"image/png","data":"a+b/c2=="}})");
}

TEST(MediaTest, ATypeThatIsMissingIsToldFromTheBytes) {
  EXPECT_EQ(part(image("data:;base64,iVBORw0KGgo=")),
            R"({"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}})");
  EXPECT_EQ(mimeTypeOfData("UklGRhAgMABXRUJQVlA4IA=="), "image/webp");
  EXPECT_EQ(mimeTypeOfData("UklGRhAgMABXQVZFZm10IA=="), "audio/wav");
}

TEST(MediaTest, BrokenBase64IsRefusedAtItsField) {
  for (const auto* url : {"data:image/png;base64,%%%%", "data:image/png;base64,A"}) {
    const Error error = translationRefusal(image(url));
    EXPECT_EQ(error.kind, ErrorKind::BadRequest);
    EXPECT_EQ(error.param, "messages[0].content[0].image_url.url");
  }
}

TEST(MediaTest, ADataUrlMustBeBase64AndComplete) {
  for (const auto* url :
       {"data:image/png,abc", "data:image/png;base64", "data:image/png;base64,"}) {
    EXPECT_EQ(translationRefusal(image(url)).param, "messages[0].content[0].image_url.url") << url;
  }
}

TEST(MediaTest, UrlsOfOtherKindsAreRefused) {
  for (const auto* url : {"ftp://a/b.png", "file:///etc/passwd", "b.png", "https://", "http:"}) {
    EXPECT_EQ(translationRefusal(image(url)).kind, ErrorKind::BadRequest) << url;
  }
}

TEST(MediaTest, AnHttpsImageIsHandedOverWhereTheBackEndFetchesIt) {
  const std::string expected =
      R"({"fileData":{"mimeType":"image/jpeg","fileUri":"https://a.example/b.jpg?x=1"}})";
  EXPECT_EQ(part(image("https://a.example/b.jpg?x=1")), expected);
  EXPECT_EQ(part(image("https://a.example/b.jpg?x=1"),
                 targetFor("gemini-2.5-flash", google::Backend::Vertex)),
            expected);
}

struct Wanted {
  std::string url;
  std::string param;
};

std::vector<Wanted> wanted(const std::string& messages, std::string_view model) {
  const auto request = openai::readWithMessages(messages);
  const auto target = targetFor(model, google::Backend::Gemini);
  std::vector<Wanted> all;
  for (const RemoteMedia& each : mediaToFetch(request, target.webMedia())) {
    all.push_back({each.url, request.pathTo(each.place)});
  }
  return all;
}

TEST(MediaTest, WhatTheBackEndDoesNotFetchIsListedOnceEach) {
  const std::string twice =
      image("https://a.example/b.png") + "," + image("https://a.example/b.png");
  const auto media = wanted(twice, "gemini-2.5-flash");
  ASSERT_EQ(media.size(), 1u);
  EXPECT_EQ(media[0].url, "https://a.example/b.png");
  EXPECT_EQ(media[0].param, "messages[0].content[0].image_url.url");
  EXPECT_TRUE(wanted(twice, "gemini-4-argon").empty());
}

TEST(MediaTest, AUrlThatTellsNoTypeIsFetched) {
  EXPECT_EQ(wanted(image("https://a.example/picture"), "gemini-4-argon").size(), 1u);
}

TEST(MediaTest, PlainHttpIsFetched) {
  EXPECT_EQ(wanted(image("http://a.example/b.png"), "gemini-4-argon").size(), 1u);
}

TEST(MediaTest, WhatWasFetchedIsInlineDataOfTheTypeItCameWith) {
  FetchedMedia media{{"https://a.example/b.png", {"image/webp", "AAAA"}}};
  auto target = targetFor("gemini-2.5-flash");
  target.media = &media;
  EXPECT_EQ(part(image("https://a.example/b.png"), target),
            R"({"inlineData":{"mimeType":"image/webp","data":"AAAA"}})");
}

TEST(MediaTest, WhatWasNotFetchedIsRefused) {
  const Error error =
      translationRefusal(image("https://a.example/b.png"), targetFor("gemini-2.5-flash"));
  EXPECT_EQ(error.param, "messages[0].content[0].image_url.url");
}

TEST(MediaTest, CloudStorageUploadedFilesAndVideoPagesAreFileData) {
  EXPECT_EQ(part(image("gs://bucket/b.webp")),
            R"({"fileData":{"mimeType":"image/webp","fileUri":"gs://bucket/b.webp"}})");
  EXPECT_EQ(
      part(image("https://generativelanguage.googleapis.com/v1beta/files/abc")),
      R"({"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}})");
  EXPECT_EQ(
      part(userPart(
               R"({"type":"video_url","video_url":{"url":"https://www.youtube.com/watch?v=x"}})"),
           targetFor("gemini-2.5-flash")),
      R"({"fileData":{"mimeType":"video/mp4","fileUri":"https://www.youtube.com/watch?v=x"}})");
}

TEST(MediaTest, ASchemeInCapitalsIsGooglesOwnInSmallLetters) {
  EXPECT_EQ(part(image("GS://Bucket/B.webp")),
            R"({"fileData":{"mimeType":"image/webp","fileUri":"gs://Bucket/B.webp"}})");
}

TEST(MediaTest, AHostThatOnlyLooksLikeAVideoPageIsFetched) {
  EXPECT_EQ(wanted(image("https://notyoutube.com/x"), "gemini-4-argon").size(), 1u);
}

TEST(MediaTest, DetailIsTheResolutionOfThePart) {
  EXPECT_EQ(part(image("data:image/png;base64,AAAA", R"(,"detail":"low")")),
            R"({"inlineData":{"mimeType":"image/png","data":"AAAA"},)"
            R"("mediaResolution":{"level":"MEDIA_RESOLUTION_LOW"}})");
  EXPECT_EQ(
      part(image("data:image/png;base64,AAAA", R"(,"detail":"high")"), targetFor("gemini-2.5-pro")),
      R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})");
}

struct AudioCase {
  const char* format;
  const char* type;
};

class AudioTest : public testing::TestWithParam<AudioCase> {};

TEST_P(AudioTest, HasItsMediaType) {
  EXPECT_EQ(
      part(userPart(R"({"type":"input_audio","input_audio":{"data":"AAAA","format":")" +
                    std::string(GetParam().format) + "\"}}")),
      R"({"inlineData":{"mimeType":")" + std::string(GetParam().type) + R"(","data":"AAAA"}})");
}

INSTANTIATE_TEST_SUITE_P(
    Formats, AudioTest,
    testing::Values(AudioCase{"wav", "audio/wav"}, AudioCase{"mp3", "audio/mp3"},
                    AudioCase{"flac", "audio/flac"}, AudioCase{"opus", "audio/ogg"},
                    AudioCase{"audio/x-y", "audio/x-y"}, AudioCase{"pcm16", "audio/pcm"},
                    AudioCase{"webm", "audio/webm"}, AudioCase{"mp4", "audio/mp4"},
                    AudioCase{"mpeg", "audio/mpeg"}, AudioCase{"mpga", "audio/mp3"},
                    AudioCase{"M4A ", "audio/m4a"}, AudioCase{"ogg", "audio/ogg"},
                    AudioCase{"aac", "audio/aac"}, AudioCase{"png", "audio/png"},
                    AudioCase{"odd", "audio/odd"}, AudioCase{"webm;codecs=opus", "audio/webm"},
                    AudioCase{"audio/WAV; rate=16000", "audio/wav"},
                    AudioCase{"audio/x-wav", "audio/wav"}, AudioCase{"video/webm", "audio/webm"},
                    AudioCase{"video/mp4;codecs=mp4a", "audio/mp4"}));

TEST(MediaTest, ASoundInADataUrlIsNoFilm) {
  const auto sound = [](const std::string& type, const std::string& format) {
    return part(userPart(R"({"type":"input_audio","input_audio":{"data":"data:)" + type +
                         R"(;base64,AAAA","format":")" + format + R"("}})"));
  };
  const auto expected = [](const std::string& type) {
    return R"({"inlineData":{"mimeType":")" + type + R"(","data":"AAAA"}})";
  };
  EXPECT_EQ(sound("video/webm;codecs=opus", "wav"), expected("audio/webm"));
  EXPECT_EQ(sound("audio/ogg", "wav"), expected("audio/ogg"));
  EXPECT_EQ(sound("", "mp4"), expected("audio/mp4"));
}

struct TypeCase {
  const char* told;
  const char* known;
};

class GeminiTypeTest : public testing::TestWithParam<TypeCase> {};

TEST_P(GeminiTypeTest, IsTheOneThatGeminiKnowsItBy) {
  EXPECT_EQ(geminiMimeType(GetParam().told), GetParam().known);
}

INSTANTIATE_TEST_SUITE_P(
    Types, GeminiTypeTest,
    testing::Values(
        TypeCase{"image/jpg", "image/jpeg"}, TypeCase{"Image/JPG; q=1", "image/jpeg"},
        TypeCase{"image/png", "image/png"}, TypeCase{"audio/x-m4a", "audio/m4a"},
        TypeCase{"application/x-pdf", "application/pdf"}, TypeCase{"text/html", "text/html"},
        TypeCase{"text/csv;charset=utf-8", "text/csv"}, TypeCase{"text/markdown", "text/plain"},
        TypeCase{"text/x-python", "text/plain"}, TypeCase{"application/json", "text/plain"},
        TypeCase{"application/ld+json", "text/plain"}, TypeCase{"application/x-yaml", "text/plain"},
        TypeCase{"application/xml", "text/xml"}, TypeCase{"image/svg+xml", "text/plain"},
        TypeCase{"application/x-shockwave-flash", "application/x-shockwave-flash"},
        TypeCase{"application/octet-stream", "application/octet-stream"},
        TypeCase{"video/mp4", "video/mp4"}, TypeCase{"", ""}));

class FileNameTest : public testing::TestWithParam<TypeCase> {};

TEST_P(FileNameTest, TellsItsMediaType) {
  EXPECT_EQ(mimeTypeOfName(GetParam().told), GetParam().known);
}

INSTANTIATE_TEST_SUITE_P(
    Names, FileNameTest,
    testing::Values(TypeCase{"a.py", "text/plain"}, TypeCase{"A.MD", "text/plain"},
                    TypeCase{"a.yaml", "text/plain"}, TypeCase{"a.log", "text/plain"},
                    TypeCase{"a.ts", "text/plain"}, TypeCase{"a.json", "text/plain"},
                    TypeCase{"a.toml", "text/plain"}, TypeCase{"a.tar.txt", "text/plain"},
                    TypeCase{".gitignore", "text/plain"}, TypeCase{"a.csv", "text/csv"},
                    TypeCase{"a.html", "text/html"}, TypeCase{"a.xml", "text/xml"},
                    TypeCase{"a.jpg", "image/jpeg"}, TypeCase{"a.jfif", "image/jpeg"},
                    TypeCase{"a.webm", "video/webm"}, TypeCase{"a.weba", "audio/webm"},
                    TypeCase{"a", ""}, TypeCase{"a.b/c", ""}, TypeCase{"a.unheardof", ""},
                    TypeCase{"", ""}));

TEST(MediaTest, ImageJpgIsJpegWhereverItIsTold) {
  const std::string expected = R"({"inlineData":{"mimeType":"image/jpeg","data":"AAAA"}})";
  EXPECT_EQ(part(image("data:image/jpg;base64,AAAA")), expected);
  EXPECT_EQ(part(userPart(R"({"type":"file","file":{"file_data":"data:image/jpg;base64,AAAA"}})")),
            expected);
  EXPECT_EQ(part(userPart(R"({"type":"image","source":
      {"type":"base64","media_type":"image/jpg","data":"AAAA"}})")),
            expected);
  FetchedMedia media{{"https://a.example/b", {"image/jpg", "AAAA"}}};
  auto target = targetFor();
  target.media = &media;
  EXPECT_EQ(part(image("https://a.example/b"), target), expected);
}

std::string file(const std::string& data, const std::string& name) {
  return userPart(R"({"type":"file","file":{"file_data":")" + data + R"(","filename":")" + name +
                  "\"}}");
}

TEST(MediaTest, WhatIsNamedAsTextIsTextUnlessItsBytesTellOtherwise) {
  const std::string text = R"({"inlineData":{"mimeType":"text/plain","data":"AAAA"}})";
  EXPECT_EQ(part(file("AAAA", "a.py")), text);
  EXPECT_EQ(part(file("data:video/mp2t;base64,AAAA", "a.ts")), text);
  EXPECT_EQ(part(file("data:application/octet-stream;base64,AAAA", "a.yaml")), text);
  EXPECT_EQ(part(file("data:application/vnd.ms-excel;base64,AAAA", "a.csv")),
            R"({"inlineData":{"mimeType":"text/csv","data":"AAAA"}})");
  EXPECT_EQ(part(file("data:text/html;base64,AAAA", "a.md")),
            R"({"inlineData":{"mimeType":"text/html","data":"AAAA"}})");
  EXPECT_EQ(part(file("data:application/pdf;base64,JVBERi0=", "a.md")),
            R"({"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}})");
}

TEST(MediaTest, AnAddressThatEndsLikeAProgramTellsNoType) {
  EXPECT_EQ(mimeTypeOfUrl("https://a.example/picture.php?id=1"), "");
  EXPECT_EQ(mimeTypeOfUrl("https://crates.rs"), "");
  EXPECT_EQ(mimeTypeOfUrl("https://a.example/b.PNG?c=.gif"), "image/png");
}

TEST(MediaTest, OfficeDocumentsAreRefusedAtTheirField) {
  for (const auto* name : {"a.docx", "a.XLSX", "a.pptx", "a.doc", "a.xls", "a.ppt", "a.odt"}) {
    const Error error = translationRefusal(file("UEsDBAAA", name));
    EXPECT_EQ(error.kind, ErrorKind::BadRequest) << name;
    EXPECT_EQ(error.param, "messages[0].content[0].file.file_data");
    EXPECT_EQ(error.message,
              "Gemini reads no office documents: send this one as a PDF or as text.");
  }
  for (const auto* type :
       {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
        "application/vnd.oasis.opendocument.text"}) {
    EXPECT_EQ(translationRefusal(file("data:" + std::string(type) + ";base64,UEsDBAAA", "a")).param,
              "messages[0].content[0].file.file_data")
        << type;
  }
  EXPECT_EQ(
      translationRefusal(userPart(R"({"type":"file","file":{"file_id":"gs://bucket/a.docx"}})"))
          .param,
      "messages[0].content[0].file.file_id");
  EXPECT_EQ(translationRefusal(file("https://a.example/a.docx", "")).param,
            "messages[0].content[0].file.file_data");
}

TEST(MediaTest, WhatWasMadeAPdfMayKeepItsOldName) {
  EXPECT_EQ(part(file("data:application/pdf;base64,JVBERi0=", "a.docx")),
            R"({"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}})");
}

std::string images(const std::vector<std::string>& urls) {
  std::string parts;
  for (const std::string& url : urls) {
    parts += std::string(parts.empty() ? "" : ",") + R"({"type":"image_url","image_url":{"url":")" +
             url + "\"}}";
  }
  return userPart(parts);
}

TEST(MediaTest, EachAddressIsWantedOnceAtItsFirstPart) {
  const auto media = wanted(images({"https://a.example/1", "https://a.example/2",
                                    " https://a.example/1", "https://a.example/3"}),
                            "gemini-4-argon");
  ASSERT_EQ(media.size(), 3u);
  EXPECT_EQ(media[0].param, "messages[0].content[0].image_url.url");
  EXPECT_EQ(media[1].param, "messages[0].content[1].image_url.url");
  EXPECT_EQ(media[2].url, "https://a.example/3");
  EXPECT_EQ(media[2].param, "messages[0].content[3].image_url.url");
}

TEST(MediaTest, AFileIsADataUrlOrBareBase64) {
  const std::string expected = R"({"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}})";
  EXPECT_EQ(part(userPart(
                R"({"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0="}})")),
            expected);
  EXPECT_EQ(part(userPart(R"({"type":"file","file":{"file_data":"JVBERi0="}})")), expected);
  EXPECT_EQ(part(userPart(R"({"type":"file","file":{"file_data":"AAAA","filename":"a.csv"}})")),
            R"({"inlineData":{"mimeType":"text/csv","data":"AAAA"}})");
}

TEST(MediaTest, AFileIdIsAnUploadedFile) {
  EXPECT_EQ(part(userPart(R"({"type":"file","file":{"file_id":"files/abc","filename":"a.pdf"}})")),
            R"({"fileData":{"mimeType":"application/pdf",)"
            R"("fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}})");
  EXPECT_EQ(translationRefusal(userPart(R"({"type":"file","file":{"file_id":"file-abc"}})")).param,
            "messages[0].content[0].file.file_id");
}

TEST(MediaTest, AnIdOfAFileThatIsKeptElsewhereIsNoAddress) {
  for (const std::string id : {"file_abc", "file_011CNha8iCJcU1wXNR6q4V8w", "abc", "file-abc"}) {
    const Error error =
        translationRefusal(userPart(R"({"type":"file","file":{"file_id":")" + id + R"("}})"));
    EXPECT_EQ(error.kind, ErrorKind::BadRequest);
    EXPECT_EQ(error.message, "No such File object: " + id + ".");
    EXPECT_EQ(error.param, "messages[0].content[0].file.file_id");
  }
  EXPECT_EQ(translationRefusal(userPart(R"({"type":"file","file":{"file_id":")" +
                                        std::string(200, 'x') + R"("}})"))
                .message,
            "No such File object: " + std::string(100, 'x') + ".");
}

TEST(MediaTest, SeveralPartsKeepTheirOrder) {
  EXPECT_EQ(translateMessages(userPart(R"({"type":"text","text":"a"},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
      {"type":"text","text":"b"})"))
                .at("/contents/0/parts"),
            R"([{"text":"a"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"text":"b"}])");
}

std::string resultWithImage() {
  return R"({"role":"user","content":"go"},
      {"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f"}}]},
      {"role":"tool","tool_call_id":"call_1","content":[{"type":"text","text":"seen"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]})";
}

TEST(MediaTest, AnImageInAResultIsPartOfTheResponseOnNewerModels) {
  EXPECT_EQ(
      translateMessages(resultWithImage()).at("/contents/2/parts"),
      R"([{"functionResponse":{"id":"call_1","name":"f","response":{"output":"seen"},"parts":)"
      R"([{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}])");
}

TEST(MediaTest, AnImageInAResultFollowsTheResponsesOnOlderModels) {
  EXPECT_EQ(
      translateMessages(resultWithImage(), targetFor("gemini-2.5-flash")).at("/contents/2/parts"),
      R"([{"functionResponse":{"name":"f","response":{"output":"seen"}}},)"
      R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}}])");
}

TEST(MediaTest, ASoundInAResultFollowsTheResponsesBesideAnImageThatIsPartOfOne) {
  const auto translated = translateMessages(R"({"role":"user","content":"go"},
      {"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f"}}]},
      {"role":"tool","tool_call_id":"call_1","content":[
        {"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
        {"type":"image_url","image_url":{"url":"data:image/gif;base64,CCCC"}}]})");
  EXPECT_EQ(translated.at("/contents/2/parts"),
            R"([{"functionResponse":{"id":"call_1","name":"f","response":{"output":""},"parts":)"
            R"([{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}},)"
            R"({"inlineData":{"mimeType":"audio/mp3","data":"BBBB"}},)"
            R"({"inlineData":{"mimeType":"image/gif","data":"CCCC"}}])");
}

TEST(MediaTest, WhatWasFetchedIsPartOfAResultByTheTypeItCameWith) {
  const std::string messages = R"({"role":"user","content":"go"},
      {"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f"}}]},
      {"role":"tool","tool_call_id":"call_1","content":[
        {"type":"image_url","image_url":{"url":"https://a.example/b"}}]})";
  auto target = targetFor("gemini-3.8-flash");
  for (const auto& [type, place] :
       {std::pair{"image/webp", "/contents/2/parts/0/functionResponse/parts/0"},
        std::pair{"image/gif", "/contents/2/parts/1"}}) {
    FetchedMedia media{{"https://a.example/b", {type, "AAAA"}}};
    target.media = &media;
    EXPECT_EQ(translateMessages(messages, target).at(place),
              R"({"inlineData":{"mimeType":")" + std::string(type) + R"(","data":"AAAA"}})");
  }
}

TEST(MediaTest, AnAddressIsPartOfAResultWhereTheBackEndKnowsAddressesThere) {
  const std::string messages = R"({"role":"user","content":"go"},
      {"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f"}}]},
      {"role":"tool","tool_call_id":"call_1","content":[
        {"type":"image_url","image_url":{"url":"gs://b/a.png"}}]})";
  const std::string medium = R"({"fileData":{"mimeType":"image/png","fileUri":"gs://b/a.png"}})";
  auto target = targetFor("gemini-3.8-flash");
  target.backend = google::Backend::Vertex;
  EXPECT_EQ(translateMessages(messages, target).at("/contents/2/parts/0/functionResponse/parts/0"),
            medium);
  target.backend = google::Backend::Gemini;
  EXPECT_EQ(translateMessages(messages, target).at("/contents/2/parts/1"), medium);
}

TEST(MediaTest, MediaFollowTheResponsesOnceTheyWereRefusedInOne) {
  auto target = targetFor("gemini-3.8-flash");
  const auto feature = google::Feature::MediaInToolResults;
  EXPECT_TRUE(translateMessages(resultWithImage(), target).uses.features.has(feature));
  target.limits.refused.insert(feature);
  EXPECT_EQ(translateMessages(resultWithImage(), target).at("/contents/2/parts/1"),
            R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})");
}

TEST(MediaTest, AMediaTypeWithACommaIsRefused) {
  const auto error = translationRefusal(R"({"role":"user","content":[{"type":"image","source":
      {"type":"base64","media_type":"image/png,x","data":"AAAA"}}]})");
  EXPECT_EQ(error.message, "Invalid media type: it has a comma.");
  EXPECT_EQ(error.param, "messages[0].content[0].source");
}

}  // namespace
}  // namespace rondo::translation
