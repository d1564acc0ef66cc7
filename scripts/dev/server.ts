// `wrangler dev` as a process of ours, from its start until nothing of it is left.
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { root } from '../build/cmake.ts';

const wrangler = join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
/** In a group of their own, wrangler and what it starts get a terminal's Ctrl-C once, from us. */
const hasGroups = process.platform !== 'win32';
const patienceMs = 5_000;

export interface Server {
  /** Fulfilled when the worker can be asked; never, when it ends before. */
  readonly ready: Promise<void>;
  /** Wrangler's exit code, when nothing that it started is left. */
  readonly ended: Promise<number>;
  /** Asks it to end, then makes it. */
  stop(): void;
}

/** Whether somebody answers at the port, on this machine. */
export async function isTaken(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => answersAt(host, port)));
  return answers.includes(true);
}

function answersAt(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.on('connect', () => settle(true));
    socket.on('error', () => settle(false));
  });
}

/** Serves the worker with these variables. Wrangler builds the module by itself, and again on changes. */
export function startServer(port: number, vars: Readonly<Record<string, string>>): Server {
  const given = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
  const child = spawn(process.execPath, [wrangler, 'dev', '--port', String(port), ...given], {
    cwd: root,
    // Wrangler's keyboard menu would swallow what is typed meanwhile. The last one tells of readiness.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: hasGroups,
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      // Where a request comes from is nothing to Rondo: no need to ask for a specimen, or to warn.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
  });
  const ended = new Promise<number>((resolve) =>
    child.on('exit', (code) => {
      endGroup(child);
      resolve(code ?? 1);
    }),
  );
  const ready = new Promise<void>((resolve) =>
    child.on('message', (message) => {
      if (String(message).includes('DEV_SERVER_READY')) resolve();
    }),
  );
  return { ready, ended, stop: () => stop(child) };
}

function stop(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => endGroup(child), patienceMs).unref();
}

/** What outlives wrangler, such as a workerd, is of no use to anybody. */
function endGroup({ pid }: ChildProcess): void {
  if (!hasGroups || pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}
