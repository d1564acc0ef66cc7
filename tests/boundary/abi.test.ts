import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportNames, importNames } from '../../worker/core/abi.ts';
import { makeImports } from '../../worker/core/imports.ts';
import type { Instance } from '../../worker/core/instance.ts';
import { builtModule, startMachine } from '../support/machine.ts';

const header = readFileSync(join(import.meta.dirname, '../../cpp/wasm/abi.h'), 'utf8')
  // Comments quote frames, which would be taken for code.
  .replace(/\/\/.*$/gm, '');

interface Declared {
  readonly name: string;
  readonly parameters: number;
}

/** Functions of the header that carry a name for the outside, with the number of parameters. */
function declared(attribute: RegExp): Declared[] {
  const pattern = new RegExp(`${attribute.source}[^(]*\\(([^)]*)\\)`, 'g');
  return [...header.matchAll(pattern)].map(([, name = '', list = '']) => ({
    name,
    parameters: list.trim() === '' ? 0 : list.split(',').length,
  }));
}

const exported = declared(/export_name\("(\w+)"\)\]\]/);
const imported = declared(/RONDO_IMPORT\("(\w+)"\)/);
// These come with every module of its kind, so the header doesn't declare them.
const givenExports = ['memory', '_initialize'];
// Emscripten's linker adds these to every module. Nothing calls them.
const toolchainExports = [
  '__indirect_function_table',
  '_emscripten_stack_restore',
  'emscripten_stack_get_current',
];

const names = (functions: readonly { name: string }[]): string[] =>
  functions.map(({ name }) => name).sort();

test('the module exports exactly what abi.ts lists', async () => {
  const found = WebAssembly.Module.exports(await builtModule());
  expect(names(found)).toEqual([...exportNames, ...toolchainExports].sort());
});

test('the module imports exactly what abi.ts lists, all from "rondo"', async () => {
  const found = WebAssembly.Module.imports(await builtModule());
  expect(names(found)).toEqual([...importNames].sort());
  expect(found.filter(({ module, kind }) => module !== 'rondo' || kind !== 'function')).toEqual([]);
});

test('abi.h declares exactly what abi.ts lists', () => {
  expect([...givenExports, ...names(exported)].sort()).toEqual([...exportNames].sort());
  expect(names(imported)).toEqual([...importNames].sort());
});

test('an exported name carries the version', () => {
  expect(exportNames.filter((name) => /_v\d+$/.test(name))).toHaveLength(1);
});

test('each export takes as many arguments as abi.h says', async () => {
  const { exports } = await startMachine();
  const functions = exports as unknown as Record<string, { length: number }>;
  const found = exported.map(({ name }) => ({ name, parameters: functions[name]?.length }));
  expect(found).toEqual(exported);
});

test('each import of the worker takes as many arguments as abi.h says', () => {
  // Nothing is called, so that neither an instance nor a call is needed.
  const functions = makeImports({} as Instance, new Map());
  const found = imported.map(({ name }) => ({
    name,
    parameters: functions[name as keyof typeof functions].length,
  }));
  expect(found).toEqual(imported);
});
