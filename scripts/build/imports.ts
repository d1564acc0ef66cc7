/** The one import module of ours. Anything else would need Emscripten's JavaScript or a WASI host. */
const ours = 'rondo';

/** Names the imports that the worker doesn't provide, as `module.name`. */
export function foreignImports(module: WebAssembly.Module): string[] {
  return WebAssembly.Module.imports(module)
    .filter((entry) => entry.module !== ours)
    .map((entry) => `${entry.module}.${entry.name}`);
}
