// Which part of the code may know which. design: includes point one way, and the TypeScript worker
// stays a shim. Everything here works on text, so that tests can make up trees.

/** What each folder of cpp/ includes by itself. What those include, it may include too. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  json: ['base'],
  http: ['base'],
  host: ['base', 'http'],
  telemetry: ['host', 'json'],
  credentials: ['host', 'json'],
  auth: ['credentials', 'host', 'http', 'json'],
  google: ['json', 'http'],
  conversation: ['json', 'http'],
  openai: ['conversation'],
  anthropic: ['conversation'],
  translation: ['conversation', 'google'],
  streaming: ['translation'],
  gateway: ['streaming', 'openai', 'anthropic', 'auth', 'telemetry'],
  frames: ['gateway'],
  wasm: ['frames'],
};

/** Headers of JSON libraries, and the one folder that may know them. */
const jsonLibraries = /^(nlohmann|simdjson)(\/|\.h$)/;
const jsonFolder = 'json';

/** The folder that nobody includes, not even a test: it exists in the WebAssembly build alone. */
const bridge = 'wasm';

export interface Source {
  /** From the repository's root, with slashes. */
  path: string;
  text: string;
}

export interface Violation {
  path: string;
  line: number;
  message: string;
}

interface Reference {
  target: string;
  line: number;
}

/** Checks every file against the rules of its part of the tree. */
export function violations(files: readonly Source[], table = layers): Violation[] {
  const allowed = closure(table);
  return files.flatMap((file) => {
    if (/\.(h|cpp)$/.test(file.path)) return checkIncludes(file, allowed);
    if (/\.tsx?$/.test(file.path)) return checkImports(file);
    return [];
  });
}

/** Follows the table to its end: a folder may include itself and all that lies below it. */
export function closure(
  table: Readonly<Record<string, readonly string[]>>,
): Map<string, Set<string>> {
  const reached = new Map<string, Set<string>>();
  const visit = (folder: string): Set<string> => {
    const known = reached.get(folder);
    if (known) return known;
    const below = new Set([folder]);
    reached.set(folder, below);
    for (const next of table[folder] ?? []) for (const name of visit(next)) below.add(name);
    return below;
  };
  for (const folder of Object.keys(table)) visit(folder);
  return reached;
}

// --- C++ ---------------------------------------------------------------------------------------

function checkIncludes(file: Source, allowed: Map<string, Set<string>>): Violation[] {
  const from = /^cpp\/([^/]+)\//.exec(file.path)?.[1];
  const isTest = file.path.startsWith('tests/');
  return references(file.text, /^\s*#\s*include\s*[<"]([^>"]+)[>"]/).flatMap((include) => {
    const fault =
      jsonFault(include.target, from) ?? folderFault(include.target, from, isTest, allowed);
    return fault ? [{ path: file.path, line: include.line, message: fault }] : [];
  });
}

function jsonFault(target: string, from: string | undefined): string | undefined {
  if (!jsonLibraries.test(target) || from === jsonFolder) return undefined;
  return `<${target}>: only cpp/${jsonFolder} includes a JSON library`;
}

function folderFault(
  target: string,
  from: string | undefined,
  isTest: boolean,
  allowed: Map<string, Set<string>>,
): string | undefined {
  const to = target.split('/')[0] ?? '';
  if (isTest) return to === bridge ? `"${target}": nobody includes cpp/${bridge}` : undefined;
  if (from === undefined) return undefined;
  const below = allowed.get(from);
  if (!below) return `cpp/${from} is not in the table of scripts/check/layers.ts`;
  if (!allowed.has(to) || below.has(to)) return undefined;
  return to === bridge
    ? `"${target}": nobody includes cpp/${bridge}`
    : `"${target}": cpp/${from} may not include cpp/${to}`;
}

// --- TypeScript --------------------------------------------------------------------------------

function checkImports(file: Source): Violation[] {
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*(?:type\s*)?['"]([^'"]+)['"]/;
  return references(file.text, pattern).flatMap((reference) => {
    const fault = importFault(file.path, reference.target);
    return fault ? [{ path: file.path, line: reference.line, message: fault }] : [];
  });
}

function importFault(path: string, target: string): string | undefined {
  const inside = target.startsWith('.') ? resolve(path, target) : undefined;
  const isTest = path.startsWith('tests/');
  if (inside?.startsWith('tests/') && !isTest) return `'${target}': only tests import from tests/`;
  if (!path.startsWith('worker/')) return undefined;
  if (inside === undefined) {
    // cloudflare:workers is no package but a part of workerd, where a Durable Object has its base.
    return /^(hono(\/|$)|cloudflare:workers$)/.test(target)
      ? undefined
      : `'${target}': worker/ imports no package but hono`;
  }
  return inside.startsWith('worker/')
    ? undefined
    : `'${target}': worker/ imports only from worker/`;
}

/** The path that a relative import means, from the repository's root. */
function resolve(path: string, target: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  return parts.join('/');
}

function references(text: string, pattern: RegExp): Reference[] {
  return text.split('\n').flatMap((line, index) => {
    const target = pattern.exec(line)?.[1];
    return target === undefined ? [] : [{ target, line: index + 1 }];
  });
}
