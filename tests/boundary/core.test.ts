// What the worker hands to the module: its variables once, and a head with each request.
import { expect, test, vi } from 'vitest';
import type { ConfigureHead } from '../../worker/core/abi.ts';
import type { Env } from '../../worker/core/core.ts';
import { readFrame } from '../../worker/core/frame.ts';
import { Instance } from '../../worker/core/instance.ts';
import { readTexts } from '../../worker/core/texts.ts';
import { builtModule } from '../support/machine.ts';
import { MemoryKv, ServedCore } from '../support/served.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

class Namespace {
  readonly token = 'of the platform';
}

class Dataset {
  writeDataPoint(): void {}
}

const configured = async (env: Env) => {
  const configure = vi.spyOn(Instance.prototype, 'configure');
  new ServedCore(await builtModule(), env);
  return readFrame<ConfigureHead>(configure.mock.calls[0]?.[0] as Uint8Array).head;
};

const headOf = async (headers: Record<string, string>) => {
  const request = vi.spyOn(Instance.prototype, 'request');
  const env = { GEMINI_CLI_KV: new MemoryKv().binding, LOG_LEVEL: 'error' };
  const served = new ServedCore(await builtModule(), env);
  await served.send('health', '', undefined, headers);
  return readTexts(request.mock.calls[0]?.[1] as Uint8Array);
};

const textsWith = (fallback: string) => ['health', 'req_1', fallback, 'test', '', '0'];

test('variables are handed over as texts, be they texts or JSON', async () => {
  const env = { LOG_LEVEL: 'error', COUNT: 3, LIST: ['a'], MAP: { a: 1 } };
  expect((await configured(env)).vars).toEqual({
    LOG_LEVEL: 'error',
    COUNT: '3',
    LIST: '["a"]',
    MAP: '{"a":1}',
  });
});

test('bindings are told by their being there, and not handed over', async () => {
  const POOL = new Namespace() as unknown as NonNullable<Env['POOL']>;
  const ANALYTICS = new Dataset() as unknown as AnalyticsEngineDataset;
  const bound = { GEMINI_CLI_KV: new MemoryKv().binding, POOL, ANALYTICS };
  expect(await configured(bound)).toEqual({
    vars: {},
    kv: true,
    pool: true,
    store: false,
    cache: false,
    points: true,
  });
});

test('what is not bound is told too', async () => {
  expect(await configured({})).toEqual({
    vars: {},
    kv: false,
    pool: false,
    store: false,
    cache: false,
    points: false,
  });
});

test.for(['off', ' Off ', 'OFF'])('x-rondo-fallback "%s" is handed over as off', async (value) => {
  expect(await headOf({ 'x-rondo-fallback': value })).toEqual(textsWith('off'));
});

test.for([{}, { 'x-rondo-fallback': 'on' }, { 'x-rondo-fallback': 'offline' }])(
  'with the headers %j fallback is left alone, and no header handed over',
  async (headers) => {
    expect(await headOf(headers)).toEqual(textsWith(''));
  },
);
