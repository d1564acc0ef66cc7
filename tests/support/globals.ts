// What a copy of the worker has in place of the isolate's own, for the copies share that.

/** Workers of one workerd write into one log: each line bears a name there. */
export function globalsOf(name: string) {
  const own = Object.create(console) as Console;
  for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    own[level] = (...all: unknown[]) => console[level](`[${name}]`, ...all);
  }
  return { console: own };
}
