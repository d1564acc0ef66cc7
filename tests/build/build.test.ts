// `npm run build` on machines that have a compiler, and on those that have none.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Tree } from '../support/tree.ts';

const empty = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A module that holds nothing but one section of its maker's. */
const committed = new Uint8Array([...empty, 0, 2, 1, 0x63]);
const compiled = new Uint8Array([...empty, 0, 2, 1, 0x64]);
const served = 'worker/core/rondo.wasm';
const charts = ['uPlot.esm.js', 'uPlot.min.css'];

// Each starts some processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let tree: Tree;

beforeEach(() => {
  tree = new Tree('scripts/build');
  tree.write('CMakeLists.txt', 'project(rondo)\n');
  tree.write('CMakePresets.json', '{"flags":"-Oz"}\n');
  tree.write('cmake/wasm.cmake', 'set(FLAGS "")\n');
  tree.write('cpp/base/a.cpp', 'int a;\nint b;\n');
  for (const name of charts) tree.write(`node_modules/uplot/dist/${name}`, name);
  tree.commitModule(committed);
});

afterEach(() => tree.remove());

/** A compiler that makes `compiled` of anything. */
function addCompiler(): void {
  tree.borrow('mkdir', 'cp');
  tree.write('.made', compiled);
  tree.command(
    'cmake',
    'mkdir -p build/wasm; cp .made build/wasm/rondo.wasm; : >build/wasm/build.ninja',
  );
  tree.command('ninja', '');
}

const build = (env: Record<string, string> = {}) =>
  tree.run(process.execPath, ['scripts/build/build.js'], env);

describe('sources as they were compiled', () => {
  test('need no command but node', async () => {
    expect(await build()).toEqual({ code: 0, told: '' });
    expect(tree.read(served)).toEqual(Buffer.from(committed));
  });

  test('need no Node that takes types', async () => {
    const ended = await build({ NODE_OPTIONS: '--no-experimental-strip-types' });
    expect(ended).toEqual({ code: 0, told: '' });
  });

  test('may have other line ends', async () => {
    tree.write('cpp/base/a.cpp', 'int a;\r\nint b;\r\n');
    expect(await build()).toEqual({ code: 0, told: '' });
  });

  test('may have a file beside them that no compiler reads', async () => {
    tree.write('cpp/base/a.cpp~', 'int a;\n');
    expect(await build()).toEqual({ code: 0, told: '' });
  });

  test('are compiled all the same when RONDO_BUILD says so', async () => {
    addCompiler();
    expect((await build({ RONDO_BUILD: 'source' })).code).toBe(0);
    expect(tree.read(served)).toEqual(Buffer.from(compiled));
  });

  test('take a module that is not the named one for none', async () => {
    addCompiler();
    tree.write('prebuilt/rondo.wasm', new Uint8Array([...committed, 0]));
    expect((await build()).told).toContain('is not the file that prebuilt/rondo.json names');
    expect(tree.read(served)).toEqual(Buffer.from(compiled));
  });
});

describe('other sources', () => {
  test.each([
    ['a changed file', () => tree.append('cpp/base/a.cpp', 'int c;\n')],
    ['a new file', () => tree.write('cpp/base/b.h', '')],
    ['a changed flag of a preset', () => tree.write('CMakePresets.json', '{"flags":"-O3"}\n')],
    ['a changed flag of CMake', () => tree.append('cmake/wasm.cmake', 'set(MORE "")\n')],
    ['another order of functions', () => tree.write('cmake/arrange.js', 'sort()\n')],
    ['a changed list of folders', () => tree.append('CMakeLists.txt', 'include(x)\n')],
  ])('by %s are compiled', async (_, change) => {
    addCompiler();
    change();
    expect((await build()).told).toMatch(/^build: compiling cpp\/, since the C\+\+ or its flags/);
    expect(tree.read(served)).toEqual(Buffer.from(compiled));
  });

  test('without a compiler place nothing and say what to run', async () => {
    tree.append('cpp/base/a.cpp', 'int c;\n');
    const { code, told } = await build();
    expect(code).toBe(1);
    expect(told).toContain('compiling needs cmake and ninja. Run: npm run setup -- wasm');
    expect(tree.read(served)).toBeUndefined();
  });

  test('on a Node that takes no types say so', async () => {
    addCompiler();
    tree.append('cpp/base/a.cpp', 'int c;\n');
    const { code, told } = await build({ NODE_OPTIONS: '--no-experimental-strip-types' });
    expect(code).toBe(1);
    expect(told).toContain('compiling needs Node 22.18 or newer');
  });
});

test('another word in RONDO_BUILD is refused', async () => {
  const { code, told } = await build({ RONDO_BUILD: 'always' });
  expect({ code, told }).toMatchObject({
    code: 2,
    told: expect.stringContaining('RONDO_BUILD is always'),
  });
});

test('what the page borrows is put beside it', async () => {
  await build();
  for (const name of charts) expect(tree.read(`admin/vendor/${name}`)?.toString()).toBe(name);
});

test('without the npm packages, the one command is told', async () => {
  tree.delete('node_modules');
  const { code, told } = await build();
  expect(code).toBe(1);
  expect(told).toContain('Run: npm ci');
});
