// The commands and programs of README and the other papers, run as they stand there. What can't be run
// here says why.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { initHelp } from '../../scripts/rondo/help.ts';
import { operatorStub, place } from '../rondo/support.ts';
import { blocksOf, commandsOf, papers, readme, readPaper } from '../support/papers.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const root = join(import.meta.dirname, '..', '..');
/** What agents are called with is written into it by those who run them, and has tests of its own. */
const ofAgents = 'docs/clients.md';
const blocks = papers
  .filter((paper) => paper !== ofAgents)
  .flatMap((paper) => blocksOf(readPaper(paper)));
const textsIn = (language: string): string[] =>
  blocks.filter((block) => block.language === language).map((block) => block.text);
const commands = [...new Set(textsIn('sh').flatMap(commandsOf))];
const ofReadme = blocksOf(readme());

/** Those that are run, by the way in which each is. */
const prints = commands.filter((command) => /^(curl|node -e) /.test(command));
const operates = commands.filter((command) => command.startsWith('npm run rondo -- '));
const puts = commands.filter((command) => command.startsWith('npx wrangler kv key put '));
const rest = commands.filter((command) => ![...prints, ...operates, ...puts].includes(command));

/** Commands that are not run here: why, and perhaps which test runs them instead. */
const elsewhere: readonly (readonly [command: RegExp, why: string, test?: string])[] = [
  [/^npm run dev$/, 'takes a port, and goes on until it is stopped', 'tests/dev/dev.test.ts'],
  [/^npm ci$/, 'would install anew what the tests run with', 'tests/build/nodealone.test.ts'],
  [/^npx wrangler deploy$/, 'needs an account at Cloudflare', 'tests/build/nodealone.test.ts'],
  [
    /^npx wrangler secret put [A-Z_1]+( < service-account\.json)?$/,
    'needs a Worker that is deployed',
  ],
  [/^gcloud /, 'needs an account at Google'],
  [/^npx wrangler login$/, 'needs an account at Cloudflare'],
  [/^npm run (--silent )?google-stub\b/, 'goes on until it is stopped'],
  [/^npm run screenshots$/, 'makes the pictures of the papers anew'],
  [/^docker run /, 'needs an image of a gigabyte'],
  [/^npm run setup$/, 'installs compilers', 'tests/setup/setup.test.ts'],
  [/^npm test$/, 'is what runs this'],
  [/^npm run (check|format|prebuilt)$/, 'works on the whole tree'],
  [/^npm run (fuzz|equality|mutate|simulate|agents|bench:native)$/, 'takes minutes or more'],
  [/^npm run bench( -- .+)?$/, 'takes minutes'],
  [/^npx stryker run /, 'takes minutes'],
  [/^git (clone|pull)\b/, 'needs a repository elsewhere'],
  [/^cd rondo$/, 'follows such a command'],
];

/** Languages of which nothing runs here, and why. */
const notRun: Readonly<Record<string, string>> = {
  python: 'the packages are on PyPI, from which the project takes nothing',
  yaml: 'is a file of a program that is not here',
  json: 'is data',
  md: 'is a line for a paper',
  toml: 'is a part of wrangler.toml',
};

const adminKey = 'admin-7c1f0e55d9';
let rondo: Rondo;

beforeAll(async () => {
  const google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({
    vars: { ...google.vars(), CLIENT_API_KEYS: 'rondo-dev,my-client-key', ADMIN_API_KEY: adminKey },
  });
});

/** As it stands there, but for the address and the key that are the reader's own. */
const here = (words: string): string =>
  words
    .replace(/https:\/\/rondo\.(example|YOUR-SUBDOMAIN)\.workers\.dev/g, rondo.url)
    .replaceAll('http://localhost:8787', rondo.url)
    .replaceAll('YOUR-CLIENT-KEY', 'my-client-key');

/** What a program prints that reads this. It must end well. */
async function printed(
  program: string,
  args: string[],
  input: string,
  env: NodeJS.Dict<string> = {},
): Promise<string> {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ]);
  expect(code, err).toBe(0);
  return out;
}

test('README and the papers have commands and programs', () => {
  expect(ofReadme.length).toBeGreaterThan(12);
  expect(commands.length).toBeGreaterThan(30);
  expect(prints.length).toBeGreaterThan(3);
  expect(textsIn('js')).toHaveLength(2);
});

/** What a command must print. */
const outcome = (command: string): RegExp => {
  if (command.startsWith('node ')) return /^sk-[0-9a-f]{48}\n$/;
  if (command.includes('/admin/api/pool')) return /"credentials":\[\{/;
  return command.endsWith('/health') ? /"status":"ok"/ : /You said: Hello!/;
};

test.for(prints)('this command does what is said: %s', async (command) => {
  const out = await printed('sh', ['-s'], here(command), { RONDO_ADMIN_KEY: adminKey });
  expect(out).toMatch(outcome(command));
});

test.for(puts)('this command names a key by its SHA-256: %s', async (command) => {
  const there = await place();
  chmodSync(there.file('npx', '#!/bin/sh\nprintf "%s\\n" "$@"\n'), 0o755);
  const env = { KEY: 'sk-alice', PATH: `${there.folder}:${process.env.PATH}` };
  const words = (await printed('sh', ['-s'], command, env)).split('\n');
  expect(words).toContain(`client-key:${createHash('sha256').update('sk-alice').digest('hex')}`);
});

test.for(textsIn('js'))('this program prints an answer each time: %s', async (program) => {
  const out = await printed(process.execPath, ['--input-type=module', '-'], here(program));
  const answers = out.match(/You said: Hello!/g) ?? [];
  expect(answers).toHaveLength(program.match(/console\.log/g)?.length ?? 0);
});

test.for(operates)('this command makes a pool: %s', async (command) => {
  const there = await place();
  there.file('service-account.json', there.google.addServiceAccount().secret);
  there.env.RONDO_DEPLOYED_URL = (await operatorStub({ 'POST /v1/chat/completions': {} })).url;
  const gcloud = '.config/gcloud';
  mkdirSync(join(there.folder, gcloud), { recursive: true });
  const signIn = there.google.addAuthorizedUser().secret;
  there.file(`${gcloud}/application_default_credentials.json`, signIn);
  const { code, err } = await there.program(...command.split(' ').slice(4));
  expect([code, err]).toEqual([0, '']);
  const set = command.endsWith('--deploy')
    ? there.cloud.secrets
    : parseEnv(there.read('.dev.vars'));
  expect(Object.keys(set)).toContain('GCP_SERVICE_ACCOUNT_1');
});

describe('what is not run', () => {
  test.for(rest)('is known: %s', (command) => {
    expect(elsewhere.filter(([form]) => form.test(command))).toHaveLength(1);
  });

  test.for(elsewhere)('stands in a paper, and is run elsewhere where that is said: %s', (row) => {
    const [form, , file] = row;
    expect(rest.some((command) => form.test(command))).toBe(true);
    if (file !== undefined) expect(existsSync(join(root, file))).toBe(true);
  });

  test('is in languages that are known', () => {
    const others = blocks.map(({ language }) => language).filter((name) => !/^(sh|js)$/.test(name));
    expect([...new Set(others)].sort()).toEqual(Object.keys(notRun).sort());
  });
});

test('the help of init has the commands for gcloud that README has', () => {
  const ofHelp = commandsOf(initHelp).filter((line) => line.startsWith('gcloud '));
  expect(ofHelp).toHaveLength(4);
  expect(commands).toEqual(expect.arrayContaining(ofHelp));
});
