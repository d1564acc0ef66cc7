#include <gtest/gtest.h>

#include "base/base64.h"
#include "openai/captions.h"
#include "openai/form.h"
#include "openai/pcm.h"
#include "openai/speech_dialect.h"
#include "openai/transcript_answer.h"

namespace rondo::openai {
namespace {

using conversation::Sound;
using conversation::Utterance;

// --- Forms ---

std::string fieldsOf(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body += "--b\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" +
            std::string(value) + "\r\n";
  }
  const auto form = readFormBody(body + "--b--", "multipart/form-data; boundary=b");
  return form ? form->fields : form.error().message;
}

TEST(FormTest, NumbersAndBooleansAreWhatTheyAreInJson) {
  EXPECT_EQ(fieldsOf({{"n", "2"}, {"stream", "true"}, {"temperature", "0.5"}}),
            R"({"n":2,"stream":true,"temperature":0.5})");
}

TEST(FormTest, EachFieldThatIsANumberOrABooleanInJsonIsOne) {
  for (const std::string name :
       {"n", "temperature", "speed", "stream", "output_compression", "partial_images"}) {
    EXPECT_EQ(fieldsOf({{name, "2"}}), "{\"" + name + "\":2}");
  }
}

TEST(FormTest, EachFieldThatIsAListIsOne) {
  for (const std::string name : {"include", "timestamp_granularities", "languages", "keywords",
                                 "known_speaker_names", "known_speaker_references"}) {
    EXPECT_EQ(fieldsOf({{name, "a"}}), "{\"" + name + "\":[\"a\"]}");
  }
}

TEST(FormTest, FilesAreWhatHasAFileNameOrIsCalledLikeOne) {
  const auto form = readFormBody(
      "--b\r\nContent-Disposition: form-data; name=\"any\"; filename=\"a\"\r\n\r\n1\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"image[]\"\r\n\r\n2\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n3\r\n--b--",
      "multipart/form-data; boundary=b");
  ASSERT_TRUE(form);
  ASSERT_EQ(form->files.size(), 2U);
  EXPECT_EQ(form->files[0].name, "any");
  EXPECT_EQ(form->files[1].name, "image");
  EXPECT_EQ(form->fields, R"({"prompt":"3"})");
}

TEST(FormTest, NothingButAFormIsOne) {
  const auto form = readFormBody("--b--", "text/plain; boundary=b");
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error().code, "invalid_form");
}

TEST(FormTest, OnlyWhatIsOneIsANumber) {
  EXPECT_EQ(fieldsOf({{"n", "two"}, {"prompt", "7"}}), R"({"n":"two","prompt":"7"})");
  EXPECT_EQ(fieldsOf({{"n", "{\"a\":1}"}}), R"({"n":"{\"a\":1}"})");
}

TEST(FormTest, BracketsMakeALists) {
  EXPECT_EQ(fieldsOf({{"x[]", "a"}, {"x[]", "b"}}), R"({"x":["a","b"]})");
  EXPECT_EQ(fieldsOf({{"x[]", "a"}, {"x", "b"}}), R"({"x":["a","b"]})");
  EXPECT_EQ(fieldsOf({{"[]", "a"}}), R"({"[]":"a"})");
}

TEST(FormTest, OfAFieldThatComesTwiceTheLastCounts) {
  EXPECT_EQ(fieldsOf({{"model", "a"}, {"model", "b"}}), R"({"model":"b"})");
}

TEST(FormTest, NamesAreEscaped) { EXPECT_EQ(fieldsOf({{"a\\\"b", "1"}}), R"({"a\"b":"1"})"); }

// --- Samples ---

Sound sound(std::string type, std::string_view bytes) {
  return {std::move(type), encodeBase64(bytes)};
}

TEST(PcmTest, SamplesComeAsTheyAre) {
  PcmReader reader;
  EXPECT_EQ(reader.read(sound("audio/L16;codec=pcm;rate=16000", "abcd")), "abcd");
  EXPECT_EQ(reader.format().rate, 16000u);
  EXPECT_EQ(reader.read(sound("audio/l16; rate=24000; channels=2", "ef")), "ef");
  EXPECT_EQ(reader.format().channels, 2u);
}

TEST(PcmTest, AWavFileGivesItsSamples) {
  PcmReader reader;
  const std::string wav = wavHead({16000, 2}, 4) + "abcd";
  EXPECT_EQ(reader.read(sound("audio/wav", wav)), "abcd");
  EXPECT_EQ(reader.format().rate, 16000u);
  EXPECT_EQ(reader.format().channels, 2u);
}

TEST(PcmTest, AWavFileWithoutAnEndGivesWhatIsThere) {
  PcmReader reader;
  EXPECT_EQ(reader.read(sound("audio/wav", wavHead({}, std::nullopt) + "abcd")), "abcd");
}

TEST(PcmTest, WhatStandsBehindTheSamplesIsNone) {
  PcmReader reader;
  EXPECT_EQ(reader.read(sound("audio/wav", wavHead({}, 2) + "abLIST")), "ab");
}

