#include <gtest/gtest.h>

#include "native/translation/translate.h"
#include "translation/answer_translator.h"
#include "translation/languages.h"
#include "translation/media_types.h"
#include "translation/voices.h"

namespace rondo::translation {
namespace {

using conversation::BytesPart;
using conversation::ImageOrder;
using conversation::MediaPart;
using conversation::Request;
using conversation::TranscriptTask;
using conversation::TranscriptTimes;
using google::Backend;

constexpr std::string_view kPainter = "gemini-nano-banana-2.1";
constexpr std::string_view kSpeaker = "gemini-3.8-flash-tts";
constexpr std::string_view kListener = "gemini-3.5-transcribe";

Request saying(std::string_view text) {
  Request request;
  request.model = "m";
  request.turns.push_back({conversation::Role::User, {conversation::TextPart{request.own(text)}}});
  return request;
}

Request hearing(std::string_view bytes) {
  Request request;
  request.model = "m";
  request.transcript.emplace();
  BytesPart file{bytes, {}, "a.wav", "file"};
  request.turns.push_back({conversation::Role::User, {MediaPart(file)}});
  return request;
}

Translated translated(const Request& request, std::string_view model,
                      Backend backend = Backend::Gemini) {
  const auto result = translateRequest(request, targetFor(model, backend));
  EXPECT_TRUE(result) << result.error().message;
  auto body = json::parse(result->body);
  EXPECT_TRUE(body) << result->body;
  return {std::move(*body), result->adjusted};
}

TEST(MediaOrdersTest, WhatIsNoImageIsNotEditedAndWhatMakesNoSoundIsNotHeard) {
  constexpr std::string_view kScript = "#!/bin/sh\necho hello\n";
  auto heard = hearing(kScript);
  std::get<BytesPart>(std::get<MediaPart>(heard.turns[0].parts[0])).name = "a.sh";
  auto edited = heard;
  edited.transcript.reset();
  edited.image.emplace();
  for (const auto& [request, model] : {std::pair(&heard, kListener), {&edited, kPainter}}) {
    const auto refused = translateRequest(*request, targetFor(model, Backend::Gemini));
    ASSERT_FALSE(refused) << model;
    EXPECT_EQ(refused.error().kind, ErrorKind::BadRequest);
    EXPECT_TRUE(refused.error().message.contains("expected here")) << refused.error().message;
  }
}

// --- Images ---

Translated drawn(std::int64_t width, std::int64_t height, std::string_view model = kPainter) {
  Request request = saying("A fox");
  request.image.emplace().size = ImageOrder::Size{width, height};
  return translated(request, model);
}

std::string imageConfig(const Translated& made) { return made.at("/generationConfig/imageConfig"); }

TEST(MediaOrdersTest, AnImageIsAskedForWithTheNearestShape) {
  EXPECT_EQ(imageConfig(drawn(1024, 1024)), R"({"aspectRatio":"1:1"})");
  EXPECT_EQ(imageConfig(drawn(1024, 1536)), R"({"aspectRatio":"2:3"})");
  EXPECT_EQ(imageConfig(drawn(1792, 1024)), R"({"aspectRatio":"16:9"})");
  EXPECT_EQ(imageConfig(drawn(4000, 500)), R"({"aspectRatio":"8:1"})");
  EXPECT_EQ(drawn(1024, 1024).at("/generationConfig/responseModalities"), R"(["IMAGE"])");
}

TEST(MediaOrdersTest, AnotherShapeThanWasAskedForIsTold) {
  EXPECT_EQ(drawn(1024, 1536).adjusted, Words{});
  EXPECT_EQ(drawn(1792, 1024).adjusted, Words{});
  EXPECT_EQ(drawn(1000, 850).adjusted, Words{"size"});
  EXPECT_EQ(imageConfig(drawn(4000, 500, "gemini-2.5-flash-image")), R"({"aspectRatio":"21:9"})");
}

TEST(MediaOrdersTest, ALargeImageIsAskedForWhereThereAreSome) {
  EXPECT_EQ(imageConfig(drawn(2048, 2048)), R"({"aspectRatio":"1:1","imageSize":"2K"})");
  EXPECT_EQ(imageConfig(drawn(4096, 4096)), R"({"aspectRatio":"1:1","imageSize":"4K"})");
  const Translated old = drawn(2048, 2048, "gemini-2.5-flash-image");
  EXPECT_EQ(imageConfig(old), R"({"aspectRatio":"1:1"})");
  EXPECT_EQ(old.adjusted, Words{"size"});
}

TEST(MediaOrdersTest, ASizeIsTheNearestToTheSideOfASquare) {
  const auto sizeOf = [](std::int64_t width, std::int64_t height) {
    return drawn(width, height).at("/generationConfig/imageConfig/imageSize");
  };
  EXPECT_EQ(sizeOf(1448, 1448), "");
  EXPECT_EQ(sizeOf(1449, 1449), R"("2K")");
  EXPECT_EQ(sizeOf(2896, 2896), R"("2K")");
  EXPECT_EQ(sizeOf(2897, 2897), R"("4K")");
  EXPECT_EQ(sizeOf(2048, 1000), "");
}

TEST(MediaOrdersTest, AShapeIsAsFarFromAnotherStandingAsLying) {
  EXPECT_EQ(imageConfig(drawn(1000, 590)), R"({"aspectRatio":"16:9"})");
  EXPECT_EQ(imageConfig(drawn(590, 1000)), R"({"aspectRatio":"9:16"})");
  EXPECT_EQ(imageConfig(drawn(300, 1680)), R"({"aspectRatio":"1:4"})");
}

TEST(MediaOrdersTest, VertexTakesTwoKindsOfImagesAndCompressesOne) {
  const auto of = [](std::string type) {
    Request request = saying("A fox");
    request.image.emplace().mediaType = std::move(type);
    request.image->compression = 80;
    return translated(request, kPainter, Backend::Vertex);
  };
  const Translated png = of("image/png");
  EXPECT_EQ(imageConfig(png), R"({"imageOutputOptions":{"mimeType":"image/png"}})");
  EXPECT_EQ(png.adjusted, Words{"output_compression"});
  const Translated webp = of("image/webp");
  EXPECT_EQ(imageConfig(webp), "");
  EXPECT_EQ(webp.adjusted, (Words{"output_compression", "output_format"}));
}

TEST(MediaOrdersTest, AKindOfImageIsAVertexSetting) {
  Request request = saying("A fox");
  request.image.emplace().mediaType = "image/jpeg";
  request.image->compression = 80;
  EXPECT_EQ(imageConfig(translated(request, kPainter, Backend::Vertex)),
            R"({"imageOutputOptions":{"mimeType":"image/jpeg","compressionQuality":80}})");
  const Translated other = translated(request, kPainter);
  EXPECT_EQ(imageConfig(other), "");
  EXPECT_EQ(other.adjusted, (Words{"output_compression", "output_format"}));
}

TEST(MediaOrdersTest, ASizeThatNoModelMakesIsTold) {
  EXPECT_EQ(drawn(256, 256).adjusted, Words{"size"});
  EXPECT_EQ(drawn(512, 512).adjusted, Words{"size"});
  EXPECT_EQ(drawn(768, 768).adjusted, Words{});
  EXPECT_EQ(drawn(4096, 4096).adjusted, Words{});
  EXPECT_EQ(drawn(8192, 8192).adjusted, Words{"size"});
}

// --- Speech ---

TEST(MediaOrdersTest, SpeechHasItsVoice) {
  Request request = saying("Hello");
  request.speech.emplace().voice = "alloy";
  EXPECT_EQ(
      translated(request, kSpeaker).at("/generationConfig"),
      R"({"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}})");
  request.speech->voice = "voicekey_x";
  EXPECT_EQ(translated(request, kSpeaker).at("/generationConfig/speechConfig/voiceConfig"),
            R"({"voice":"voicekey_x"})");
  request.speech->voice = "voice_x";
  EXPECT_EQ(translated(request, kSpeaker).at("/generationConfig/speechConfig/voiceConfig"),
            R"({"voice":"voice_x"})");
}

