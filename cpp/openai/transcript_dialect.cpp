#include "openai/transcript_dialect.h"

#include <utility>

#include "openai/media_format.h"
#include "openai/transcript_answer.h"
#include "openai/transcript_request.h"

namespace rondo::openai {
namespace {

using conversation::Sent;
using conversation::TranscriptTask;

class TranscriptFormat : public MediaFormat {
 public:
  explicit TranscriptFormat(TranscriptStyle style)
      : MediaFormat("file", "response_format"), style_(std::move(style)) {}

  std::unique_ptr<conversation::StreamWriter> stream(
      const conversation::AnswerHead&) const override {
    return std::make_unique<TranscriptStream>();
  }

  Result<std::string> whole(const conversation::AnswerHead&,
                            conversation::Answer answer) const override {
    return transcriptBody(style_, std::move(answer));
  }

  std::string_view fieldOf(conversation::Setting setting) const override {
    const bool isList = setting == conversation::Setting::Languages && style_.language.empty();
    return isList ? "languages" : MediaFormat::fieldOf(setting);
  }

  std::string_view wholeType() const override { return transcriptType(style_.form); }

 private:
  TranscriptStyle style_;
};

class TranscriptDialect : public MediaDialect {
 public:
  explicit TranscriptDialect(TranscriptTask task) : task_(task) {}

  Result<Sent> read(std::string_view body, const conversation::BesideBody& beside) const override {
    auto transcript = parseTranscriptRequest(body, beside.contentType, task_);
    if (!transcript) return fail(transcript.error());
    return Sent{std::move(transcript->request),
                std::make_unique<TranscriptFormat>(std::move(transcript->style))};
  }

 private:
  TranscriptTask task_;
};

}  // namespace

const conversation::Dialect& transcriptionsDialect() {
  static const TranscriptDialect dialect(TranscriptTask::Transcribe);
  return dialect;
}

const conversation::Dialect& translationsDialect() {
  static const TranscriptDialect dialect(TranscriptTask::TranslateToEnglish);
  return dialect;
}

}  // namespace rondo::openai
