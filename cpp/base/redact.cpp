#include "base/redact.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"

namespace rondo {
namespace {

constexpr std::string_view kBlot = "[redacted]";

// How a secret that Google issues begins. Shorter runs than that are ordinary words.
struct Form {
  std::string_view beginning;
  std::size_t shortest;
};

// API keys, old and new; OAuth clients' secrets; access tokens; refresh tokens, as they are and in
// a form; JWTs.
constexpr std::array<Form, 7> kForms = {{{"AIza", 10},
                                         {"AQ.", 10},
                                         {"GOCSPX-", 10},
                                         {"ya29.", 10},
                                         {"1//0", 10},
                                         {"1%2F%2F0", 14},
                                         {"eyJ", 16}}};

constexpr std::string_view kPemBegin = "-----BEGIN";
constexpr std::string_view kPemEnd = "-----END";
constexpr std::string_view kPemDashes = "-----";
constexpr std::string_view kEncodedAt = "%40";
constexpr std::string_view kProject = "project";

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isLetter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

bool isOneOf(char c, std::string_view others) { return others.find(c) != std::string_view::npos; }

bool isSecretCharacter(char c) {
  return isDigit(c) || (isLetter(c) && static_cast<unsigned char>(c) < 0x80) ||
         isOneOf(c, "-_./+=%");
}

bool isLocalCharacter(char c) { return isDigit(c) || isLetter(c) || isOneOf(c, "._%+-~&"); }

bool isDomainCharacter(char c) { return isDigit(c) || isLetter(c) || isOneOf(c, ".-_"); }

// How far the run of such characters goes from the text's beginning.
template <class Is>
std::size_t runOf(std::string_view text, Is is) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is) - text.begin());
}

// Takes one line apart from left to right. Each character is looked at a few times at most.
class Redaction {
 public:
  explicit Redaction(std::string_view line) : line_(line), lastPemEnd_(line.rfind(kPemEnd)) {}

  std::string run() && {
    while (at_ < line_.size()) {
      if (const auto length = std::max({secretHere(), pemHere(), numberHere()}); length > 0) {
        blot(length);
      } else if (const auto domain = addressHere(); domain > 0) {
        out_.resize(localPart_);
        blot(domain);
      } else {
        copy();
      }
    }
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return line_.substr(at_); }

  void blot(std::size_t length) {
    if (!out_.ends_with(kBlot)) out_ += kBlot;
    at_ += length;
  }

  void copy() {
    const char c = line_[at_];
    if (equalsIgnoringCase(line_.substr(at_, kProject.size()), kProject)) {
      project_ = at_ + kProject.size();
    }
    out_ += c;
    ++at_;
    if (!isLocalCharacter(c)) localPart_ = out_.size();
  }

  std::size_t secretHere() const {
    for (const auto& form : kForms) {
      if (!rest().starts_with(form.beginning)) continue;
      const auto length = runOf(rest(), isSecretCharacter);
      if (length >= form.shortest) return length;
    }
    return 0;
  }

  // Up to its end; without one, everything behind a beginning that a key follows.
  std::size_t pemHere() const {
    if (!rest().starts_with(kPemBegin)) return 0;
    const bool hasEnd = lastPemEnd_ != std::string_view::npos && at_ < lastPemEnd_;
    const auto last = hasEnd ? line_.find(kPemEnd, at_) + kPemEnd.size() : at_ + kPemBegin.size();
    const auto dashes = line_.find(kPemDashes, last);
    if (dashes == std::string_view::npos) return rest().size();
    const auto length = dashes + kPemDashes.size() - at_;
    if (hasEnd) return length;
    constexpr std::size_t kShortestBody = 16;
    const auto body =
        rest().substr(std::min(rest().find_first_not_of(" \\", length), rest().size()));
    return runOf(body, isSecretCharacter) >= kShortestBody ? rest().size() : length;
  }

  std::size_t numberHere() const {
    constexpr std::size_t kLong = 11;
    constexpr std::size_t kLongBehindProject = 6;
    constexpr std::size_t kNear = 16;
    if (!isDigit(line_[at_]) || (at_ > 0 && isDigit(line_[at_ - 1]))) return 0;
    const auto length = runOf(rest(), isDigit);
    const bool isProjects = project_ > 0 && at_ - project_ <= kNear;
    return length >= (isProjects ? kLongBehindProject : kLong) ? length : 0;
  }

  // The '@' of an e-mail address and its domain, whose last label begins with a letter: `model@001`
  // and `package@1.2.3` are none. What stands before it is in the output already.
  std::size_t addressHere() const {
    const auto sign = rest().starts_with('@')          ? 1
                      : rest().starts_with(kEncodedAt) ? kEncodedAt.size()
                                                       : 0;
    if (sign == 0) return 0;
    auto domain = rest().substr(sign);
    domain = domain.substr(0, runOf(domain, isDomainCharacter));
    domain = domain.substr(0, domain.find_last_not_of(".-_") + 1);
    const auto dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || !isLetter(domain[dot + 1])) return 0;
    return sign + domain.size();
  }

  std::string_view line_;
  std::size_t lastPemEnd_;
  std::size_t at_ = 0;
  std::size_t project_ = 0;    // Just behind the word "project", where it came last.
  std::size_t localPart_ = 0;  // In the output: where an e-mail address would begin.
  std::string out_;
};

std::string inOneLine(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') {
      blank = !out.empty();
    } else {
      if (blank) out += ' ';
      blank = false;
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string redact(std::string_view text, std::size_t limit) {
  const auto line = inOneLine(text);
  auto out = Redaction(line).run();
  out.resize(beginningOf(out, limit).size());
  return out;
}

}  // namespace rondo
