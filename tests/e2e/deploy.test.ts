// The real wrangler.toml, as far as wrangler goes without Cloudflare.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';

const root = join(import.meta.dirname, '..', '..');
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A copy that lies elsewhere and doesn't build the module again; all else is as it was. */
function copyOf(toml: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rondo-deploy-'));
  folders.push(folder);
  const path = join(folder, 'wrangler.toml');
  const moved = toml
    .replace('main = "', `main = "${root}/`)
    .replace('directory = "', `directory = "${root}/`)
    .replace('command = "node scripts/build/build.js"', `command = "node --version"`);
  writeFileSync(path, moved);
  return path;
}

/** What `wrangler deploy` tells and writes, short of uploading it. */
async function deploy(config: string): Promise<{ told: string; script: string }> {
  const program = join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
  const folder = dirname(config);
  const out = join(folder, 'out');
  const args = [program, 'deploy', '--dry-run', '--config', config, '--outdir', out];
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true', NO_COLOR: '1' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    env,
  });
  return { told: stdout + stderr, script: readFileSync(join(out, 'index.js'), 'utf8') };
}

const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8');
// The lines that its own words say to uncomment: tables, and what stands in them.
const uncommented = toml.replace(/^# (\[\[.*\]\]|\w+ = .*)$/gm, '$1');

// Both at once: wrangler alone takes seconds, on one core.
test.concurrent('as it is deploys with KV and without the objects', async () => {
  const { told } = await deploy(copyOf(toml));
  expect(told).toContain('env.GEMINI_CLI_KV');
  expect(told).toContain('env.ASSETS');
  expect(told).not.toContain('env.POOL');
  expect(told).not.toContain('env.STORE');
  expect(told).not.toContain('env.ANALYTICS');
}, 60_000);

test.concurrent('with its lines uncommented deploys with a dataset, and with objects, whose classes are there', async () => {
  const config = copyOf(uncommented);
  const { durable_objects, migrations } = unstable_readConfig({ config });
  expect(durable_objects.bindings).toMatchObject([
    { name: 'POOL', class_name: 'Pool' },
    { name: 'STORE', class_name: 'Store' },
  ]);
  expect(migrations).toMatchObject([
    { tag: 'v1', new_sqlite_classes: ['Pool'] },
    { tag: 'v2', new_sqlite_classes: ['Store'] },
  ]);
  const { told, script } = await deploy(config);
  expect(told).toContain('env.ANALYTICS');
  for (const [binding, name] of [
    ['POOL', 'Pool'],
    ['STORE', 'Store'],
  ]) {
    expect(told).toContain(`env.${binding} (${name})`);
    expect(script).toMatch(new RegExp(`export \\{[^}]*\\b${name}\\b[^}]*\\}`));
  }
}, 60_000);
