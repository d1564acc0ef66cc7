// Marks the lines of the log. To be imported before the worker.
import { env } from 'cloudflare:workers';
import { isolateVar, mark } from './isolate.ts';

const name = (env as Record<string, unknown>)[isolateVar];

if (typeof name === 'string') {
  for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    const print = console[level];
    console[level] = (...all: unknown[]) => print(mark(name), ...all);
  }
}
