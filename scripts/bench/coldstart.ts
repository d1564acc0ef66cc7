import { send } from './load.ts';
import { cpuSeconds } from './process.ts';
import { type buildSubjects, type Google, type SubjectName, startSubject } from './subjects.ts';

const hello = Buffer.from(
  JSON.stringify({
    model: 'gemini-3.8-flash',
    messages: [{ role: 'user', content: 'Hello!' }],
  }),
);

/** Milliseconds of CPU from the start of a workerd to the end of its first answer. */
export async function coldStart(
  name: SubjectName,
  codes: Awaited<ReturnType<typeof buildSubjects>>,
  google: Google,
): Promise<number> {
  const subject = await startSubject(name, codes[name], google);
  await send(subject.target(false, '/v1/chat/completions'), {
    body: hello,
    connections: 1,
    requests: 1,
  });
  const cpu = cpuSeconds(subject.pid) * 1000;
  await subject.end();
  return cpu;
}
