// README and the docs name what the code knows: its settings and its error codes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nativeRouteOf } from '../worker/google/address.ts';
import { storedRoutes } from '../worker/memory/routes.ts';
import { routes } from '../worker/routes.ts';
import { type PathOfReadme, pathsOfReadme, settingsOfReadme } from './support/papers.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sourcesIn = (folder: string, form: RegExp): string =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => form.test(path))
    .map((path) => read(join(folder, path)))
    .join('\n');

const core = sourcesIn('cpp', /\.(h|cpp)$/);
const worker = sourcesIn('worker', /\.ts$/);
const allOf = (text: string, form: RegExp): string[] => [
  ...new Set([...text.matchAll(form)].map(([, found]) => String(found))),
];

describe('README', () => {
  const rows = settingsOfReadme();
  const fromCore = allOf(read('cpp/gateway/settings.cpp'), /reader\.\w+\("([A-Z_]+)"/g);
  const fromWorker = allOf(
    sourcesIn('worker/middleware', /\.ts$/) +
      sourcesIn('worker/core', /^settings\.ts$/) +
      read('worker/operator.ts'),
    /'([A-Z]+_[A-Z_]+)'/g,
  );

  test('finds settings in the code, and rows of its own', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(fromCore).toContain('MAX_ATTEMPTS');
    expect(fromWorker).toContain('MAX_BODY_BYTES');
  });

  test.for([...new Set([...fromCore, ...fromWorker])])('has a row for the setting %s', (name) => {
    expect(rows).toContain(name);
  });

  test.for(rows)('names no setting that the code does not read: %s', (name) => {
    expect(core + worker).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe("README's table of paths", () => {
  const rows = pathsOfReadme();
  // What stands beside the tables of routes in worker/index.ts.
  const others = [
    ['GET', '/'],
    ['GET', '/admin'],
    ['POST', '/v1/moderations'],
  ] as const;
  const served = [...routes, ...storedRoutes, ...others].map(
    ([method, path]) => [method, path] as const,
  );

  /** Paths that differ in what they call a part, or in nothing, are one. */
  const formOf = (path: string): string => path.replace(/:\w+(?:\{[^}]*\})?|\{[^}]*\}/g, '*');
  const isOf = ({ method, path }: PathOfReadme, [by, at]: readonly [string, string]): boolean => {
    if (method !== undefined && method !== by) return false;
    const form = formOf(path);
    return form.endsWith('/…') ? at.startsWith(form.slice(0, -1)) : form === formOf(at);
  };

  const isGoogles = ({ method = 'GET', path }: PathOfReadme): boolean => {
    const asked = path.replace('{verb}', 'generateContent').replace(/\{[^}]*\}|…/g, 'x');
    const headers = new Headers({ 'x-goog-api-key': 'k' });
    return nativeRouteOf({ method, url: `https://rondo.example${asked}`, headers }) !== undefined;
  };

  test.for(served)('has %s %s', ([method, path]) => {
    expect(rows.filter((row) => isOf(row, [method, path]))).not.toEqual([]);
  });

  const place = 'projects/{any}/locations/{any}';
  const models = 'publishers/google/models';
  /** What Google's SDKs ask for, by whichever version and back-end. */
  const googles = [
    ...['/v1beta', '/v1', '/v1alpha'].map((version) => `POST ${version}/models/{model}:{verb}`),
    ...['/v1', '/v1beta1'].map((version) => `POST ${version}/${place}/${models}/{model}:{verb}`),
    `POST /v1beta1/${models}/{model}:{verb}`,
    ...['/v1beta', '/v1'].flatMap((version) =>
      ['files', 'cachedContents', 'interactions', 'openai/…'].map((each) => `${version}/${each}`),
    ),
    ...['/upload/v1beta/files', '/upload/v1/files'],
    ...['cachedContents', 'endpoints/openapi/…'].map((each) => `/v1beta1/${place}/${each}`),
    ...['/v1beta/models', `/v1beta1/${models}`].flatMap((list) => [
      `GET ${list}`,
      `GET ${list}/{model}`,
    ]),
  ];

  test.for(googles)("has Google's %s", (wanted) => {
    const found = rows.map(({ method, path }) => (method ? `${method} ${path}` : path));
    expect(found).toContain(wanted);
  });

  test.for(rows)('names nothing that is not there: $method $path', (row) => {
    expect(isGoogles(row) || served.some((each) => isOf(row, each))).toBe(true);
  });
});

describe('docs/operating.md', () => {
  const table = read('docs/operating.md');
  // What concerns one field of a request is told by the field.
  const ofFields =
    /^(invalid|missing|empty|array|string|unsupported_tool|item|too_many_requests)_?/;
  const codes = [
    ...allOf(core, /makeError\([^;]*?"([a-z]+(?:_[a-z]+)+)"\);/g),
    ...allOf(worker, /code: '([a-z_]+)'/g),
  ].filter((code) => !ofFields.test(code));

  test('finds codes in the code', () => {
    expect(codes).toContain('kv_binding_missing');
    expect(codes).toContain('client_keys_missing');
    expect(codes.length).toBeGreaterThan(25);
  });

  test.for([...new Set(codes)])('says what to do about %s', (code) => {
    expect(table).toContain(`\`${code}\``);
  });
});