TEST(MediaOrdersTest, AChatThatIsSpokenHasItsVoiceAndNoOtherModality) {
  const std::string audio = R"("audio":{"voice":"onyx","format":"wav"})";
  const auto asked = [&audio](const std::string& modalities) {
    return translateFields(R"("modalities":)" + modalities + "," + audio, targetFor(kSpeaker));
  };
  const Translated spoken = asked(R"(["text","audio"])");
  EXPECT_EQ(
      spoken.at("/generationConfig"),
      R"({"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Algenib"}}}})");
  EXPECT_EQ(spoken.adjusted, Words{});
  const Translated drawn = asked(R"(["text","image","audio"])");
  EXPECT_EQ(drawn.at("/generationConfig/responseModalities"), R"(["AUDIO"])");
  EXPECT_EQ(drawn.adjusted, Words{"modalities"});
}

TEST(MediaOrdersTest, HowToSpeakIsToldApartOrInFront) {
  Request request = saying("Hello");
  request.speech.emplace().style = "Whisper";
  EXPECT_EQ(translated(request, kSpeaker).at("/contents/0/parts/0"),
            R"({"text":"Hello","speechMetadata":{"style":"Whisper"}})");
  EXPECT_EQ(translated(request, "gemini-2.5-pro-preview-tts").at("/contents/0/parts/0"),
            R"({"text":"Whisper: Hello"})");
}

