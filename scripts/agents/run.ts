// One agent at its task: in a HOME and a working folder of its own, with nothing of ours around it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../build/cmake.ts';
import type { Agent, Endpoint } from './agent.ts';
import { bin } from './install.ts';
import { givenFiles, prompt, Workplace } from './task.ts';

/** An agent that starts slowly on a busy machine takes half a minute. */
const patienceMs = 180_000;

/** Where one run leaves everything: `home`, `work`, and what it printed. */
export interface Stage {
  readonly home: string;
  readonly place: Workplace;
  readonly printed: string;
}

export type End = { readonly code: number | null } | 'too late';

export function prepare(folder: string): Stage {
  const [home, work] = [join(folder, 'home'), join(folder, 'work')];
  for (const made of [home, work]) mkdirSync(made, { recursive: true });
  writeAll(work, givenFiles);
  return { home, place: new Workplace(realpathSync(work)), printed: join(folder, 'printed.txt') };
}

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Runs the agent to its end, or to ours. */
export async function run(agent: Agent, at: Endpoint, stage: Stage): Promise<End> {
  const { env = {}, files = {}, options } = agent.setup(at);
  writeAll(stage.home, files);
  const printed = openSync(stage.printed, 'w');
  const child = spawn(join(bin, agent.program), [...options, prompt], {
    cwd: stage.place.folder,
    env: { HOME: stage.home, PATH: path, ...env },
    stdio: ['ignore', printed, printed],
    // A process group of its own, so that what it has started ends with it.
    detached: true,
  });
  closeSync(printed);
  const group = child.pid;
  if (group === undefined) throw new Error(`${agent.program} could not be started`);
  const timer = setTimeout(() => kill(-group), patienceMs);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  kill(-group);
  for (const pid of strayAt(stage.home)) kill(pid);
  return signal === 'SIGKILL' ? 'too late' : { code };
}

/** Our own Node first, for the agents that are written in JavaScript. */
const path = [join(root, 'node_modules', '.bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':');

/** A negative number is a whole process group. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

/** What an agent has left behind outside of its group, as daemons do: its HOME is the run's own. */
function strayAt(home: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && environmentOf(pid).includes(`HOME=${home}`));
}

/** Of a process (proc(5): environ). */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It has ended since it was listed, or is another user's.
    return [];
  }
}

export function contentOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
