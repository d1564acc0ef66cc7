// The setup of developers' tools, on machines whose commands are made up.
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Tree } from '../support/tree.ts';
import {
  addApt,
  addBuildTools,
  addEmscripten,
  addTestTools,
  installs,
  machine,
  setUp,
} from './machine.ts';

const debian13 = 'ID=debian\nVERSION_ID="13"\n';
const sid = 'ID=debian\nVERSION_CODENAME=forky\n';
const ubuntu = 'ID=ubuntu\nVERSION_ID="24.04"\n';
const good = { cmake: '3.31.6-2', 'ninja-build': '1.12.1-1', 'nlohmann-json3-dev': '3.11.3-2' };

// Each starts some processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let tree: Tree;
afterEach(() => tree.remove());

describe('what is there', () => {
  test('is taken, whoever installed it, and no package manager is asked', async () => {
    tree = machine(debian13);
    addApt(tree, {});
    addBuildTools(tree);
    addEmscripten(tree, '4.0.5');
    expect(await setUp(tree, 'wasm')).toEqual({ code: 0, told: '' });
    expect(tree.calls.filter((call) => call.startsWith('apt'))).toEqual([]);
  });

  test('needs no package manager at all', async () => {
    tree = machine('ID=fedora\n');
    addBuildTools(tree);
    addEmscripten(tree, '3.1.50');
    expect(await setUp(tree, 'wasm')).toEqual({ code: 0, told: '' });
  });

  test('is an Emscripten behind an old one on PATH', async () => {
    tree = machine(ubuntu);
    addBuildTools(tree);
    const old = addEmscripten(tree, '3.1.6', 'old');
    const recent = addEmscripten(tree, '3.1.69', 'recent');
    const ended = await setUp(tree, 'wasm', { PATH: `${old}:${tree.bin}:${recent}` });
    expect(ended).toEqual({ code: 0, told: '' });
  });

  test('is an emsdk that its variable names', async () => {
    tree = machine(ubuntu);
    addBuildTools(tree);
    addEmscripten(tree, '3.1.69', 'emsdk/upstream/emscripten');
    expect((await setUp(tree, 'wasm', { EMSDK: tree.path('emsdk') })).code).toBe(0);
  });

  test('is a header that CPATH leads to', async () => {
    tree = machine(ubuntu);
    addBuildTools(tree);
    addEmscripten(tree, '3.1.69');
    const env = { RONDO_INCLUDES: tree.path('nowhere'), CPATH: tree.path('include') };
    expect((await setUp(tree, 'wasm', env)).code).toBe(0);
  });

  test('is a clang-format of another name, if it is version 19', async () => {
    tree = machine(debian13);
    addBuildTools(tree);
    addEmscripten(tree, '3.1.69');
    addTestTools(tree);
    tree.command('clang-format', 'echo "clang-format version 19.1.7"');
    expect((await setUp(tree, 'all')).code).toBe(0);
    tree.command('clang-format', 'echo "clang-format version 18.1.3"');
    expect((await setUp(tree, 'all')).code).toBe(1);
    expect((await setUp(tree, 'test')).code).toBe(0);
  });
});

describe('by apt', () => {
  test('what is missing is installed, and nothing else', async () => {
    tree = machine(debian13);
    addBuildTools(tree);
    addEmscripten(tree, '3.1.69');
    tree.write('include.later/json.hpp', '');
    const header = tree.path('include/nlohmann');
    addApt(tree, good, `cp -r '${tree.path('include.later')}' '${header}'`);
    tree.delete('include/nlohmann');
    const { code, told } = await setUp(tree, 'wasm');
    expect(told).toBe('setup: installing Debian packages: nlohmann-json3-dev\n');
    expect(code).toBe(0);
    expect(installs(tree)).toEqual([
      expect.stringMatching(/--no-install-recommends nlohmann-json3-dev$/),
    ]);
  });

  test.each([
    ['Ubuntu 22.04', '3.1.5~dfsg-2'],
    ['Ubuntu 24.04', '3.1.6~dfsg-7'],
  ])('the Emscripten of %s is refused before anything is installed', async (_, version) => {
    tree = machine(ubuntu);
    addApt(tree, { ...good, emscripten: version });
    const { code, told } = await setUp(tree, 'wasm');
    expect(code).toBe(1);
    expect(told).toContain(`Emscripten is ${version.split('~')[0]}, and Rondo needs 3.1.50`);
    expect(told).toContain('~/emsdk/emsdk install');
    expect(installs(tree)).toEqual([]);
  });

  test('a CMake that is too old is refused before anything is installed', async () => {
    tree = machine(ubuntu);
    addBuildTools(tree);
    tree.command('cmake', 'echo "cmake version 3.22.1"');
    addEmscripten(tree, '3.1.69');
    addApt(tree, { ...good, cmake: '3.22.1-1ubuntu1' });
    const { code, told } = await setUp(tree, 'wasm');
    expect(code).toBe(1);
    expect(told).toContain("this system's cmake is 3.22.1, and Rondo needs 3.25");
    expect(installs(tree)).toEqual([]);
  });

  test("Debian's unstable branch is taken for itself, and its Emscripten installed", async () => {
    tree = machine(sid);
    addBuildTools(tree);
    addEmscripten(tree, '4.0.5', 'later');
    const move = ['emcc', 'em-config'].map((name) => `cp later/${name} .bin/${name}`).join('; ');
    addApt(tree, { emscripten: '4.0.5+dfsg-1' }, move);
    const { code, told } = await setUp(tree, 'wasm');
    expect(told).toBe('setup: installing Debian packages: emscripten\n');
    expect(code).toBe(0);
  });

  test('without root, the line to run as root is told', async () => {
    tree = machine(debian13);
    addApt(tree, { ...good, emscripten: '3.1.69+dfsg-3' });
    tree.command('id', 'echo 1000');
    const { code, told } = await setUp(tree, 'wasm');
    expect(code).toBe(1);
    expect(told).toMatch(
      /as root[\s\S]*apt-get install -y --no-install-recommends cmake ninja-build nlohmann-json3-dev emscripten\n$/,
    );
  });
});

