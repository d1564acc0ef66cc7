// `npm run dev`, from its first line until nothing of it is left.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { alive, descendantsOf } from '../support/processes.ts';
import { deployable, Tree } from '../support/tree.ts';

const root = join(import.meta.dirname, '..', '..');
const patience = { timeout: 60_000 };

let tree: Tree;
let dev: ChildProcess | undefined;
let told: string;

beforeEach(() => {
  tree = new Tree(...deployable, 'scripts/dev', 'scripts/googlestub');
  tree.commitModule(readFileSync(join(root, 'worker', 'core', 'rondo.wasm')));
  symlinkSync(join(root, 'node_modules'), tree.path('node_modules'));
  told = '';
});

afterEach(() => {
  for (const pid of [dev?.pid ?? 0, ...descendantsOf(dev?.pid ?? 0)]) {
    if (alive([pid]).length > 0) process.kill(pid, 'SIGKILL');
  }
  dev = undefined;
  tree.remove();
});

/** Starts it as a terminal does: in a group of its own, which a Ctrl-C goes to. */
function start(port: number | string): ChildProcess {
  const child = spawn(process.execPath, ['scripts/dev/dev.ts'], {
    cwd: tree.folder,
    env: tree.env({ PORT: String(port), CI: 'true', NO_COLOR: '1' }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', (chunk: Buffer) => (told += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (told += chunk));
  dev = child;
  return child;
}

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.on('exit', resolve));

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('it builds once, serves, builds again when the C++ changes, and leaves nothing', async () => {
  const port = await freePort();
  // A compiler that makes of anything what there was.
  tree.borrow('cp', 'mkdir');
  tree.command('cmake', 'mkdir -p build/wasm; cp prebuilt/rondo.wasm build/wasm/');
  tree.command('ninja', '');
  const child = start(port);
  const ended = endOf(child);
  await vi.waitFor(
    () => expect(told).toContain(`Rondo serves at http://localhost:${port}/v1`),
    patience,
  );
  expect(told.match(/Running: node scripts\/build\/build\.js/g)).toHaveLength(1);
  expect(told).not.toContain('Request.cf');
  expect((await fetch(`http://localhost:${port}/health`)).status).toBe(200);

  tree.append('cpp/base/bounds.h', '// Changed.\n');
  await vi.waitFor(
    () => expect(tree.calls).toContain('cmake --build --preset wasm -- --quiet'),
    patience,
  );
  expect((await fetch(`http://localhost:${port}/health`)).status).toBe(200);

  const started = descendantsOf(child.pid ?? 0);
  expect(started.length).toBeGreaterThan(2);
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect(await ended).toBe(0);
  await vi.waitFor(() => expect(alive(started)).toEqual([]), patience);
}, 200_000);

test('before simulated credentials it tells a key that opens the page', async () => {
  const port = await freePort();
  const child = start(port);
  const ended = endOf(child);
  await vi.waitFor(
    () => expect(told).toContain(`http://localhost:${port}/admin; its key is rondo-admin`),
    patience,
  );
  const operator = { headers: { authorization: 'Bearer rondo-admin' } };
  expect((await fetch(`http://localhost:${port}/admin/api/pool`, operator)).status).toBe(200);
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await ended;
}, 100_000);

test.for(['http', '70000'])('it says that %j is no port', { timeout: 60_000 }, async (port) => {
  expect(await endOf(start(port))).toBe(1);
  expect(told).toBe(
    `dev: PORT is "${port}", which is no port. Choose one: PORT=8788 npm run dev\n`,
  );
});

test('it takes no other server on its port for itself', async () => {
  const other = createServer((_, answer) => answer.end('another'));
  const port = await listening(other);
  const code = await endOf(start(port));
  other.close();
  expect(code).toBe(1);
  expect(told).toBe(
    `dev: another server has port ${port}. Choose one: PORT=${port + 1} npm run dev\n`,
  );
}, 60_000);
