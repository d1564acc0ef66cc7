// The worker's own lines.
import { expect, test, vi } from 'vitest';
import { Log } from '../../worker/core/log.ts';
import { Asking } from '../support/asking.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const counts = () =>
  [console.warn, console.error].map((write) => vi.mocked(write).mock.calls.length);

test.for([
  [undefined, [1, 1]],
  ['', [1, 1]],
  ['debug', [1, 1]],
  ['info', [1, 1]],
  ['loud', [1, 1]],
  ['warn', [1, 1]],
  ['error', [0, 1]],
  [' Error ', [0, 1]],
] as const)('with LOG_LEVEL %j there are so many warnings and errors: %j', ([level, expected]) => {
  const log = new Log(level);
  log.warn('a_warning', {});
  log.error('an_error', {});
  expect(counts()).toEqual(expected);
});

test('a line is JSON, with time, level and event before the rest', () => {
  new Log('warn').error('module_failed', { message: 'why' });
  const [line] = vi.mocked(console.error).mock.calls[0] ?? [];
  expect(Object.keys(JSON.parse(line))).toEqual(['time', 'level', 'event', 'message']);
  expect(JSON.parse(line)).toMatchObject({ level: 'error', event: 'module_failed' });
});

test.for([
  ['info', 1],
  ['error', 0],
] as const)(
  'with LOG_LEVEL %s a store that fails behind the answer makes %i lines',
  async ([level, lines]) => {
    const put = () => Promise.reject(new Error('KV is down'));
    await new Asking({ kv: { put }, logLevel: level }).tell('kv', { do: 'put', key: 'k', ttl: 60 });
    expect(counts()).toEqual([lines, 0]);
  },
);