describe('by Homebrew', () => {
  test('what is missing is installed under its names', async () => {
    tree = machine('');
    tree.command(
      'brew',
      'cp later/* .bin; mkdir -p include/nlohmann; : >include/nlohmann/json.hpp',
    );
    tree.borrow('mkdir');
    addEmscripten(tree, '4.0.5', 'later');
    tree.write('later/cmake', '#!/bin/sh\necho cmake version 4.0.2\n');
    tree.write('later/ninja', '#!/bin/sh\n');
    for (const name of ['cmake', 'ninja']) tree.makeRunnable(`later/${name}`);
    const { code, told } = await setUp(tree, 'wasm', { RONDO_OS_RELEASE: '/nonexistent' });
    expect(told).toBe('setup: installing by Homebrew: cmake ninja nlohmann-json emscripten\n');
    expect(code).toBe(0);
    expect(installs(tree)).toEqual(['brew install --quiet cmake ninja nlohmann-json emscripten']);
  });
});

test('with neither apt nor Homebrew, all that is missing is named', async () => {
  tree = machine('ID=alpine\n');
  const { code, told } = await setUp(tree, 'wasm');
  expect(code).toBe(1);
  expect(told).toContain('cmake ninja json emscripten');
});

test('an installation that did not help is told', async () => {
  tree = machine(debian13);
  addApt(tree, { ...good, emscripten: '3.1.69+dfsg-3' });
  const { code, told } = await setUp(tree, 'wasm');
  expect(code).toBe(1);
  expect(told).toContain('still missing, or too old, is: cmake ninja json emscripten');
});

test('what cannot be set up is refused', async () => {
  tree = machine(debian13);
  const { code, told } = await setUp(tree, 'wsam');
  expect({ code, told }).toEqual({
    code: 1,
    told: 'setup: there is no wsam to set up: it can be all, test, wasm, fuzz, bench or node\n',
  });
});

describe('the reader of metrics for the tests', () => {
  const missing = (): void => {
    tree = machine(debian13);
    addBuildTools(tree);
    addEmscripten(tree, '4.0.5');
    addTestTools(tree);
    // A Python that has no such package until `later` is there.
    tree.command('python3', '[ -e later ]');
  };

  test('is installed by apt', async () => {
    missing();
    addApt(tree, { 'python3-prometheus-client': '0.21.1+ds-1' }, ': >later');
    const { code, told } = await setUp(tree, 'test');
    expect(told).toBe('setup: installing Debian packages: python3-prometheus-client\n');
    expect(code).toBe(0);
  });

  test('comes by pip into a folder of its own where Homebrew is, which has none', async () => {
    missing();
    tree.command('brew', ':');
    tree.command(
      'python3',
      '[ "$*" = "-m venv .toolchain/python" ] && mkdir -p "$3/bin" && cp later "$3/bin/python3"',
    );
    tree.borrow('mkdir');
    tree.write('later', '#!/bin/sh\necho "$*" >>piped\n');
    tree.makeRunnable('later');
    const { code, told } = await setUp(tree, 'test');
    expect(told).toMatch(
      /^setup: installing by pip into \.toolchain\/python: prometheus-client==[\d.]+\n$/,
    );
    expect(code).toBe(0);
    expect(String(tree.read('piped'))).toMatch(/^-m pip install --quiet prometheus-client==/);
    expect(installs(tree)).toEqual([]);
  });

  test('is needed by the tests alone', async () => {
    missing();
    expect(await setUp(tree, 'wasm')).toEqual({ code: 0, told: '' });
  });
});

describe('the browser for tests of the page', () => {
  const ready = (versions: Record<string, string>): void => {
    tree = machine(debian13);
    addApt(tree, versions);
    addBuildTools(tree);
    addEmscripten(tree, '4.0.5');
    addTestTools(tree);
  };

  test('is installed where apt has it', async () => {
    ready({ chromium: '142.0' });
    expect((await setUp(tree, 'test')).code).toBe(0);
    expect(installs(tree)).toEqual(['apt-get install -q -y --no-install-recommends chromium']);
  });

  test('is done without where apt has none', async () => {
    ready({});
    expect(await setUp(tree, 'test')).toEqual({ code: 0, told: '' });
    expect(installs(tree)).toEqual([]);
  });
});
