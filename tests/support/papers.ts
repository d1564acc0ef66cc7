// What README and the other papers say, in parts that tests can hold to the code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

const papersIn = (folder: string): string[] =>
  readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));

/** All of them, by their paths from the top. */
export const papers: readonly string[] = [
  ...papersIn('.'),
  ...papersIn('docs').map((name) => `docs/${name}`),
];

export const readPaper = (path: string): string => readFileSync(join(root, path), 'utf8');

export const readme = (): string => readPaper('README.md');

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
