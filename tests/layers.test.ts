import { describe, expect, test } from 'vitest';
import { closure, layers, type Source, violations } from '../scripts/check/layers.ts';
import { sources } from '../scripts/check/tree.ts';

/** A file whose second line is the one in question. */
function file(path: string, line: string): Source {
  return { path, text: `// A made-up file.\n${line}\n` };
}

function faults(path: string, line: string): string[] {
  return violations([file(path, line)]).map(
    (found) => `${found.path}:${found.line}: ${found.message}`,
  );
}

test('the tree keeps its layers', () => {
  const files = sources('h', 'cpp', 'ts');
  expect(files.length).toBeGreaterThan(0);
  expect(violations(files)).toEqual([]);
});

describe('C++', () => {
  test('a folder may include what lies below its dependencies', () => {
    expect(faults('cpp/streaming/answer_stream.h', '#include "http/headers.h"')).toEqual([]);
    expect(faults('cpp/gateway/gateway.cpp', '#include "credentials/manager.h"')).toEqual([]);
  });

  test.each([
    ['a lower folder that includes a higher one', 'base', 'http'],
    ['google that includes openai', 'google', 'openai'],
    ['openai that includes google', 'openai', 'google'],
    ['google that includes the host port', 'google', 'host'],
    ['openai that includes the host port', 'openai', 'host'],
    ['google that includes credentials', 'google', 'credentials'],
    ['openai that includes auth', 'openai', 'auth'],
    ['translation that includes a dialect', 'translation', 'openai'],
    ['streaming that includes a dialect', 'streaming', 'openai'],
    ['a dialect that includes translation', 'openai', 'translation'],
    ['conversation that includes a dialect', 'conversation', 'openai'],
    ['conversation that includes google', 'conversation', 'google'],
    ['translation that does I/O', 'translation', 'host'],
    ['someone but the bridge that includes gateway', 'streaming', 'gateway'],
  ])('reports %s', (_, from, to) => {
    expect(faults(`cpp/${from}/a.cpp`, `#include "${to}/b.h"`)).toEqual([
      `cpp/${from}/a.cpp:2: "${to}/b.h": cpp/${from} may not include cpp/${to}`,
    ]);
  });

  test('reports whoever includes the bridge, tests too', () => {
    for (const path of ['cpp/gateway/a.cpp', 'tests/native/gateway/a_test.cpp']) {
      expect(faults(path, '#include "wasm/ops.h"')).toEqual([
        `${path}:2: "wasm/ops.h": nobody includes cpp/wasm`,
      ]);
    }
    expect(faults('cpp/wasm/exports.cpp', '#include "wasm/ops.h"')).toEqual([]);
  });

  test('reports a JSON library outside cpp/json', () => {
    for (const header of ['nlohmann/json.hpp', 'nlohmann/json_fwd.hpp', 'simdjson.h']) {
      for (const path of ['cpp/google/a.cpp', 'tests/native/json/a_test.cpp']) {
        expect(faults(path, `#include <${header}>`)).toEqual([
          `${path}:2: <${header}>: only cpp/json includes a JSON library`,
        ]);
      }
      expect(faults('cpp/json/value.cpp', `#  include <${header}>`)).toEqual([]);
    }
  });

  test('reports a folder that the table does not know', () => {
    expect(faults('cpp/helpers/a.h', '#include "base/result.h"')).toEqual([
      'cpp/helpers/a.h:2: cpp/helpers is not in the table of scripts/check/layers.ts',
    ]);
  });

  test('lets tests include every layer but the bridge', () => {
    expect(faults('tests/native/gateway/a_test.cpp', '#include "gateway/gateway.h"')).toEqual([]);
  });

  test('includes itself and nothing above in every folder of the table', () => {
    const reached = closure(layers);
    const order = Object.keys(layers);
    for (const [position, folder] of order.entries()) {
      const above = order.slice(position + 1);
      expect(reached.get(folder)).toContain(folder);
      expect(above.filter((name) => reached.get(folder)?.has(name))).toEqual([]);
    }
  });
});

describe('TypeScript', () => {
  test('reports a package in the worker other than hono', () => {
    expect(faults('worker/index.ts', "import { Hono } from 'hono';")).toEqual([]);
    expect(faults('worker/index.ts', "import { cors } from 'hono/cors';")).toEqual([]);
    for (const line of ["import OpenAI from 'openai';", "const fs = await import('node:fs');"]) {
      expect(faults('worker/index.ts', line)).toEqual([
        expect.stringMatching(/^worker\/index\.ts:2: .*worker\/ imports no package but hono$/),
      ]);
    }
  });

  test('lets the worker import what workerd itself brings along', () => {
    expect(faults('worker/pool.ts', "import { DurableObject } from 'cloudflare:workers';")).toEqual(
      [],
    );
    expect(faults('worker/pool.ts', "import a from 'cloudflare:workers-x';")).toHaveLength(1);
  });

  test('reports a worker file that imports from outside', () => {
    expect(faults('worker/core/instance.ts', "import wasm from './rondo.wasm';")).toEqual([]);
    expect(faults('worker/core/instance.ts', "export * from '../../scripts/build/a.ts';")).toEqual([
      "worker/core/instance.ts:2: '../../scripts/build/a.ts': worker/ imports only from worker/",
    ]);
  });

  test('reports whoever but a test imports from tests/', () => {
    expect(faults('scripts/dev/dev.ts', "} from '../../tests/support/a.ts';")).toEqual([
      "scripts/dev/dev.ts:2: '../../tests/support/a.ts': only tests import from tests/",
    ]);
    expect(faults('worker/index.ts', "import '../tests/support/a.ts';")).toEqual([
      "worker/index.ts:2: '../tests/support/a.ts': only tests import from tests/",
    ]);
    expect(faults('tests/e2e/a.test.ts', "import { b } from '../support/b.ts';")).toEqual([]);
    expect(faults('tests/e2e/a.test.ts', "import { b } from '../../scripts/a.ts';")).toEqual([]);
  });
});
