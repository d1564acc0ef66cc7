// What compiles the module: whether it is there, and in which versions.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './cmake.ts';
import { capture } from './command.ts';

const folder = join(root, 'build', 'wasm');

/** The tools that can't be started. CMake finds Emscripten and the headers, and says when not. */
export async function missingTools(): Promise<string[]> {
  const tools = ['cmake', 'ninja'];
  const outcomes = await Promise.all(tools.map((tool) => capture(tool, ['--version'])));
  return tools.filter((_, index) => outcomes[index]?.code !== 0);
}

/** The versions that the module in build/wasm was made with: others may make other bytes. */
export async function toolchain(): Promise<string[]> {
  const compiler = compilerPath();
  const { output } = await capture(compiler, ['-v']);
  const [emscripten = '', clang = ''] = output.split('\n');
  const config = await capture(join(dirname(compiler), 'em-config'), ['BINARYEN_ROOT']);
  const binaryen = await capture(join(config.output.trim(), 'bin', 'wasm-opt'), ['--version']);
  return [
    `Emscripten ${/\d+\.\d+\.\d+/.exec(emscripten)?.[0] ?? emscripten}`,
    clang.trim(),
    binaryen.output.trim(),
    `nlohmann_json ${jsonVersion()}`,
  ];
}

/** As CMake found it: the toolchain file chooses among those that are there. */
function compilerPath(): string {
  const [found = ''] = globSync('CMakeFiles/*/CMakeCXXCompiler.cmake', { cwd: folder });
  const text = readFileSync(join(folder, found), 'utf8');
  return /set\(CMAKE_CXX_COMPILER "(.*)"\)/.exec(text)?.[1] ?? '';
}

function jsonVersion(): string {
  const header = join(folder, 'nlohmann-include', 'nlohmann', 'detail', 'abi_macros.hpp');
  const text = readFileSync(header, 'utf8');
  return ['MAJOR', 'MINOR', 'PATCH']
    .map((part) => new RegExp(`#define NLOHMANN_JSON_VERSION_${part} (\\d+)`).exec(text)?.[1])
    .join('.');
}
