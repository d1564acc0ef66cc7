// What docs/clients.md says of the agents: a test holds it against this.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../build/cmake.ts';
import type { Agent, Setup } from './agent.ts';
import { type Row, resultOf } from './table.ts';

const file = join(root, 'docs', 'clients.md');

/** The place that the document speaks of. */
const example = {
  url: 'https://rondo.example.workers.dev',
  key: 'my-client-key',
  model: 'gemini-3.8-flash',
};

/** How an agent is told of Rondo. */
export function sectionOf(agent: Agent): string {
  const setup = agent.setup(example);
  const files = Object.entries(setup.files).map(
    ([path, content]) => `\`~/${path}\`:\n\n${fenced(languageOf(path), content.trimEnd())}`,
  );
  const blocks = [`### ${agent.program}, ${agent.dialect}`, ...files, commandOf(agent, setup)];
  return `${blocks.join('\n\n')}\n`;
}

function commandOf({ program }: Agent, { env, options }: Setup): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${value}`);
  return fenced('sh', [...exports, [program, ...options, '"…"'].join(' ')].join('\n'));
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function languageOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

const head =
  '| agent | version | dialect | signatures that came back | result |\n|---|---|---|---|---|\n';

export function resultsOf(rows: readonly Row[]): string {
  return head + rows.map((row) => `| ${cellsOf(row).join(' | ')} |\n`).join('');
}

function cellsOf(row: Row): string[] {
  const { agent, version, dialect } = row;
  const { signatures, result } = resultOf(row);
  return [agent, version, dialect, signatures, result.replaceAll('|', '\\|')];
}

/** Puts the results, and all agents' sections, into the document. */
export function writeDocument(rows: readonly Row[], agents: readonly Agent[]): void {
  const text = readFileSync(file, 'utf8');
  const [before] = text.split(head);
  writeFileSync(file, [before, resultsOf(rows), '\n', agents.map(sectionOf).join('\n')].join(''));
}
