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
}

/** What a fresh workerd needs, and then its isolate for a first chat. KV itself runs by then. */
export async function coldStart(
  name: SubjectName,
  codes: Awaited<ReturnType<typeof buildSubjects>>,
  google: Google,
): Promise<ColdStart> {
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
