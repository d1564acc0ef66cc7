// What Rondo's module takes of memory while many streams go on at once.
import { type OpenStream, open } from './load.ts';
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
  const opened: OpenStream[] = [];
  try {
    const target = subject.target(true, '/v1/chat/completions');
    const some = async (): Promise<void> => {
      while (opened.length < streams) {
        // Counted before it is there, so that no more are opened.
        const at = opened.push({ end: () => {} }) - 1;
        opened[at] = await open(target, body);
      }
    };
    await Promise.all(Array.from({ length: opening }, some));
    const { url } = subject.target(true, '/bench/memory');
    return Number(await (await fetch(url)).text());
  } finally {
    for (const each of opened) each.end();
    await subject.end();
  }
}