TEST(PcmTest, OtherSoundsAreNone) {
  PcmReader reader;
  EXPECT_EQ(reader.read(sound("audio/mp3", "ID3abc")), "");
  EXPECT_EQ(reader.read({"audio/L16", "<>"}), "");
  std::string law = wavHead({}, 2) + "ab";
  law[20] = 7;
  EXPECT_EQ(reader.read(sound("audio/wav", law)), "");
  EXPECT_EQ(reader.read(sound("audio/wav", "RIFF....WAVEfmt \x02")), "");
}

TEST(PcmTest, AHeadIsReadAsItWasWritten) {
  const std::string head = wavHead({24000, 1}, 6);
  EXPECT_EQ(head.size(), 44u);
  EXPECT_EQ(head.substr(4, 4), std::string("\x2A\0\0\0", 4));
  EXPECT_EQ(head.substr(40), std::string("\6\0\0\0", 4));
  EXPECT_EQ(wavHead({}, std::nullopt).substr(40), "\xFF\xFF\xFF\xFF");
}

TEST(SpeechTest, AVoiceMayBeAnObjectWithItsId) {
  const auto read = [](const std::string& voice) {
    return speechDialect().read(R"({"model":"m","input":"a","voice":)" + voice + "}", {});
  };
  const auto sent = read(R"({"id":"voice_x"})");
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->request.speech->voice, "voice_x");
  const auto refused = read(R"({"name":"x"})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().param, "voice.id");
}

TEST(SpeechTest, AStreamHasOneHeadHoweverItsPiecesCome) {
  const auto sent = speechDialect().read(
      R"({"model":"m","input":"a","response_format":"wav","stream_format":"audio"})", {});
  ASSERT_TRUE(sent);
  const auto writer = sent->format->stream({});
  std::string out;
  const std::string wav = wavHead({}, 2) + "cd";
  writer->append(out, {{0, sound("audio/L16", "ab")}});
  writer->append(out, {{0, sound("audio/wav", wav)}});
  writer->appendEnd(out, std::nullopt);
  EXPECT_EQ(out, wavHead({}, std::nullopt) + "abcd");
}

// --- Captions ---

Utterance utterance(std::initializer_list<Utterance::Word> words) { return {"", "", words}; }

std::string captionTexts(const std::vector<Utterance>& utterances) {
  std::string told;
  for (const Caption& caption : captionsOf(utterances)) told += caption.text + '|';
  return told;
}

TEST(CaptionsTest, ASentenceEndsOne) {
  EXPECT_EQ(captionTexts({utterance({{"Hi", 0, 1}, {"there.", 1, 2}, {"You", 2, 3}})}),
            "Hi there.|You|");
}

TEST(CaptionsTest, APauseEndsOne) {
  EXPECT_EQ(captionTexts({utterance({{"a", 0, 1}, {"b", 1.8, 2}, {"c", 2.9, 3}})}), "a b|c|");
}

TEST(CaptionsTest, NoneIsTooLong) {
  EXPECT_EQ(captionTexts({utterance({{"a", 0, 4}, {"b", 4, 7}, {"c", 7, 7.1}})}), "a b|c|");
  const std::string word(41, 'w');
  EXPECT_EQ(captionTexts({utterance({{word, 0, 1}, {word, 1, 2}, {"c", 2, 3}})}),
            word + ' ' + word + "|c|");
}

TEST(CaptionsTest, AnotherSpeakerBeginsAnother) {
  EXPECT_EQ(captionTexts({utterance({{"a", 0, 1}}), utterance({{"b", 1, 2}})}), "a|b|");
}

TEST(CaptionsTest, TimesAreWrittenInFull) {
  const std::vector<Caption> captions{{3725.0625, 3726, "a\nb --> c"}};
  EXPECT_EQ(srtOf(captions), "1\n01:02:05,063 --> 01:02:06,000\na b -> c\n\n");
  EXPECT_EQ(vttOf(captions), "WEBVTT\n\n01:02:05.063 --> 01:02:06.000\na b -> c\n\n");
}

// --- Transcripts ---

TEST(TranscriptTest, SpeakersAreNamedInTheirOrder) {
  conversation::Answer answer;
  for (const char* speaker : {"spk_2", "spk_1", "spk_2"}) {
    answer.events.push_back({0, conversation::TextPiece{"Hi"}});
    answer.events.push_back({0, Utterance{"Hi", speaker, {{"Hi", 0, 1}}}});
  }
  TranscriptStyle style;
  style.form = TranscriptForm::Diarized;
  const auto body = transcriptBody(style, std::move(answer));
  ASSERT_TRUE(body);
  const auto first = body->find(R"("speaker":"A")");
  const auto second = body->find(R"("speaker":"B")");
  EXPECT_LT(first, second);
  EXPECT_NE(body->find(R"("speaker":"A")", second), std::string::npos);
}

TEST(TranscriptTest, TimesThatWereAskedForMustBeThere) {
  TranscriptStyle style;
  style.form = TranscriptForm::Srt;
  conversation::Answer answer{{{0, conversation::TextPiece{"Hi"}}}, std::nullopt};
  EXPECT_EQ(transcriptBody(style, answer).error().code, "no_times");
  EXPECT_EQ(transcriptBody(style, {}), "");
}

}  // namespace
}  // namespace rondo::openai
