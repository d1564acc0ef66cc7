#include "translation/languages.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace rondo::translation {
namespace {

constexpr auto kSpoken = std::to_array<std::string_view>(
    {"af-ZA", "am-ET", "ar-EG", "as-IN", "az-AZ", "be-BY", "bg-BG", "bn-BD", "bs-BA", "ca-ES",
     "cs-CZ", "cy-GB", "da-DK", "de-DE", "el-GR", "en-US", "es-ES", "et-EE", "eu-ES", "fa-IR",
     "fi-FI", "fr-FR", "gl-ES", "gu-IN", "he-IL", "hi-IN", "hr-HR", "hu-HU", "hy-AM", "id-ID",
     "is-IS", "it-IT", "ja-JP", "jv-ID", "ka-GE", "kk-KZ", "km-KH", "kn-IN", "ko-KR", "ky-KG",
     "lo-LA", "lt-LT", "lv-LV", "mk-MK", "ml-IN", "mn-MN", "mr-IN", "ms-MY", "my-MM", "nb-NO",
     "ne-NP", "nl-NL", "or-IN", "pa-IN", "pl-PL", "ps-AF", "pt-BR", "ro-RO", "ru-RU", "si-LK",
     "sk-SK", "sl-SI", "sq-AL", "sr-RS", "sv-SE", "sw-KE", "ta-IN", "te-IN", "tg-TJ", "th-TH",
     "tr-TR", "uk-UA", "ur-PK", "uz-UZ", "vi-VN", "zh-CN", "zu-ZA"});

}  // namespace

std::string spokenLanguage(std::string_view code) {
  code = trim(code);
  const std::string bare = toLower(code);
  const auto known = std::ranges::find_if(kSpoken, [&bare](std::string_view spoken) {
    return spoken.substr(0, spoken.find('-')) == bare;
  });
  return std::string(known == kSpoken.end() ? code : *known);
}

}  // namespace rondo::translation