Translated recited(const std::string& messages, const RequestTarget& target) {
  return translate(R"({"model":"m","modalities":["text","audio"],"audio":{"voice":"onyx",)"
                   R"("format":"wav"},"messages":[)" +
                       messages + "]}",
                   target);
}

TEST(MediaOrdersTest, TheSystemsWordsTellHowAChatIsSpokenAndAreNotSpoken) {
  const std::string messages = R"({"role":"system","content":"Whisper"},
      {"role":"user","content":"Hi"},{"role":"assistant","content":"Hm"},
      {"role":"user","content":"Hello"})";
  const Translated apart = recited(messages, targetFor(kSpeaker));
  EXPECT_EQ(apart.at("/systemInstruction"), "");
  EXPECT_EQ(apart.at("/contents/0/parts"), R"([{"text":"Hi"}])");
  EXPECT_EQ(apart.at("/contents/2/parts"),
            R"([{"text":"Hello","speechMetadata":{"style":"Whisper"}}])");
  EXPECT_EQ(recited(messages, targetFor("gemini-2.5-pro-preview-tts")).at("/contents/2/parts"),
            R"([{"text":"Whisper: Hello"}])");
  EXPECT_EQ(recited(messages, targetFor("gemini-4-argon")).at("/systemInstruction"),
            R"({"parts":[{"text":"Whisper"}]})");
}

TEST(MediaOrdersTest, AShortTextIsReadAloudInAChatTooOnceItWasTakenForAQuestion) {
  auto target = targetFor(kSpeaker);
  const std::string messages = R"({"role":"user","content":"hi"})";
  const Translated bare = recited(messages, target);
  EXPECT_EQ(bare.at("/contents/0/parts"), R"([{"text":"hi"}])");
  EXPECT_TRUE(bare.uses.features.has(google::Feature::BareSpeech));
  target.limits.refused.insert(google::Feature::BareSpeech);
  EXPECT_EQ(recited(messages, target).at("/contents/0/parts/0/speechMetadata/style"),
            R"("Read the following text aloud, word for word")");
}

TEST(MediaOrdersTest, VoicesOfOpenAIsHaveTheirLikesAtGoogle) {
  EXPECT_EQ(googleVoice("onyx"), "Algenib");
  EXPECT_EQ(googleVoice(" ONYX "), "Algenib");
  for (const std::string name : {"alloy", "ash", "ballad", "cedar", "coral", "echo", "fable",
                                 "marin", "nova", "onyx", "sage", "shimmer", "verse"}) {
    EXPECT_NE(googleVoice(name), name);
  }
  EXPECT_EQ(googleVoice("Puck"), "Puck");
  EXPECT_EQ(googleVoice(""), "Kore");
}

