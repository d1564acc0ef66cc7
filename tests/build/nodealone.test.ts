// What a deployer does, on a machine that has Node and nothing else.
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { deployable, Tree } from '../support/tree.ts';

const root = join(import.meta.dirname, '..', '..');
const tree = new Tree(...deployable);
afterAll(() => tree.remove());

test('`wrangler deploy` builds and bundles without a shell, a compiler or an installer', async () => {
  const module = readFileSync(join(root, 'worker', 'core', 'rondo.wasm'));
  // What this tree's sources were compiled to is for `npm run check` to say.
  tree.commitModule(module);
  symlinkSync(join(root, 'node_modules'), tree.path('node_modules'));
  const unwanted = [
    'sh',
    'bash',
    'apt-get',
    'cmake',
    'ninja',
    'emcc',
    'git',
    'npm',
    'npx',
    'python3',
  ];
  for (const name of unwanted) tree.command(name, `echo '${name} was called' >&2; exit 99`);
  const wrangler = join('node_modules', 'wrangler', 'bin', 'wrangler.js');
  const { code, told } = await tree.run(
    process.execPath,
    [wrangler, 'deploy', '--dry-run', '--outdir', 'out'],
    // As on the oldest Node that wrangler starts on.
    { CI: 'true', WRANGLER_SEND_METRICS: 'false', NODE_OPTIONS: '--no-experimental-strip-types' },
  );
  expect(tree.calls).toEqual([]);
  expect(told).toContain('--dry-run: exiting now');
  expect(code).toBe(0);
  expect(tree.read('out/index.js')?.length).toBeGreaterThan(0);
  expect(tree.read('worker/core/rondo.wasm')).toEqual(module);
}, 120_000);

const { dependencies, devDependencies, scripts, cloudflare } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

test('a deployer installs wrangler, what is deployed and what the command asks with, and nothing else', () => {
  expect(Object.keys(dependencies).sort()).toEqual(['@clack/prompts', 'hono', 'uplot', 'wrangler']);
  expect(Object.keys(devDependencies)).toContain('vitest');
  expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^omit=dev$/m);
});

test('the commands that Cloudflare runs behind its button need nothing but Node', () => {
  expect(scripts.build).toBe('node scripts/build/build.js');
  // Then Cloudflare deploys by `npx wrangler deploy`.
  expect(scripts.deploy).toBeUndefined();
});

test('each secret that Cloudflare asks for is described', () => {
  const example = readFileSync(join(root, '.dev.vars.example'), 'utf8');
  const asked = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  expect(asked).toContain('GCP_SERVICE_ACCOUNT_1');
  expect(Object.keys(cloudflare.bindings).sort()).toEqual([...asked, 'GEMINI_CLI_KV'].sort());
});
