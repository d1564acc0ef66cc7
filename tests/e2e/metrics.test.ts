// What a scraper reads, by a strict reader of Prometheus' text format.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, askTimes, eventsOf, failed, model } from '../support/chat.ts';
import { type Family, metricOf, parseMetrics } from '../support/prometheus.ts';
import { readByClient } from '../support/prometheusclient.ts';
import { type Rondo, startGoogle, startPair, startRondo } from '../support/rondo.ts';

const metricsKey = 'metrics-55d9';
const one = 'sim-account-1';

let google: GoogleStub;

beforeEach(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
});

const start = (vars: Readonly<Record<string, string>> = {}) =>
  startRondo({ vars: { ...google.vars(), METRICS_KEY: metricsKey, ...vars } });

const scrapeText = async (rondo: Rondo): Promise<string> => {
  const answer = await rondo.fetchBare('/metrics', {
    headers: { authorization: `Bearer ${metricsKey}` },
  });
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
};

const scrape = async (rondo: Rondo) => parseMetrics(await scrapeText(rondo));

test('metrics are not there without a key for them', async () => {
  const rondo = await startRondo({ vars: google.vars() });
  expect((await rondo.fetch('/metrics')).status).toBe(404);
});

test('metrics can be read before anything was asked', async () => {
  const families = await scrape(await start());
  expect(metricOf(families, 'rondo_credentials', { state: 'ready' })).toBe(2);
});

describe('metrics count', () => {
  test('requests, attempts, tokens and mints', async () => {
    const rondo = await start();
    google.fault({ credential: one }, 'day');
    await askTimes(rondo, 2);
    await eventsOf(rondo.chat(ask('Hi', { stream: true })));
    const families = await scrape(rondo);
    const labels = { model, client: 'key-1', status: '200', operation: 'chat_completions' };
    expect(metricOf(families, 'rondo_requests_total', labels)).toBe(3);
    expect(metricOf(families, 'rondo_attempts_total', { outcome: 'day', model })).toBe(1);
    expect(metricOf(families, 'rondo_attempts_total', { outcome: 'ok', model })).toBe(3);
    expect(metricOf(families, 'rondo_cool_downs_total', { reason: 'day' })).toBe(1);
    expect(metricOf(families, 'rondo_tokens_minted_total', { outcome: 'ok' })).toBe(2);
    expect(metricOf(families, 'rondo_tokens_total', { direction: 'input' })).toBeGreaterThan(0);
    expect(metricOf(families, 'rondo_tokens_total', { direction: 'output' })).toBeGreaterThan(0);
    for (const name of ['rondo_request_duration_seconds', 'rondo_first_byte_seconds']) {
      expect(metricOf(families, name, { model }, `${name}_count`)).toBe(3);
    }
  });

  test('operations on KV', async () => {
    const rondo = await start();
    await askTimes(rondo, 2);
    const { kv } = await rondo.state();
    const families = await scrape(rondo);
    expect(metricOf(families, 'rondo_kv_operations_total', { operation: 'get' })).toBe(kv.get);
    expect(metricOf(families, 'rondo_kv_operations_total', { operation: 'put' })).toBe(kv.put);
  });

  test('calls of the object, and over both isolates', async () => {
    const vars = { ...google.vars(), METRICS_KEY: metricsKey };
    const [first, second] = await startPair({ vars, pool: true });
    await askTimes(first, 1);
    await askTimes(second, 1);
    await expect
      .poll(async () => {
        const families = await scrape(first);
        return metricOf(families, 'rondo_requests_total', { status: '200', model });
      })
      .toBe(2);
    const families = await scrape(first);
    expect(
      metricOf(families, 'rondo_object_operations_total', { operation: 'count' }),
    ).toBeGreaterThan(0);
    expect(metricOf(families, 'rondo_scope_info', { scope: 'deployment' })).toBe(1);
  });

  test('what is refused before the pool has a part in it', async () => {
    const rondo = await start({ MAX_BODY_BYTES: '1000' });
    const post = (key: string, body: string) =>
      rondo.fetchBare('/v1/chat/completions', {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body,
      });
    for (const key of ['wrong', 'wrong', 'sk-named-4c1']) await (await post(key, '{}')).text();
    await failed(rondo.chat(ask('x'.repeat(1001))));
    await failed(rondo.fetch('/v1/none'));
    const name = 'rondo_refusals_total';
    const families = await scrape(rondo);
    expect(metricOf(families, name, { status: '401', code: 'invalid_api_key' })).toBe(3);
    expect(metricOf(families, name, { status: '413', code: 'request_too_large' })).toBe(1);
    expect(metricOf(families, name, { status: '404', code: 'unknown_url' })).toBe(1);
  });

  test('refusals over both isolates', async () => {
    const vars = { ...google.vars(), METRICS_KEY: metricsKey };
    const pair = await startPair({ vars, pool: true });
    for (const rondo of [...pair, ...pair]) await failed(rondo.fetch('/v1/none'));
    const labels = { status: '404', code: 'unknown_url' };
    for (const [index, rondo] of pair.entries()) {
      // What the other has gathered it tells when it is scraped itself.
      const sum = metricOf(await scrape(rondo), 'rondo_refusals_total', labels);
      expect(sum).toBe(3 + index);
    }
  });

  test('invented models under one name', async () => {
    const rondo = await start();
    google.fault({}, 'not-found', 8);
    for (const name of ['invented-1', 'invented-2']) {
      await failed(rondo.chat(ask('Hi', { model: name })));
    }
    const families = await scrape(rondo);
    expect(metricOf(families, 'rondo_requests_total', { model: 'unknown' })).toBe(2);
    expect(JSON.stringify([...families])).not.toContain('invented');
  });
});