// --- Transcripts ---

TEST(MediaOrdersTest, BytesAreEncodedIntoTheBody) {
  const Translated made = translated(hearing("RIFF....WAVE"), kListener);
  EXPECT_EQ(made.at("/contents/0/parts"),
            R"([{"inlineData":{"mimeType":"audio/wav","data":"UklGRi4uLi5XQVZF"}}])");
}

TEST(MediaOrdersTest, AModelThatTranscribesIsToldNothingInWords) {
  Request request = hearing("fLaC");
  request.transcript->languages = {"en", "pt-PT"};
  request.transcript->words = {"Rondo"};
  request.transcript->hint = "On music.";
  const Translated made = translated(request, kListener);
  EXPECT_EQ(made.at("/systemInstruction"), "");
  EXPECT_EQ(
      made.at("/generationConfig"),
      R"({"audioTranscriptionConfig":{"languageCodes":["en-US","pt-PT"],"customVocabulary":["Rondo"]}})");
  EXPECT_EQ(made.adjusted, Words{"prompt"});
}

TEST(MediaOrdersTest, WordsToExpectGiveWayToTimes) {
  Request request = hearing("fLaC");
  request.transcript->words = {"Rondo"};
  request.transcript->times = TranscriptTimes::Words;
  const Translated made = translated(request, kListener);
  EXPECT_EQ(made.at("/generationConfig/audioTranscriptionConfig"), R"({"wordTimestamp":true})");
  EXPECT_EQ(made.adjusted, Words{"keywords"});
}

TEST(MediaOrdersTest, WordsToExpectGiveWayToSpeakersWhoAreToldWithTimes) {
  Request request = hearing("fLaC");
  request.transcript->words = {"Rondo"};
  request.transcript->speakers = true;
  const Translated made = translated(request, kListener);
  EXPECT_EQ(made.at("/generationConfig/audioTranscriptionConfig"),
            R"({"wordTimestamp":true,"diarization":true})");
  EXPECT_EQ(made.adjusted, Words{"keywords"});
}

TEST(MediaOrdersTest, AGeneralModelIsToldOfLanguagesWordsAndHints) {
  Request request = hearing("fLaC");
  request.transcript->languages = {"fr", "de"};
  request.transcript->words = {"Rondo", "Fugue"};
  request.transcript->hint = "On music.";
  const Translated made = translated(request, "gemini-3.8-flash");
  const std::string told = made.at("/systemInstruction");
  EXPECT_TRUE(told.contains("Languages: fr-FR, de-DE.")) << told;
  EXPECT_TRUE(told.contains("Words that may be said: Rondo, Fugue.")) << told;
  EXPECT_TRUE(told.contains("how to write it: On music.")) << told;
  EXPECT_EQ(made.adjusted, Words{});
}

TEST(MediaOrdersTest, AGeneralModelIsToldInWords) {
  Request request = hearing("fLaC");
  request.transcript->languages = {"fr"};
  const Translated made = translated(request, "gemini-3.8-flash");
  EXPECT_EQ(made.at("/generationConfig"), "");
  EXPECT_TRUE(made.at("/systemInstruction").contains("word for word"));
  EXPECT_TRUE(made.at("/systemInstruction").contains("fr-FR"));
  request.transcript->task = TranscriptTask::TranslateToEnglish;
  EXPECT_TRUE(
      translated(request, "gemini-3.8-flash").at("/systemInstruction").contains("into English"));
}

