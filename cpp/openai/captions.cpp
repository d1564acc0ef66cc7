#include "openai/captions.h"

#include <cmath>
#include <string_view>

namespace rondo::openai {
namespace {

using conversation::Utterance;

constexpr std::size_t kLongestText = 84;  // Bytes: two lines of 42.
constexpr double kLongest = 7;            // Seconds.
constexpr double kPause = 0.8;            // Seconds.

bool endsSentence(std::string_view text) {
  for (const std::string_view mark : {".", "!", "?", "\u3002", "\uFF1F", "\uFF01"}) {
    if (text.ends_with(mark)) return true;
  }
  return false;
}

bool belongsTo(const Caption& caption, const Utterance::Word& word) {
  return !endsSentence(caption.text) && word.start - caption.end <= kPause &&
         word.end - caption.start <= kLongest &&
         caption.text.size() + 1 + word.text.size() <= kLongestText;
}

void appendPadded(std::string& out, std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  if (text.size() < digits) out.append(digits - text.size(), '0');
  out += text;
}

// "00:01:02,345", with a point for WebVTT.
void appendTime(std::string& out, double seconds, char mark) {
  const auto all = static_cast<std::int64_t>(std::llround(seconds * 1000));
  appendPadded(out, all / 3'600'000, 2);
  out += ':';
  appendPadded(out, all / 60'000 % 60, 2);
  out += ':';
  appendPadded(out, all / 1000 % 60, 2);
  out += mark;
  appendPadded(out, all % 1000, 3);
}

// A line with "-->" would be read as times.
void appendText(std::string& out, std::string_view text) {
  for (const char c : text) out += c == '\n' || c == '\r' ? ' ' : c;
  for (auto at = out.find("-->", out.size() - text.size()); at != std::string::npos;
       at = out.find("-->", at)) {
    out.replace(at, 3, "->");
  }
}

void appendCue(std::string& out, const Caption& caption, char mark) {
  appendTime(out, caption.start, mark);
  out += " --> ";
  appendTime(out, caption.end, mark);
  out += '\n';
  appendText(out, caption.text);
  out += "\n\n";
}

}  // namespace

std::vector<Caption> captionsOf(std::span<const Utterance> utterances) {
  std::vector<Caption> captions;
  for (const Utterance& utterance : utterances) {
    bool isFirst = true;
    for (const Utterance::Word& word : utterance.words) {
      if (word.text.empty()) continue;
      if (isFirst || !belongsTo(captions.back(), word)) {
        captions.push_back({word.start, word.end, word.text});
      } else {
        captions.back().text.append(" ").append(word.text);
        captions.back().end = std::max(captions.back().end, word.end);
      }
      isFirst = false;
    }
  }
  return captions;
}

std::string srtOf(std::span<const Caption> captions) {
  std::string out;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    out.append(std::to_string(i + 1)).append("\n");
    appendCue(out, captions[i], ',');
  }
  return out;
}

std::string vttOf(std::span<const Caption> captions) {
  std::string out = "WEBVTT\n\n";
  for (const Caption& caption : captions) appendCue(out, caption, '.');
  return out;
}

}  // namespace rondo::openai
