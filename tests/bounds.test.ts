// Every bound stands in docs/bounds.md, at the value that the code has.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bounds } from '../worker/core/bounds.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const declaration = (name: string): string =>
  `constexpr\\s+(?!auto\\b)[\\w:<>]+\\s+(${name})\\s*(?:=\\s*([^;]*)|\\{([^;]*)\\});`;

interface Constant {
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/** What a file of the core bounds: all of base/bounds.h, elsewhere what its name says. */
function constantsIn(path: string): Constant[] {
  const name = path === 'cpp/base/bounds.h' ? 'k\\w+' : 'k(?:Max|Most|Longest)\\w+';
  return [...read(path).matchAll(new RegExp(declaration(name), 'g'))].map((found) => ({
    path,
    name: String(found[1]),
    value: String(found[2] ?? found[3]).trim(),
  }));
}

const constants = readdirSync(join(root, 'cpp'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(h|cpp)$/.test(path))
  .flatMap((path) => constantsIn(join('cpp', path)));

const rows: Constant[] = [
  ...read('docs/bounds.md').matchAll(
    /^\| [^|]+ \| `([^`]+)` `([^`]+)` \| `([^`]+)` \| [^|]+ \|$/gm,
  ),
].map(([, path = '', name = '', value = '']) => ({ path, name, value }));

const keyOf = ({ path, name }: Constant): string => `${path} ${name}`;
const boundAt = (wanted: string): string | undefined =>
  constants.find((each) => keyOf(each) === wanted)?.value;
/** `16 * 1024 * 1024`, `std::chrono::days(7)`. */
const numberOf = (value: string | undefined): number =>
  String(value)
    .split('*')
    .reduce((product, factor) => product * Number(factor.replaceAll("'", '')), 1);

describe('docs/bounds.md', () => {
  test('lists every bound of the core, each once', () => {
    expect(rows.map(keyOf).sort()).toEqual(constants.map(keyOf).sort());
  });

  test.each(constants.map((each) => [keyOf(each), each] as const))('has %s right', (key, each) => {
    expect(rows.find((row) => keyOf(row) === key)?.value).toBe(each.value);
  });
});

describe('what both sides bound', () => {
  test('is an answer in one piece, of one size', () => {
    expect(numberOf(boundAt('cpp/base/bounds.h kAnswerBytes'))).toBe(bounds.wholeAnswerBytes);
  });

  test.for([
    ['kLongestRetry', bounds.longestRetryMs],
    ['kLongestSleep', bounds.longestSleepMs],
  ] as const)('is how long a refusal tells to wait: %s', ([name, ms]) => {
    const value = boundAt(`cpp/gateway/send_reply.cpp ${name}`);
    expect(value).toBe(`std::chrono::seconds(${ms / 1000})`);
  });

  test.for([
    ['openai/responses_memory.cpp kMostReferences', bounds.storeReferences],
    ['json/value.h kMaxDepth', bounds.jsonLevels],
    ['openai/metadata.cpp kMaxPairs', bounds.metadataPairs],
    ['openai/metadata.cpp kMaxName', bounds.metadataNameChars],
    ['openai/metadata.cpp kMaxValue', bounds.metadataValueChars],
    ['base/bounds.h kSignedCalls', bounds.storeSignaturesAtOnce],
  ] as const)('is what clients store: %s', ([name, most]) => {
    expect(numberOf(boundAt(`cpp/${name}`))).toBe(most);
  });

  test("is a fact's text, of one size", () => {
    const key = 'cpp/credentials/kv_credential_store.cpp kLongestText';
    expect(numberOf(boundAt(key))).toBe(bounds.poolFactChars);
  });
});
