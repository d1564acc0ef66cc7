// What the operator set of what the worker itself needs to know.
import { expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { Log } from '../../worker/core/log.ts';
import { readSettings } from '../../worker/core/settings.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const defaults = {
  maxBodyBytes: 32 * 1024 * 1024,
  maxBodyBytesTotal: 40 * 1024 * 1024,
  bodyTimeoutMs: 30_000,
};

const read = (env: Record<string, unknown>) => readSettings(env, new Log('info'));

const warned = () => vi.mocked(console.warn).mock.calls.map(([line]) => JSON.parse(String(line)));

test.for([{}, { MAX_BODY_BYTES: '' }, { MAX_BODY_BYTES: ' ', BODY_TIMEOUT_MS: '' }])(
  'the defaults hold, without a word, with %j',
  (env) => {
    expect(read(env)).toEqual(defaults);
    expect(warned()).toEqual([]);
  },
);

test('numbers hold, be they texts or JSON', () => {
  const env = { MAX_BODY_BYTES: ' 100000 ', MAX_BODY_BYTES_TOTAL: 200_000, BODY_TIMEOUT_MS: '100' };
  expect(read(env)).toEqual({
    maxBodyBytes: 100_000,
    maxBodyBytesTotal: 200_000,
    bodyTimeoutMs: 100,
  });
  expect(warned()).toEqual([]);
});

const variables = [
  ['MAX_BODY_BYTES', 1, bounds.bodyBytesMost],
  ['MAX_BODY_BYTES_TOTAL', 1, bounds.bodyBytesTotalMost],
  ['BODY_TIMEOUT_MS', 100, 600_000],
] as const;

const broken = ['32MB', '-1', '0', '1e9', '1.5', '+5', '0x10', 'NaN', 'Infinity', '9'.repeat(20)];
const brokenJson = [-1, 0, 1.5, 1e12, true, { bytes: 1 }];

for (const [variable, least, most] of variables) {
  test.for([...broken, ...brokenJson, least - 1, most + 1])(
    `${variable}=%j is told in the log, and the default holds`,
    (value) => {
      expect(read({ [variable]: value })).toEqual(defaults);
      expect(warned()).toEqual([
        {
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          level: 'warn',
          event: 'setting_ignored',
          variable,
          fault: `is not a whole number from ${least} to ${most}`,
        },
      ]);
    },
  );

  test.for([least, most])(`${variable}=%i is taken`, (value) => {
    expect(Object.values(read({ [variable]: String(value) }))).toContain(value);
    expect(warned()).toEqual([]);
  });
}
