#pragma once

#include <cstdint>

// The whole boundary between the module and the worker. worker/core/abi.ts is its other side, and
// tests/boundary/abi.test.ts compares both with the built module.
//
// Frame: length of the head | the head, a JSON object | the body, raw bytes.
// Texts: how many | the length of each | the texts, UTF-8. What every request needs is told so,
// since JSON costs more than all that its head has to tell. A text that says nothing is empty.
// Numbers in both are u32, little-endian; lengths are in bytes.
//
// Buffers from the worker are filled in memory from `rondo_alloc` and belong to the module once
// handed over. Buffers to the worker are valid during the call only. An import never calls back
// into the module before it has returned.
//
// `req` names a client's request and is chosen by the worker. `op` names one pending piece of I/O
// of that request and is chosen by the module; the worker answers it once, by `rondo_complete`, in
// a promise of that very request. An answer to an op that is gone is ignored.

namespace rondo::wasm {

// How an op ended.
enum class OpStatus : std::int32_t {
  Ok = 0,
  Failed = 1,  // The bytes are a message for people.
  None = 2,    // No such key; the end of a body; a wait that is over.
  Last = 3,    // Ok, and the bytes are the last of a body: there is nothing to read behind them.
};

extern "C" {

// --- Exports ---------------------------------------------------------------------------------

// Its name is the version of all that stands here.
[[clang::export_name("rondo_abi_v5")]] void rondo_abi_v5();

// Nothing (0) when memory is out.
[[clang::export_name("rondo_alloc")]] void* rondo_alloc(std::uint32_t size);
[[clang::export_name("rondo_free")]] void rondo_free(void* buffer);

// Once, before the first request. Head:
// {"vars":{"NAME":"text"},"kv":true,"pool":true,"store":true,"cache":true,"points":true}; no body.
[[clang::export_name("rondo_configure")]] void rondo_configure(std::uint8_t* frame,
                                                               std::uint32_t size);

// Texts + the client's body. The texts are: operation, id, "off" for no fallback, the client's
// name, "denied" for no stored content, how many models it may use (0: all), those, and then a name
// and a value for each parameter. Of a body that the worker holds only the beginning is here.
[[clang::export_name("rondo_request")]] void rondo_request(std::uint32_t req, std::uint8_t* bytes,
                                                           std::uint32_t size);

// `bytes` may be null when `size` is 0.
[[clang::export_name("rondo_complete")]] void rondo_complete(std::uint32_t op, OpStatus status,
                                                             std::uint8_t* bytes,
                                                             std::uint32_t size);

// What is to be written.
struct Output {
  const void* bytes;
  std::uint32_t size;
};

// The next bytes of a body that is piped under `op`; they stay the worker's. Gives what is to go to
// the client, valid until the next call; null when nothing more of the body is wanted.
[[clang::export_name("rondo_feed")]] const Output* rondo_feed(std::uint32_t op,
                                                              const std::uint8_t* bytes,
                                                              std::uint32_t size);

// Why a conversation may not take `{"items":[…]}`: null when it may, or else texts, valid until the
// next call: a message for people, the field, and a code.
[[clang::export_name("rondo_judge_items")]] const Output* rondo_judge_items(std::uint8_t* list,
                                                                            std::uint32_t size);

// The client is gone: drops the request with all it waits for.
[[clang::export_name("rondo_cancel")]] void rondo_cancel(std::uint32_t req);

// Ops that wait for an answer, over all requests.
[[clang::export_name("rondo_open_ops")]] std::uint32_t rondo_open_ops();

// --- Imports ---------------------------------------------------------------------------------

#define RONDO_IMPORT(name) [[clang::import_module("rondo"), clang::import_name(name)]]

// Texts: method, URL, how many milliseconds it may take, "judged" and a host, "held" to send the
// client's body that the worker holds in place of `body`, and then name and value of each header
// field. Where somebody else named the address, it was judged by its host: the
// fetch fails unless that is whom the runtime would call. Answered with texts as soon as the head
// is there: status, and name and value of the few fields that matter (call.ts); the answer's body
// is then read by `op` as its name.
RONDO_IMPORT("fetch")
void host_fetch(std::uint32_t req, std::uint32_t op, const void* head, std::uint32_t headSize,
                const void* body, std::uint32_t bodySize);

// What `read` is asked for when it is to wait for the whole body.
constexpr std::uint32_t kAllBytes = 0xffff'ffff;

// The next bytes of the body of the fetch `body`, as they come or, with `atLeast`, not before there
// are so many; Last when the body has ended by then, None when there are no more.
RONDO_IMPORT("read")
void host_read(std::uint32_t req, std::uint32_t op, std::uint32_t body, std::uint32_t atLeast);

// Reads the body of the fetch `body` as it comes, hands each piece to `rondo_feed` and what that
// gives to the client. None at the body's end. Ok when `rondo_feed` wants no more, or when the
// client's side has no room, which `ready` tells of: what was read has then been fed and written.
RONDO_IMPORT("pipe")
void host_pipe(std::uint32_t req, std::uint32_t op, std::uint32_t body);

// Ends what `op` began and nobody wants any more: a fetch with its body, a wait, a pipe.
RONDO_IMPORT("abort")
void host_abort(std::uint32_t req, std::uint32_t op);

// Frame {"do":"get","key"}, answered with the value or None; or, with op 0 and no answer,
// {"do":"put","key","ttl":seconds} + value and {"do":"delete","key"}.
RONDO_IMPORT("kv")
void host_kv(std::uint32_t req, std::uint32_t op, const void* frame, std::uint32_t size);

// What the isolates of one location share, when "cache" is true. As "kv", and never fails: what
// can't be had is not there.
RONDO_IMPORT("cache")
void host_cache(std::uint32_t req, std::uint32_t op, const void* frame, std::uint32_t size);

// The Durable Object POOL, when "pool" is true. Frame {"do":"facts"}, answered with a JSON array of
// [key, rank, expires, value]; {"do":"share"} + such an array, answered with None; or
// {"do":"claim","key","beyond"}, answered with the value, or with None when the caller is to make
// it; or {"do":"counts","span":"totals"|"hour"|"day"}, answered with the sums, as
// telemetry/counts.h has them. With op 0 and no answer: {"do":"settle","key","expires"} + value,
// {"do":"release","key"}, {"do":"erase","key"} and {"do":"count"} + rows, as telemetry/counts.h has
// them. Times are milliseconds since 1970.
RONDO_IMPORT("pool")
void host_pool(std::uint32_t req, std::uint32_t op, const void* frame, std::uint32_t size);

// What is kept for the client, when the request's "memory" is "on". Frame
// {"do":"recall","previous","conversation","items":[…]}, answered with texts: what is lacking
// ("response", "conversation", "item", "too much", or nothing) and its id, how many items of
// earlier turns there are, those, and the items that were named; or {"do":"keep","id","previous",
// "conversation","stores":true} + texts: "response", the response's JSON before and behind the
// elements of its output, how many items came in, those, and those that came out; or
// {"do":"keep_completion","id"} + texts: "completion", its JSON, its metadata as JSON, and the
// messages that it answers. Both are answered with None. {"do":"signatures","calls":[…]} is
// answered with a text for each call, which is empty where none is kept. With op 0 and no answer:
// {"do":"keep_signatures","calls":[…]} + a text for each.
RONDO_IMPORT("memory")
void host_memory(std::uint32_t req, std::uint32_t op, const void* frame, std::uint32_t size);

// Frame {"do":"sign_rs256","secretLength"} + PKCS#8 key + message, answered with the signature; or
// {"do":"seal","secretLength","purpose"} + secret + plain text, and "open" + secret + what "seal"
// was answered with.
RONDO_IMPORT("crypto")
void host_crypto(std::uint32_t req, std::uint32_t op, const void* frame, std::uint32_t size);

// Answered with None when the signal is raised or `ms` are over. Signal 0 is never raised.
RONDO_IMPORT("wait")
void host_wait(std::uint32_t req, std::uint32_t op, std::uint32_t signal, double ms);

RONDO_IMPORT("raise")
void host_raise(std::uint32_t signal);

// Texts: status, "stream" or "passed", and name and value of each header field. With "stream" the
// body comes by `write`, up to `end`; with "passed" by `pass`, perhaps with a `write` before.
RONDO_IMPORT("respond")
void host_respond(std::uint32_t req, const void* head, std::uint32_t headSize, const void* body,
                  std::uint32_t bodySize);

// 1 when the client's side has room for more, 0 when `ready` is to be waited for first. What fails
// shows there.
RONDO_IMPORT("write")
std::uint32_t host_write(std::uint32_t req, const void* bytes, std::uint32_t size);

// Answered with None when the client's side has room for more.
RONDO_IMPORT("ready")
void host_ready(std::uint32_t req, std::uint32_t op);

// What is left of the body of the fetch `body` goes to the client without the module, and ends the
// answer. None when it has; Failed when it broke: then the client's connection is broken off. From
// now on the client's body is not held any more.
RONDO_IMPORT("pass")
void host_pass(std::uint32_t req, std::uint32_t op, std::uint32_t body);

// Answered with the client's body, which the worker goes on to hold; Failed when it is sent on
// while it comes.
RONDO_IMPORT("held")
void host_held(std::uint32_t req, std::uint32_t op);

RONDO_IMPORT("end")
void host_end(std::uint32_t req);

// What the request has cost in tokens, as far as it is known: at most once, before `done`, or while
// the worker cancels the request.
RONDO_IMPORT("spent")
void host_spent(std::uint32_t req, double tokens);

// The request is over with all its work, be it answered or not; `req` may be forgotten. Not called
// for a request that the worker cancels.
RONDO_IMPORT("done")
void host_done(std::uint32_t req);

// From now on the request holds so many bytes of what all requests may hold together. 1 when there
// was room, 0 when not, and then nothing has changed.
RONDO_IMPORT("hold")
std::uint32_t host_hold(std::uint32_t req, std::uint32_t bytes);

RONDO_IMPORT("random")
void host_random(void* bytes, std::uint32_t size);

// One JSON line. Levels: 0 debug, 1 info, 2 warn, 3 error.
RONDO_IMPORT("log")
void host_log(std::int32_t level, const void* line, std::uint32_t size);

// One point for Analytics Engine, when "points" is true: {"indexes":[…],"blobs":[…],"doubles":[…]}.
RONDO_IMPORT("point")
void host_point(const void* point, std::uint32_t size);

// Milliseconds since 1970.
RONDO_IMPORT("now")
double host_now();

}  // extern "C"

}  // namespace rondo::wasm
