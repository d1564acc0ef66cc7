// What the kernel tells of a process.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

// The unit of utime and stime, which is the same on every Linux that Node runs on.
const ticksPerSecond = 100;

const statOf = (pid: number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces.
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

/** Seconds of CPU that a process has used, in user space and in the kernel (proc(5): utime, stime). */
export const cpuSeconds = (pid: number): number => {
  const stat = statOf(pid);
  return (Number(stat[11]) + Number(stat[12])) / ticksPerSecond;
};

/**
 * Milliseconds of CPU of the threads that a process has now: to the nanosecond, where the above counts
 * in ticks of ten (Documentation/scheduler/sched-stats.rst: the first number of schedstat).
 */
export const threadsMilliseconds = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'))
    .reduce((sum, line) => sum + Number.parseInt(line, 10) / 1e6, 0);

/** Processes that this one has started, by their program's name. */
export const childrenNamed = (name: string): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isChild(pid, name));

const isChild = (pid: number, name: string): boolean => {
  try {
    const comm = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    return comm === name && Number(statOf(pid)[1]) === process.pid;
  } catch {
    // It has ended since it was listed.
    return false;
  }
};

/** From now on `peakBytes` tells the peak since this moment (proc(5): clear_refs). */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

/** The most memory that a process has held at once. */
export const peakBytes = (pid: number): number => {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
};
