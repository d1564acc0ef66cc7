// README's commands and programs, run as they stand there. What can't be run here says why.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { initHelp } from '../../scripts/rondo/help.ts';
import { place } from '../rondo/support.ts';
import { blocksOf, commandsOf, readme } from '../support/readme.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const root = join(import.meta.dirname, '..', '..');
const blocks = blocksOf(readme());
const textsIn = (language: string): string[] =>
  blocks.filter((block) => block.language === language).map((block) => block.text);
const commands = textsIn('sh').flatMap(commandsOf);

const asks = (command: string): boolean => command.startsWith('curl ');
const operates = (command: string): boolean => command.startsWith('npm run rondo -- ');

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
  [/^docker run /, 'needs an image of a gigabyte'],
  [/^npm run setup$/, 'installs compilers', 'tests/setup/setup.test.ts'],
  [/^npm test$/, 'is what runs this'],
  [/^npm run (check|format|prebuilt)$/, 'works on the whole tree'],
  [/^npm run (fuzz|equality|mutate|simulate|agents|bench|bench:native)$/, 'takes minutes or more'],
];

/** Languages of which nothing runs here, and why. */
const notRun: Readonly<Record<string, string>> = {
  python: 'the packages are on PyPI, from which the project takes nothing',
  yaml: 'is a file of a program that is not here',
};

let rondo: Rondo;

beforeAll(async () => {
  const google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({
    vars: { ...google.vars(), CLIENT_API_KEYS: 'rondo-dev,my-client-key' },
  });
});

/** As it stands in README, but for the address. */
const here = (words: string): string =>
  words
    .replaceAll('https://rondo.example.workers.dev', rondo.url)
    .replaceAll('http://localhost:8787', rondo.url);

/** What a program prints that reads this. It must end well. */
async function printed(program: string, args: string[], input: string): Promise<string> {
  const child = spawn(program, args, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ]);
  expect(code, err).toBe(0);
  return out;
}

test('README has commands and programs', () => {
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.filter(asks)).toHaveLength(2);
  expect(textsIn('js')).toHaveLength(2);
});

test.for(commands.filter(asks))('this call is answered: %s', async (command) => {
  expect(await printed('sh', ['-s'], here(command))).toContain('You said: Hello!');
});

test.for(textsIn('js'))('this program prints an answer each time: %s', async (program) => {
  const out = await printed(process.execPath, ['--input-type=module', '-'], here(program));
  const answers = out.match(/You said: Hello!/g) ?? [];
  expect(answers).toHaveLength(program.match(/console\.log/g)?.length ?? 0);
});

test.for(commands.filter(operates))('this command makes a pool: %s', async (command) => {
  const there = await place();
  there.file('service-account.json', there.google.addServiceAccount().secret);
  const gcloud = '.config/gcloud';
  mkdirSync(join(there.folder, gcloud), { recursive: true });
  const signIn = there.google.addAuthorizedUser().secret;
  there.file(`${gcloud}/application_default_credentials.json`, signIn);
  const { code, err } = await there.program(...command.split(' ').slice(4));
  expect([code, err]).toEqual([0, '']);
  expect(there.read('.dev.vars')).toContain('GCP_SERVICE_ACCOUNT_1=');
});

describe('what is not run', () => {
  const rest = commands.filter((command) => !asks(command) && !operates(command));

  test.for([...new Set(rest)])('is known: %s', (command) => {
    expect(elsewhere.filter(([form]) => form.test(command))).toHaveLength(1);
  });

  test.for(elsewhere)('stands in README, and is run elsewhere where that is said: %s', (row) => {
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
