#include "credentials/loader.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "credentials/credential_document.h"
#include "credentials/slots.h"
#include "credentials/variable_text.h"
#include "http/url.h"

namespace rondo::credentials {
namespace {

constexpr std::size_t kMostCredentials = 1000;

std::string_view valueOf(const Environment& environment, std::string_view variable) {
  const auto entry = std::ranges::find(environment, variable, &Environment::value_type::first);
  return entry == environment.end() ? std::string_view() : trim(entry->second);
}

class Loading {
 public:
  explicit Loading(const Environment& environment) : environment_(environment) {}

  LoadedCredentials run() && {
    readDefaults();
    auto found = findSlots(environment_);
    std::ranges::move(found.problems, std::back_inserter(loaded_.problems));
    for (const auto& slot : found.slots) {
      add(std::string(slot.variable), readText(slot.value, defaults_));
    }
    readArray();
    settleAliases();
    return std::move(loaded_);
  }

 private:
  void readDefaults() {
    readName("GOOGLE_CLOUD_PROJECT", isProject, defaults_.projectId);
    readName("GOOGLE_CLOUD_LOCATION", isLocation, defaults_.location);
    defaults_.clientId = valueOf(environment_, "OAUTH_CLIENT_ID");
    defaults_.clientSecret = valueOf(environment_, "OAUTH_CLIENT_SECRET");
    // One that is no address doesn't hold (gateway/settings.h): tokens don't come from there.
    if (http::parseOrigin(valueOf(environment_, "OAUTH_TOKEN_URL"))) {
      defaults_.tokenAddress = Defaults::TokenAddress::Overridden;
    }
  }

  void readName(std::string_view variable, bool (*isValid)(std::string_view), std::string& target) {
    const auto value = valueOf(environment_, variable);
    if (value.empty()) return;
    if (isValid(value)) {
      target = value;
    } else {
      loaded_.remarks.push_back(
          {std::string(variable), "is not used: it holds characters that no such name has"});
    }
  }

  void readArray() {
    const auto value = valueOf(environment_, kArrayVariable);
    if (value.empty()) return;
    const auto array = readVariable(value);
    if (!array) return report(std::string(kArrayVariable), array.error());
    if (!array->is_array()) return report(std::string(kArrayVariable), "must be a JSON array");
    for (std::size_t i = 0; i < array->size(); ++i) {
      const auto& element = (*array)[i];
      const auto text = json::asString(element);
      std::string variable(kArrayVariable);
      variable.append("[").append(std::to_string(i)).append("]");
      add(std::move(variable),
          text ? readText(*text, defaults_) : readDocument(element, defaults_));
    }
  }

  void add(std::string variable, Checked<Credential> credential) {
    if (!credential) return report(std::move(variable), std::move(credential.error()));
    const auto count = loaded_.credentials.size();
    const auto [twin, isNew] = places_.emplace(credential->id, count);
    if (!isNew) {
      return report(std::move(variable),
                    "holds the same credential as " + loaded_.credentials[twin->second].variable);
    }
    if (count == kMostCredentials) {
      places_.erase(twin);
      return report(std::move(variable), "is one credential too many: a pool holds 1000");
    }
    credential->variable = std::move(variable);
    loaded_.credentials.push_back(std::move(*credential));
  }

  void settleAliases() {
    std::unordered_map<std::string, const std::string*> variables;  // By the names they took.
    for (const auto& each : loaded_.credentials) variables.emplace(each.id, &each.variable);
    for (auto& each : loaded_.credentials) {
      if (each.alias == each.id) continue;
      const auto [taken, isNew] = variables.emplace(each.alias, &each.variable);
      if (isNew) continue;
      loaded_.remarks.push_back({each.variable, "goes by its id " + each.id +
                                                    ": its alias is a name of " + *taken->second +
                                                    " already"});
      each.alias = each.id;
    }
  }

  void report(std::string variable, std::string fault) {
    loaded_.problems.push_back({std::move(variable), std::move(fault)});
  }

  const Environment& environment_;
  Defaults defaults_;
  LoadedCredentials loaded_;
  std::unordered_map<std::string, std::size_t> places_;  // in loaded_.credentials, by id
};

}  // namespace

LoadedCredentials loadCredentials(const Environment& environment) {
  return Loading(environment).run();
}

}  // namespace rondo::credentials
