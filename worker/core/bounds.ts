const kibi = 1024;
const mebi = 1024 * kibi;

/**
 * Every size, count and time that a client, Google, KV or the object can drive on this side of the
 * boundary: bytes, milliseconds, or how many. cpp/base/bounds.h holds those of the module. Behind
 * each stands who enforces it.
 */
export const bounds = {
  // --- What a client sends -----------------------------------------------------------------------

  /** One body, unless MAX_BODY_BYTES says otherwise (core/body.ts). */
  bodyBytes: 32 * mebi,
  /** The most that MAX_BODY_BYTES may say: an isolate has 128 MB (core/settings.ts). */
  bodyBytesMost: 64 * mebi,
  /** All bodies together, unless MAX_BODY_BYTES_TOTAL says otherwise: each is held a few times over
   * on its way through (core/budget.ts). */
  bodyBytesTotal: 40 * mebi,
  /** The most that MAX_BODY_BYTES_TOTAL may say (core/settings.ts). */
  bodyBytesTotalMost: 128 * mebi,
  /** How long a body may be silent, unless BODY_TIMEOUT_MS says otherwise (core/silence.ts). */
  bodyTimeoutMs: 30_000,
  /** What BODY_TIMEOUT_MS may say (core/settings.ts). */
  bodyTimeoutMsLeast: 100,
  bodyTimeoutMsMost: 600_000,
  /** What a body brings at least, once it has had a moment, to keep the memory that it has announced
   * when others need it (core/body.ts). */
  slowBodyAfterMs: 1000,
  slowBodyBytesPerSecond: 32 * kibi,
  /** A body up to this length is read here, a longer one straight into the module's memory, where
   * its length is known; one of unknown length begins with so much memory (core/body.ts). */
  smallBodyBytes: 64 * kibi,
  /** What is read at once of a body, or of an answer, that turns out large (core/body.ts,
   * core/answerbody.ts). */
  largePieceBytes: 256 * kibi,
  /** A body in Google's own dialect, to be sent again where an attempt is lost; a larger one is sent on
   * once, while it comes (core/core.ts). */
  heldBodyBytes: 8 * mebi,
  /** Of a body whose request is refused, what is still taken in, and for how long: as long as it comes,
   * and at most so long in all (core/drain.ts). */
  drainBytes: 64 * mebi,
  drainSilenceMs: 500,
  drainMs: 10_000,
  /** What is read of it at once (core/drain.ts). */
  drainPieceBytes: 64 * kibi,
  /** What the module sees of it, to know its conversation by (core/core.ts). */
  bodyBeginningBytes: 4 * kibi,
  /** A client key, ours or one that is presented (middleware/keyring.ts). */
  clientKeyBytes: 510,
  /** Wrong keys of operators from one address, after which more are told to wait (middleware/failedlogins.ts). */
  wrongKeys: 5,
  wrongKeysMs: 60_000,
  /** Addresses whose wrong keys are known (middleware/failedlogins.ts). */
  wrongKeyAddresses: 1000,
  /** A client's name (middleware/keyholder.ts). */
  clientNameChars: 128,
  /** Clients with limits whose use is counted, in an isolate and in the object; of more, those are
   * forgotten that have been quiet for longest (limits/meter.ts, pool/tallies.ts). */
  limitedClients: 1000,
  /** What the object believes that one request has cost (pool/tallies.ts). */
  tokensOfRequest: 1_000_000_000,
  /** Keys that an isolate remembers from KV, and as many that KV doesn't have
   * (middleware/kvkeys.ts). */
  kvKeys: 1000,
  /** How long it remembers either, and how long a known one lasts while KV can't be read
   * (middleware/kvkeys.ts). */
  kvKeyMs: 60_000,
  kvNoKeyMs: 10_000,
  kvKeyMsMost: 600_000,
  /** Keys that nobody knows yet and that an isolate looks for in KV: so many at once, and then one in
   * so many milliseconds (middleware/kvkeys.ts). */
  kvLookups: 20,
  kvLookupMs: 2000,
  /** What KV tells of one key (middleware/kvkeys.ts). */
  kvKeyBytes: 16 * kibi,
  /** How long refusals are gathered before the object is told of them (refusals.ts). */
  refusalsToldMs: 10_000,
  /** A `retry-after` that OpenAI's SDKs obey, and one that is told at all, since some clients sleep for
   * as long as they are told (limits/answer.ts). */
  longestRetryMs: 60_000,
  longestSleepMs: 300_000,
  /** What an error quotes of a path (errors.ts). */
  shownPathChars: 256,

  // --- What Google sends ---------------------------------------------------------------------------

  /** What is read of an answer at once (core/answerbody.ts). */
  answerPieceBytes: 64 * kibi,
  /** An answer that is read as a whole; of a longer one the module sees that it is longer
   * (core/answerbody.ts, gateway/chat.cpp). */
  wholeAnswerBytes: 16 * mebi,
  /** What of a streamed answer may wait for its client; beyond it, nothing more is read of Google's
   * (core/call.ts). */
  unsentBytes: 128 * kibi,
  /** The end of an answer in Google's own dialect, in which its cost is looked for when the client has
   * a limit of tokens (core/usagetail.ts). */
  usageTailBytes: 16 * kibi,
  /** The longest spelling of a prediction's count of tokens, of which a part may come with the next
   * piece (core/usagetail.ts). */
  usageCountChars: 64,

  // --- What KV sends -------------------------------------------------------------------------------

  /** How long a request waits for KV, which mostly answers in milliseconds (core/kvstore.ts). */
  kvAnswerMs: 2000,
  /** A value of KV: the pool's state, a token (core/kvstore.ts). */
  kvValueBytes: 4 * mebi,

  // --- What a location's cache sends ---------------------------------------------------------------

  /** How long a request waits for the cache (core/locationcache.ts). */
  cacheAnswerMs: 500,
  /** How long a cache that failed is not asked again (core/locationcache.ts). */
  cacheLeftAloneMs: 30_000,

  // --- What the object POOL sends ------------------------------------------------------------------

  /** How long a request waits to be told or to tell what isolates know (core/poolstore.ts). */
  poolAnswerMs: 1000,
  /** How long it waits for a value or a claim: longer than the object lets it (core/poolstore.ts). */
  poolClaimMs: 11_000,

  // --- What isolates send to the object POOL -------------------------------------------------------

  /** How long a claim is held by one who is not heard of: it ends before those who wait lose their
   * patience, so that not all of them go and make the value at once (pool/claims.ts). */
  poolHoldMs: 8000,
  /** How long one waits for another's value, or for the claim (pool/claims.ts). */
  poolPatienceMs: 10_000,
  /** Those who wait for one claim (pool/claims.ts). */
  poolWaiters: 1000,
  /** Facts, those of one call and those that are kept (pool/facts.ts). */
  poolFacts: 2000,
  /** How far ahead the times of a fact may lie. Further ahead lies nothing that the core tells: such a
   * fact would last for ever, or outrank all that is true (pool/facts.ts). */
  poolFactMs: 40 * 24 * 60 * 60 * 1000,
  /** The key or the value of a fact (pool/facts.ts). */
  poolFactChars: 4096,
  /** A value, its key, and how many are kept (pool/values.ts). */
  poolValueBytes: 16 * kibi,
  poolKeyChars: 1024,
  poolValues: 500,
  /** Rows of one call, of all minutes or quarters that are kept, and of the sums (pool/counters.ts). */
  countRows: 2000,
  countRowsKept: 4000,
  countTotals: 2000,
  /** The key of a row, and its numbers (pool/counters.ts). */
  countKeyChars: 512,
  countNumbers: 64,
  /** How many minutes and quarters of an hour are kept (pool/counters.ts). */
  countMinutes: 61,
  countQuarters: 97,
  /** How often what was counted is written: the free plan counts rows that are written
   * (pool/counters.ts). */
  countWriteMs: 10_000,

  /** How long an upload's address lets its bytes in, and what it may say of that
   * (google/uploadpass.ts). */
  uploadPassMs: 24 * 60 * 60 * 1000,
  uploadPassChars: 2048,

  // --- What is kept for clients, in objects STORE ------------------------------------------------

  /** How long a request waits for its client's object: a whole answer is sent behind its keeping
   * (memory/memory.ts). */
  storeAnswerMs: 3000,
  /** How long a request waits for signatures, which it can do without (memory/memory.ts). */
  storeSignatureAnswerMs: 1000,
  /** How long what is kept lasts, a conversation from its last use on (memory/memory.ts,
   * store/entries.ts). */
  storeMs: 30 * 24 * 60 * 60 * 1000,
  /** The least between two rounds of the object's that take away what is over (store.ts). */
  storeRoundMs: 60 * 60 * 1000,
  /** A row's part of one entry: SQLite's rows there end at 2 MB (store/entries.ts). */
  storeRowBytes: 1792 * kibi,
  /** One response with its input, or one batch of items, sealed (store/entries.ts); and what is read
   * of a body that brings such a thing (memory/service.ts). */
  storeEntryBytes: 8 * mebi,
  /** All of a client's, and how many entries: of more, the oldest go (store/entries.ts). */
  storeBytes: 256 * mebi,
  storeEntries: 10_000,
  /** What one request is told of earlier turns, and in how many entries (store/entries.ts). */
  storeRecallBytes: 16 * mebi,
  storeRecallEntries: 1000,
  /** An entry's name, as clients may send any (store/entries.ts, memory/ids.ts). */
  storeIdChars: 128,
  /** Items that one request may refer to (memory/memory.ts, openai/responses_memory.cpp). */
  storeReferences: 256,
  /** How long the thought signature of a call is kept (memory/memory.ts). */
  storeSignatureMs: 24 * 60 * 60 * 1000,
  /** One of them, sealed (memory/memory.ts, store/signatures.ts); those of one request, as the core
   * bounds them too (store/signatures.ts, base/bounds.h); and a client's, of which the oldest go
   * (store/signatures.ts). */
  storeSignatureBytes: 64 * kibi,
  storeSignaturesAtOnce: 128,
  storeSignatures: 2000,
  /** JSON values of a body, of an item and of a page of a list that are taken apart here: each takes up
   * to some 270 bytes meanwhile (memory/service.ts, memory/items.ts, memory/pages.ts,
   * google/background.ts). */
  jsonValues: 100_000,
  /** Levels of what is stored, as many as the core reads (memory/service.ts, json/value.h). */
  jsonLevels: 200,
  /** Items that are added to a conversation at once (memory/conversations.ts). */
  storeNewItems: 20,
  /** A page of a list (memory/pages.ts). */
  storePage: 100,
  /** Pairs of metadata, and their names and values (memory/metadata.ts). */
  metadataPairs: 16,
  metadataNameChars: 64,
  metadataValueChars: 512,
} as const;
