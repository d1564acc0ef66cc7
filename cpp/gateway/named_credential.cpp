#include "gateway/named_credential.h"

#include <algorithm>

#include "gateway/marked_id.h"
#include "gateway/pool_errors.h"
#include "gateway/resource_name.h"
#include "gateway/stored_content.h"
#include "translation/native_names.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;
using translation::Author;

Error ofTwoCredentials() {
  return badRequest(
      "What this request names at Google's lies with two credentials, and a request goes through "
      "one. Upload or create one of them again.",
      {}, "files_of_two_credentials");
}

// All that carry a credential, taken back to Google's form.
class Names {
 public:
  explicit Names(Exchange& exchange) : exchange_(exchange) {}

  Result<std::optional<std::string>> in(std::string_view body) {
    const auto author =
        isCompatible(exchange_.request.native) ? Author::OpenAiClient : Author::Client;
    auto changed =
        translation::withChangedIds(body, author, [this](std::string_view id) { return take(id); });
    if (fault_) return fail(std::move(*fault_));
    return changed;
  }

 private:
  std::optional<std::string> take(std::string_view id) {
    auto marked = readMarkedId(id);
    if (!marked || fault_) return std::nullopt;
    if (auto gone = goThrough(exchange_, marked->credential); !gone) {
      fault_ = std::move(gone.error());
      return std::nullopt;
    }
    return std::move(marked->id);
  }

  Exchange& exchange_;
  std::optional<Error> fault_;
};

}  // namespace

Error nameNotFound(std::string_view name) {
  constexpr std::size_t kShown = 100;
  return makeError(ErrorKind::NotFound,
                   "`" + std::string(name.substr(0, kShown)) +
                       "` is not found: no credential of this gateway is known to have it. Use the "
                       "name that the gateway gave when it was made, or make it again.",
                   "resource_not_found");
}

Result<void> goThrough(Exchange& exchange, std::string_view credential) {
  const auto& all = exchange.services.pool.credentials();
  const auto found = std::ranges::find(all, credential, &Credential::id);
  if (found == all.end()) return fail(nameNotFound(std::string(kIdMark).append(credential)));
  std::string& pinned = exchange.request.credential;
  if (!pinned.empty() && pinned != found->id) return fail(ofTwoCredentials());
  pinned = found->id;
  return {};
}

Task<Result<std::optional<std::string>>> bodyForGoogle(Exchange& exchange) {
  const NativeCall& call = exchange.request.native;
  const bool isHeld = call.body == NativeCall::Body::Held;
  if (!isHeld || call.marks == NativeCall::Marks::Absent) co_return std::nullopt;
  const auto body = co_await exchange.io.held->read();
  if (!body) co_return std::nullopt;
  const auto text = body->view();
  // Beside the body that is held, the copy of it and what is made of that.
  if (!exchange.io.holdings.hold(3 * text.size())) co_return fail(overloaded());
  auto changed = Names(exchange).in(text);
  exchange.io.holdings.hold(changed && *changed ? 2 * text.size() : text.size());
  co_return changed;
}

Task<std::optional<Error>> contentRefused(Exchange& exchange,
                                          const std::optional<std::string>& body) {
  const auto& settings = exchange.services.settings;
  const Client& client = exchange.request.client;
  const auto written = isCompatible(exchange.request.native) ? Written::AsChat : Written::Natively;
  if (body) co_return refusedContent(*body, written, settings, client);
  co_return co_await refusedContent(*exchange.io.held, written, settings, client);
}

}  // namespace rondo::gateway