test('a name of the operator is told whole, whatever stands in it', async () => {
  const name = 'Ann "the\\first"\n';
  const key = 'sk-named-4c1';
  const rondo = await start({ CLIENT_API_KEYS: JSON.stringify([{ name, key }]) });
  await rondo.fetchBare('/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(ask()),
  });
  const families = await scrape(rondo);
  const client = 'Ann "the\\first" ';
  expect(metricOf(families, 'rondo_requests_total', { client })).toBe(1);
});

describe("Prometheus' own client reads what the strict reader does", () => {
  /** As the client names it. */
  const ofClient = (family: Family): Family => ({
    ...family,
    name: family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name,
  });
  const strictly = (text: string): Family[] => [...parseMetrics(text).values()].map(ofClient);

  test('in a page that has all of it, under names that need escapes', async () => {
    const client = 'Ann "the\\first"';
    const alias = 'a "quoted\\" credential';
    const odd = 'gemini-"odd\\name"';
    const key = 'sk-named-4c1';
    google.addApiKey({ extra: { alias } });
    const rondo = await start({
      CLIENT_API_KEYS: JSON.stringify([{ name: client, key }]),
      MODEL_ALIASES: JSON.stringify({ odd }),
    });
    const chat = async (body: object): Promise<number> => {
      const answer = await rondo.fetchBare('/v1/chat/completions', {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
      await answer.text();
      return answer.status;
    };
    google.fault({ credential: one }, 'day');
    for (const stream of [false, true, false]) expect(await chat(ask('Hi', { stream }))).toBe(200);
    google.fault({}, 'not-found', 8);
    expect(await chat(ask('Hi', { model: 'odd' }))).toBe(404);
    await failed(rondo.fetch('/v1/none'));

    const text = await scrapeText(rondo);
    const families = parseMetrics(text);
    expect(metricOf(families, 'rondo_requests_total', { client, model, status: '200' })).toBe(3);
    expect(metricOf(families, 'rondo_requests_total', { client, model: odd })).toBe(1);
    expect(metricOf(families, 'rondo_attempts_total', { credential: alias, model })).toBe(1);
    expect(metricOf(families, 'rondo_cool_downs_total', { reason: 'day' })).toBe(1);
    const empty = [...families.values()].filter(({ samples }) => samples.length === 0);
    // There is no object here.
    expect(empty.map(({ name }) => name)).toEqual(['rondo_object_operations_total']);
    expect(readByClient(text)).toEqual(strictly(text));
  });

  test('in a label with every escape', () => {
    const text = '# HELP a_total A.\n# TYPE a_total counter\na_total{b="1\\n\\"2\\"\\\\n"} 3\n';
    expect(strictly(text)[0]?.samples[0]?.labels).toEqual({ b: '1\n"2"\\n' });
    expect(readByClient(text)).toEqual(strictly(text));
  });

  test('but refuses a page that it cannot read', () => {
    expect(() => readByClient('a_total{b="1} 2\n')).toThrow(/ValueError|IndexError/);
  });
});

describe('the reader', () => {
  const family = (samples: string) => `# HELP a_total A.\n# TYPE a_total counter\n${samples}`;

  test.for<[string, string]>([
    ['a sample before its type', 'a_total 1\n'],
    ['a sample that comes twice', family('a_total{b="1"} 1\na_total{b="1"} 2\n')],
    ['a label that is not escaped', family('a_total{b="1"2"} 1\n')],
    ['a number that is none', family('a_total one\n')],
    ['a missing end of line', family('a_total 1')],
    ['a counter by another name', '# HELP a A.\n# TYPE a counter\na 1\n'],
    [
      'a histogram that does not add up',
      '# HELP h H.\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n',
    ],
  ])('refuses %s', ([, text]) => {
    expect(() => parseMetrics(text)).toThrow();
  });
});
