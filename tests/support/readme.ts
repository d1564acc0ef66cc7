// What README says, in parts that tests can hold to the code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export const readme = (): string => readFileSync(join(root, 'README.md'), 'utf8');

const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([A-Z][A-Z_]{3,})`/g)].map(([, name]) => String(name));

/** The names in the first column of the table of settings. */
export const settingsOfReadme = (): string[] => [
  ...new Set(
    readme()
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => namesIn(line.split('|')[1] ?? '')),
  ),
];

/** All variables that README names, credentials too. */
export const variablesOfReadme = (): string[] => [
  ...new Set(namesIn(readme()).filter((name) => name.includes('_'))),
];

/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

export const blocksOf = (document: string): Block[] =>
  [...document.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));

/** The commands of a block for a shell, each on one line and without what is remarked behind it. */
export const commandsOf = (text: string): string[] =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, '').trim())
    .filter((line) => line !== '');
