// Lets real agents do a small task through Rondo, with a stand-in for Google behind it, and tells
// which of them could. `npm run agents -- qwen codex` tries these alone; `--write` puts the results
// of all into docs/clients.md.
import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type GoogleStub, startGoogleStub } from '../googlestub/googlestub.ts';
import { callJson } from '../googlestub/record.ts';
import type { Agent } from './agent.ts';
import { agents, versionOf } from './catalog.ts';
import { writeDocument } from './document.ts';
import { installAgents } from './install.ts';
import { playAt } from './play.ts';
import { startRondo, workerCode } from './rondo.ts';
import { contentOf, prepare, run } from './run.ts';
import { type Row, tableOf } from './table.ts';
import { shellFile, writtenFile } from './task.ts';
import { type Verdict, verdictOf } from './verdict.ts';

const key = 'sk-rondo-agents';
const model = 'gemini-3.8-flash';
const tailLines = 30;

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const chosen = agents.filter(({ program }) => names.length === 0 || names.includes(program));
const unknown = names.filter((name) => !agents.some(({ program }) => program === name));
if (unknown.length > 0) throw new Error(`no agent is called ${unknown.join(', ')}`);
if (values.write && names.length > 0) throw new Error('--write wants all agents to be tried');

await installAgents();
const code = await workerCode();
const folder = mkdtempSync(join(tmpdir(), 'rondo-agents-'));
console.log(`agents: what they print and do stays in ${folder}`);
const rows: Row[] = [];
for (const agent of chosen) rows.push(await rowOf(agent));
console.log(`\n${tableOf(rows)}`);
if (values.write) writeDocument(rows, agents);
process.exitCode = rows.every(({ verdict }) => verdict.faults.length === 0) ? 0 : 1;

async function rowOf(agent: Agent): Promise<Row> {
  const { program, dialect } = agent;
  console.log(`agents: ${program}, ${dialect}`);
  const verdict = await tried(agent, join(folder, `${program}-${dialect.replaceAll(' ', '-')}`));
  return { agent: program, version: versionOf(agent), dialect, verdict };
}

/** Google and Rondo are new for each agent: what one has spoiled is no other's matter. */
async function tried(agent: Agent, own: string): Promise<Verdict> {
  mkdirSync(own);
  const stage = prepare(own);
  const google = await startGoogleStub();
  google.addServiceAccount();
  google.setPlay(playAt(stage.place));
  // Most agents drop a field of chat completions that they don't know, but none a part of an id.
  const vars = { ...google.vars(), CLIENT_API_KEYS: key, SIGNATURES_IN_IDS: 'true' };
  const print = (line: string): void => appendFileSync(join(own, 'rondo.log'), `${line}\n`);
  const rondo = await startRondo(code, vars, print);
  try {
    const end = await run(agent, { url: rondo.url, key, model }, stage);
    const files = Object.fromEntries(
      [writtenFile.name, shellFile.name].map((name) => [name, contentOf(stage.place.path(name))]),
    );
    const printed = contentOf(stage.printed) ?? '';
    keepCalls(google, own);
    const verdict = verdictOf({ dialect: agent.dialect, end, printed, files, calls: google.calls });
    tell(verdict, printed);
    return verdict;
  } finally {
    await rondo.end();
    await google.close();
  }
}

function keepCalls(google: GoogleStub, own: string): void {
  writeFileSync(join(own, 'google.json'), JSON.stringify(google.calls.map(callJson), null, 1));
}

function tell({ faults }: Verdict, printed: string): void {
  if (faults.length === 0) return;
  for (const fault of faults) console.log(`agents:   ${fault}`);
  console.log(
    printed.trimEnd().split('\n').slice(-tailLines).join('\n').replace(/^/gm, '        '),
  );
}
