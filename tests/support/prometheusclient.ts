// A page of metrics as Prometheus' own client for Python reads it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Family } from './prometheus.ts';

const root = join(import.meta.dirname, '..', '..');
const script = join(import.meta.dirname, 'prometheusclient.py');

/** Where scripts/setup/needs.sh looks for it too. */
const pythons = [
  join(root, '.toolchain', 'python', 'bin', 'python3'),
  '/usr/bin/python3',
  'python3',
];

const run = (python: string, args: readonly string[], input: string) =>
  spawnSync(python, args, { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

const hasClient = (python: string): boolean =>
  run(python, ['-c', 'import prometheus_client.parser'], '').status === 0;

/**
 * Its families, in the order of the page. A counter's name lacks its `_total`, as in OpenMetrics; its
 * samples' names have it. Throws in the client's words where that reads none.
 */
export function readByClient(text: string): Family[] {
  const python = pythons.find(hasClient);
  if (python === undefined) {
    throw new Error('no Python here has prometheus_client: run `npm run setup`, which installs it');
  }
  const { status, stdout, stderr } = run(python, [script], text);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Family[];
}