TEST(MediaOrdersTest, WhatAModelCannotDoIsRefused) {
  Request timed = hearing("fLaC");
  timed.transcript->times = TranscriptTimes::Words;
  EXPECT_EQ(translateRequest(timed, targetFor("gemini-3.8-flash")).error().param,
            "audioTranscriptionConfig");
  Request spoken = hearing("fLaC");
  spoken.transcript->speakers = true;
  EXPECT_EQ(translateRequest(spoken, targetFor("gemini-3.8-flash")).error().param,
            "audioTranscriptionConfig");
  Request translation = hearing("fLaC");
  translation.transcript->task = TranscriptTask::TranslateToEnglish;
  EXPECT_EQ(translateRequest(translation, targetFor(kListener)).error().param, "model");
}

TEST(MediaOrdersTest, AFileOfAnUnknownKindIsRefused) {
  Request request = hearing("xyz");
  std::get<BytesPart>(std::get<MediaPart>(request.turns[0].parts[0])).name = "a";
  EXPECT_EQ(translateRequest(request, targetFor(kListener)).error().param, "file");
}

TEST(MediaOrdersTest, LanguagesGetTheirUsualRegion) {
  EXPECT_EQ(spokenLanguage("en"), "en-US");
  EXPECT_EQ(spokenLanguage(" DE "), "de-DE");
  EXPECT_EQ(spokenLanguage("en-GB"), "en-GB");
  EXPECT_EQ(spokenLanguage("tlh"), "tlh");
}

TEST(MediaTypesOfBytesTest, FilesAreKnownByTheirFirstBytes) {
  using namespace std::string_view_literals;
  EXPECT_EQ(mimeTypeOfBytes("\x89PNG\r\n\x1a\n"), "image/png");
  EXPECT_EQ(mimeTypeOfBytes("\xFF\xD8\xFF\xE0"), "image/jpeg");
  EXPECT_EQ(mimeTypeOfBytes("RIFF\x01\0\0\0WEBPVP8 "sv), "image/webp");
  EXPECT_EQ(mimeTypeOfBytes("RIFF\x01\0\0\0WAVEfmt "sv), "audio/wav");
  EXPECT_EQ(mimeTypeOfBytes("FORM\0\0\0\1AIFFCOMM"sv), "audio/aiff");
  EXPECT_EQ(mimeTypeOfBytes("\0\0\0\x20"
                            "ftypM4A "sv),
            "audio/m4a");
  EXPECT_EQ(mimeTypeOfBytes("\0\0\0\x20"
                            "ftypheic"sv),
            "image/heic");
  EXPECT_EQ(mimeTypeOfBytes("\xFF\xFB\x90"), "audio/mp3");
  EXPECT_EQ(mimeTypeOfBytes("\xFF\xF1\x50"), "audio/aac");
  EXPECT_EQ(mimeTypeOfBytes("\xFF"), "");
  EXPECT_EQ(mimeTypeOfBytes(""), "");
  EXPECT_EQ(mimeTypeOfBytes("hello"), "");
}

// --- Answers ---

std::string endOf(Wanted wanted, std::string_view answer) {
  AnswerContext context;
  context.wanted = wanted;
  AnswerTranslator translator(std::move(context), nullptr);
  json::Document document;
  EXPECT_TRUE(document.tryRead(answer));
  auto read = google::readAnswer(document.root());
  translator.feed(std::get<google::Answer>(std::move(read)));
  const auto end = translator.finish(AnswerForm::Whole);
  return end ? "good" : end.error().code;
}

std::string candidate(std::string_view parts, std::string_view reason = "STOP") {
  return R"({"candidates":[{"content":{"parts":[)" + std::string(parts) + R"(]},"finishReason":")" +
         std::string(reason) + R"("}]})";
}

constexpr std::string_view kImage = R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})";
constexpr std::string_view kSound = R"({"inlineData":{"mimeType":"audio/L16","data":"AAAA"}})";

TEST(WantedTest, AnImageMustBeThere) {
  EXPECT_EQ(endOf(Wanted::Image, candidate(kImage)), "good");
  EXPECT_EQ(endOf(Wanted::Image, candidate(R"({"text":"No."})")), "no_image");
  EXPECT_EQ(endOf(Wanted::Image, candidate("", "NO_IMAGE")), "no_image");
  EXPECT_EQ(endOf(Wanted::Image, candidate("", "IMAGE_OTHER")), "no_image");
  EXPECT_EQ(endOf(Wanted::Image, candidate("", "IMAGE_SAFETY")), "moderation_blocked");
  EXPECT_EQ(endOf(Wanted::Image, R"({"promptFeedback":{"blockReason":"SAFETY"}})"),
            "moderation_blocked");
}

