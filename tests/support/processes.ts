// What the kernel tells of the processes that a test has started.
import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** One that has ended and that nobody has asked after is none any more. */
  readonly isZombie: boolean;
}

/** This process's children, theirs, and so on. */
export function descendantsOf(pid: number): number[] {
  const all = processes();
  const below = (parent: number): number[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each.pid, ...below(each.pid)]);
  return below(pid);
}

export function alive(pids: readonly number[]): number[] {
  return processes()
    .filter(({ pid, isZombie }) => pids.includes(pid) && !isZombie)
    .map(({ pid }) => pid);
}

function processes(): Process[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .flatMap(processAt);
}

function processAt(pid: number): Process[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces (proc(5)).
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parent: Number(parent), isZombie: state === 'Z' }];
  } catch {
    // It has ended since it was listed.
    return [];
  }
}
