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

/** A path of README's table of paths, by a method, or by any where it names none. */
export interface PathOfReadme {
  readonly method: string | undefined;
  readonly path: string;
}

/** What one cell means: `POST`, `GET /a`, `/a/{id}` are both methods at `/a`, and the last one's at the other. */
const pathsOfCell = (cell: string): PathOfReadme[] => {
  const paths: PathOfReadme[] = [];
  let methods: string[] = [];
  let isOver = false;
  for (const [, span = ''] of cell.matchAll(/`([^`]+)`/g)) {
    const [, method, path] = /^([A-Z]+)? ?(\/.*)?$/.exec(span) ?? [];
    if (method) methods = isOver ? [method] : [...methods, method];
    isOver = path !== undefined;
    if (!path) continue;
    const by = methods.length > 0 ? methods : [undefined];
    paths.push(...by.map((each) => ({ method: each, path })));
  }
  return paths;
};

/** The first column of the table of paths. */
export const pathsOfReadme = (): PathOfReadme[] => {
  const [, table = ''] = readme().split('\n| path | |\n|---|---|\n');
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n');
  return rows.flatMap((row) => pathsOfCell(row.split('|')[1] ?? ''));
};

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
