#include <string>

#include "fuzz/require.h"
#include "fuzz/targets.h"
#include "http/multipart.h"
#include "openai/images_dialect.h"
#include "openai/speech_dialect.h"
#include "openai/transcript_dialect.h"
#include "translation/request_body.h"

namespace rondo::fuzz {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=b";

// Each part lies within the body, behind the one before it.
void checkParts(std::string_view body) {
  const auto form = http::readForm(body, kType);
  if (!form) {
    require(form.error().code == "invalid_form", "a refused form is told so", body);
    return;
  }
  require(form->size() <= http::kMaxFormParts, "a form's parts are bounded", body);
  const char* begin = body.data();
  for (const auto& part : *form) {
    require(!part.name.empty(), "a part has a name", body);
    require(part.bytes.data() >= begin, "parts come one behind the other", body);
    begin = part.bytes.data() + part.bytes.size();
    require(begin <= body.data() + body.size(), "a part lies within the body", body);
  }
}

void readAs(const conversation::Dialect& dialect, std::string_view body,
            std::string_view contentType) {
  const auto sent = dialect.read(body, {{}, contentType});
  if (!sent) {
    require(sent.error().kind == ErrorKind::BadRequest, "a refused request is a 400",
            sent.error().message);
    readOwn(dialect.error(sent.error(), {}).body, "an error is JSON");
    return;
  }
  for (const std::string_view model :
       {"gemini-3.5-transcribe", "gemini-nano-banana-2.1", "gemini-2.5-flash-preview-tts"}) {
    translation::RequestTarget target;
    target.model = model;
    target.family = google::ModelFamily::parse(model);
    const auto translated = translation::translateRequest(sent->request, target);
    if (translated) readOwn(translated->body, "a translated body is JSON");
  }
}

}  // namespace

void tryForm(std::string_view input) {
  checkParts(input);
  for (const auto* dialect : {&openai::transcriptionsDialect(), &openai::translationsDialect(),
                              &openai::imageEditsDialect()}) {
    readAs(*dialect, input, kType);
  }
  for (const auto* dialect :
       {&openai::imagesDialect(), &openai::imageEditsDialect(), &openai::speechDialect()}) {
    readAs(*dialect, input, "application/json");
  }
}

}  // namespace rondo::fuzz
