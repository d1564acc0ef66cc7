import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './load.ts';
import { threadsMilliseconds } from './process.ts';
import { type buildSubjects, type Google, type SubjectName, startSubject } from './subjects.ts';

const hello = Buffer.from(
  JSON.stringify({
    model: 'gemini-3.8-flash',
    messages: [{ role: 'user', content: 'Hello!' }],
  }),
);

/** Long enough for what goes on behind an answer, and for what the runtime compiles beside it. */
const settleMs = 250;

/** Milliseconds of CPU, all threads. */
export interface ColdStart {
  /** Up to where a workerd listens, its isolate having run the worker's global scope. */
  readonly start: number;
  /** Of the isolate's first answer, what goes on behind it included. */
  readonly chat: number;
  /** The same, where no other isolate of the process has started since this one did. */
  readonly chatOfLast: number;
}

/**
 * When an isolate starts, workerd has V8 throw away what its baseline compiler has made of WebAssembly,
 * for all isolates of the process (tried: a second worker behind the first in a configuration of two is
 * enough). Miniflare's own workers start behind ours. So the one is measured as it is, and the other
 * with V8 told to keep it.
 */
const keepsCode = '--no-flush-liftoff-code';

type Codes = Awaited<ReturnType<typeof buildSubjects>>;

/** What a fresh workerd needs, and then its isolate for a first chat. */
export async function coldStart(
  name: SubjectName,
  codes: Codes,
  google: Google,
): Promise<ColdStart> {
  const { start, chat } = await startAndChat(name, codes, google);
  process.env['MINIFLARE_WORKERD_V8_FLAGS'] = keepsCode;
  const last = await startAndChat(name, codes, google);
  delete process.env['MINIFLARE_WORKERD_V8_FLAGS'];
  return { start, chat, chatOfLast: last.chat };
}

/** KV itself runs by the time of the chat. */
async function startAndChat(name: SubjectName, codes: Codes, google: Google) {
  const subject = await startSubject(name, codes[name], google);
  const cpu = async (): Promise<number> => {
    await sleep(settleMs);
    return threadsMilliseconds(subject.pid);
  };
  const start = await cpu();
  await subject.startKv();
  const before = await cpu();
  await send(subject.target(false, '/v1/chat/completions'), {
    body: hello,
    connections: 1,
    requests: 1,
  });
  const chat = (await cpu()) - before;
  await subject.end();
  return { start, chat };
}