TEST(WantedTest, SpeechMustBeThereAndWhole) {
  EXPECT_EQ(endOf(Wanted::Sound, candidate(kSound)), "good");
  // A chat may say something else, or be cut off, which its finish tells.
  EXPECT_EQ(endOf(Wanted::Spoken, candidate(kSound)), "good");
  EXPECT_EQ(endOf(Wanted::Spoken, candidate(R"({"text":"Hello"})")), "good");
  EXPECT_EQ(endOf(Wanted::Spoken, candidate(kSound, "MAX_TOKENS")), "good");
  EXPECT_EQ(endOf(Wanted::Spoken, candidate("")), "empty_answer");
  EXPECT_EQ(endOf(Wanted::Sound, candidate(R"({"text":"Hello"})")), "no_audio");
  EXPECT_EQ(endOf(Wanted::Sound, candidate("", "OTHER")), "no_audio");
  EXPECT_EQ(endOf(Wanted::Sound, candidate(kSound, "OTHER")), "incomplete_answer");
  EXPECT_EQ(endOf(Wanted::Sound, candidate(kSound, "MAX_TOKENS")), "output_cut_off");
  EXPECT_EQ(endOf(Wanted::Sound, candidate(kSound, "SAFETY")), "moderation_blocked");
}

TEST(WantedTest, ATranscriptMayBeEmptyWhenItIsWhole) {
  EXPECT_EQ(endOf(Wanted::Transcript, candidate("{}")), "good");
  EXPECT_EQ(endOf(Wanted::Transcript, candidate("{}", "OTHER")), "empty_answer");
  EXPECT_EQ(endOf(Wanted::Transcript, candidate(R"({"text":"Hi"})", "OTHER")), "incomplete_answer");
  EXPECT_EQ(endOf(Wanted::Transcript, candidate(R"({"text":"Hi"})", "MAX_TOKENS")),
            "output_cut_off");
  EXPECT_EQ(endOf(Wanted::Transcript, candidate(R"({"text":"Hi"})", "RECITATION")),
            "moderation_blocked");
  EXPECT_EQ(endOf(Wanted::Transcript, R"({"promptFeedback":{"blockReason":"OTHER"}})"),
            "moderation_blocked");
  EXPECT_EQ(endOf(Wanted::Anything, candidate("{}")), "empty_answer");
}

TEST(WantedTest, TranscriptsTellTheirWordsTimes) {
  AnswerContext context;
  context.wanted = Wanted::Transcript;
  AnswerTranslator translator(std::move(context), nullptr);
  json::Document document;
  const std::string text = candidate(
      R"({"audioTranscription":{"text":"Hi.","speakerLabel":"spk_1","words":[)"
      R"({"word":"Hi.","startOffset":"1.250s","endOffset":"1s"},{"word":"x","endOffset":"9s"}]}},)"
      R"({"audioTranscription":{"text":"You."}})");
  ASSERT_TRUE(document.tryRead(text));
  auto read = google::readAnswer(document.root());
  const auto events = translator.feed(std::get<google::Answer>(std::move(read)));
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(std::get<conversation::TextPiece>(events[0].what).text, "Hi.");
  const auto& first = std::get<conversation::Utterance>(events[1].what);
  EXPECT_EQ(first.speaker, "spk_1");
  ASSERT_EQ(first.words.size(), 1u);
  EXPECT_DOUBLE_EQ(first.words[0].start, 1.25);
  EXPECT_DOUBLE_EQ(first.words[0].end, 1.25);
  EXPECT_EQ(std::get<conversation::TextPiece>(events[2].what).text, " You.");
}

}  // namespace
}  // namespace rondo::translation
