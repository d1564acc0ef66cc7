#pragma once

#include <string>
#include <string_view>

#include "gateway/ask.h"
#include "gateway/native_call.h"

// The names under which the pool keeps what it knows of calls to what is stored at Google's, as if
// they were to models. What makes something has quotas of its own, often one a model. A spent one
// must keep nobody from looking at what is there, nor from deleting it, which is what makes room.

namespace rondo::gateway {

// "files" of "files/a:download".
std::string collectionOf(const NativeCall& call);

// Whether it is of Google's OpenAI-compatible endpoints, in whose ids there is no room for
// anybody's mark.
bool isCompatible(const NativeCall& call);

// Whether it makes something: an upload, or a POST to nothing that is there.
bool isMaking(const NativeCall& call);

// Whether it is for the bytes of an upload, to the address that Google has named for them.
bool isBegunUpload(const NativeCall& call);

// What is made: "files", or with a model "interactions of gemini-3.8-flash".
Targets targetsOfMaking(std::string_view collection, std::string_view model = {});

// What has begun to be made: "files begun". Google has let it in, so that it may end though nothing
// more may begin.
Targets targetsOfBegun(std::string_view collection);

// What is there: "files kept".
Targets targetsOfKept(std::string_view collection);

// The model, or the agent, that a body names at its top, as far as it has come: without what stands
// in front of a bare name. Empty where there is none, and for a name that no model of Google's has.
std::string modelNamedIn(std::string_view body);

// The bare name of one of Google's models, however it is written: "models/x", "google/x",
// "projects/p/locations/l/publishers/google/models/x". Empty for a model of somebody else's, or a
// tuned one. Looks into `name`.
std::string_view googleModelIn(std::string_view name);

}  // namespace rondo::gateway
