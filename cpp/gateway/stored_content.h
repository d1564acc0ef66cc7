#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "conversation/dialect.h"
#include "gateway/client_request.h"
#include "gateway/settings.h"
#include "host/held_body.h"
#include "json/document.h"

namespace rondo::gateway {

// Why a request may not name what it names of content that lies at Google's: files in buckets, of
// the Files API, caches. Which of it clients may name is the operator's to say, by STORED_CONTENT
// and by `"stored": false` in a client's key. Nothing when all of it is allowed. Forbidden, with
// the part's path as `param`.
std::optional<Error> refusedContent(const conversation::Sent& sent, const Settings& settings,
                                    const Client& client);

// The field by which a request names the content of which Google's refusal speaks: the one whose
// name stands in its words, else, where it is about such content, the only one. Empty: it is about
// something else, or which one it is can't be told.
std::string fieldOfDenied(const conversation::Request& request,
                          const conversation::AnswerFormat& format, const Error& error);

// How a body that Google reads by itself is written: in its own dialect, or in OpenAI's.
enum class Written { Natively, AsChat };

// The same of such a body, which is read only where not all is allowed. One that can't be read is
// refused, since nobody knows what it names. `held` outlives the task.
Task<std::optional<Error>> refusedContent(host::HeldBody& held, Written written,
                                          const Settings& settings, const Client& client);

// The same of one that is here.
std::optional<Error> refusedContent(std::string_view body, Written written,
                                    const Settings& settings, const Client& client);

// The same of a chat completion that Google reads by itself: whatever it may take for the name of
// something stored counts.
std::optional<Error> refusedContent(const json::Node& chat, const Settings& settings,
                                    const Client& client);

// Whether such a chat completion names anything stored.
bool namesStored(const json::Node& chat);

// The same of a body in Google's own dialect.
bool nativeBodyNamesStored(const json::Node& body);

}  // namespace rondo::gateway
