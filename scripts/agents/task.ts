// The small task that every agent does.
import { join } from 'node:path';

/** What lies in the working folder at the start: names and contents. */
export const givenFiles: Readonly<Record<string, string>> = {
  'notes.txt': 'The heron waits by the third lock.\n',
  'data.json': '{"barges": 17, "harbour": "Wexmouth"}\n',
};

/** What lies there too when the task is done. */
export const writtenFile = {
  name: 'report.txt',
  content: 'Heron at lock three, 17 barges in Wexmouth.\n',
} as const;

/** Something of what a shell command wrote, where the agent has a shell. */
export const shellFile = { name: 'counted.txt', content: '17\n' } as const;

export const prompt =
  'List the files in this folder, read notes.txt and data.json, write report.txt from them, count ' +
  'the barges into counted.txt by a shell command, then tell me what you found.';

/** What the agent shows at the end. It stands in no file and in no prompt. */
export const finalText = 'The heron waits, and seventeen barges lie in Wexmouth.';

/** Where an agent works, as tools that want absolute paths must know it. */
export class Workplace {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  path(name: string): string {
    return join(this.folder, name);
  }
}
