import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../build/bundle.ts';
import { buildPreset, root } from '../build/cmake.ts';
import { capture, type Outcome } from '../build/command.ts';
import { compileModule } from '../build/compile.ts';
import { prebuiltModule, readManifest } from '../build/prebuilt.js';
import { toolchain } from '../build/toolchain.ts';
import { violations } from './layers.ts';
import { verdictOn } from './prebuilt.ts';
import { excesses, measure, report } from './size.ts';
import { paths, sources } from './tree.ts';

export interface Step {
  name: string;
  work: () => Promise<Outcome>;
}

export const steps: Step[] = [
  {
    name: 'TypeScript format and lint',
    work: () => tool('biome', ['check', '--error-on-warnings']),
  },
  { name: 'C++ format', work: () => clangFormat('--dry-run', '-Werror') },
  { name: 'types', work: () => tool('tsc', ['--project', 'tsconfig.json']) },
  {
    name: 'types of the worker alone',
    work: () => tool('tsc', ['--project', 'tsconfig.worker.json']),
  },
  { name: 'types of the page', work: () => tool('tsc', ['--project', 'tsconfig.admin.json']) },
  { name: 'layers', work: checkLayers },
  // The build that the tests use, so that a machine makes one.
  { name: 'native build without warnings', work: () => build(() => buildPreset('asan')) },
  {
    name: 'WebAssembly build without warnings',
    work: () => build(async () => (await compileModule()) !== undefined),
  },
  { name: 'the committed module', work: checkPrebuilt },
  { name: 'size of the deployed worker', work: checkSize },
];

export async function clangFormat(...options: string[]): Promise<Outcome> {
  const files = paths('h', 'cpp');
  if (files.length === 0) return { code: 0, output: '' };
  // Only Debian puts the version into the name. Setup has seen to it that there is one.
  const name = 'clang-format-19';
  const isNamed = (await capture(name, ['--version'])).code === 0;
  return tool(isNamed ? name : 'clang-format', ['--style=file', ...options, ...files]);
}

/** Runs a tool, whose output only matters when it fails. */
export async function tool(command: string, args: string[]): Promise<Outcome> {
  const outcome = await capture(command, args, { cwd: root });
  return outcome.code === 0 ? { code: 0, output: '' } : outcome;
}

/** A build prints by itself what is wrong. */
async function build(work: () => Promise<boolean>): Promise<Outcome> {
  return { code: (await work()) ? 0 : 1, output: '' };
}

async function checkLayers(): Promise<Outcome> {
  const found = violations(sources('h', 'cpp', 'ts'));
  const lines = found.map(({ path, line, message }) => `${path}:${line}: ${message}\n`);
  return { code: found.length === 0 ? 0 : 1, output: lines.join('') };
}

async function checkPrebuilt(): Promise<Outcome> {
  const compiled = await compileModule();
  if (!compiled) return { code: 1, output: 'there is nothing to compare it with\n' };
  const named = readManifest(root)?.toolchain ?? [];
  return verdictOn(prebuiltModule(root), compiled, { named, here: await toolchain() });
}

async function checkSize(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'rondo-'));
  try {
    const dryRun = await bundle(folder);
    if (dryRun.code !== 0) return dryRun;
    const sizes = measure(folder);
    const lines = [report(sizes), ...excesses(sizes)];
    return { code: lines.length > 1 ? 1 : 0, output: `${lines.join('\n')}\n` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
