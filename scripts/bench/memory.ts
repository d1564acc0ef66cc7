// What Rondo's module takes of memory while many streams go on at once.
import { Agent } from 'node:http';
import { open } from './load.ts';
import { history } from './rows.ts';
import { type buildSubjects, type Google, startSubject } from './subjects.ts';

/** How many, and how many of them may be on their way to their first bytes at once. */
export const streams = 100;
const opening = 8;

const body = Buffer.from(JSON.stringify({ model: 'gemini-3.8-flash', ...history, stream: true }));

/** Bytes, with all streams open, each with a history of 1 MB. */
export async function memoryOfStreams(
  codes: Awaited<ReturnType<typeof buildSubjects>>,
  google: Google,
): Promise<number> {
  const subject = await startSubject('probed', codes.probed, google);
  const agent = new Agent({ keepAlive: true });
  try {
    const target = subject.target(true, '/v1/chat/completions');
    let left = streams;
    const some = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await open(target, body, agent);
      }
    };
    await Promise.all(Array.from({ length: opening }, some));
    const { url } = subject.target(true, '/bench/memory');
    return Number(await (await fetch(url)).text());
  } finally {
    agent.destroy();
    await subject.end();
  }
}
