import { describe, expect, it } from 'vitest';
import type { QuotaOptions } from '../../scripts/googlestub/quota.ts';
import { flash, whole } from './samples.ts';
import { askGemini, errorOf, read, start } from './support.ts';

const argon = 'gemini-4-argon';

async function setUp(quotas: QuotaOptions, at: string) {
  const clock = { now: Date.parse(at) };
  const stub = await start({ quotas, now: () => clock.now });
  const key = stub.addApiKey();
  const ask = async (model = flash, account = key) =>
    read(await askGemini(stub, account, `${model}:generateContent`));
  return { clock, stub, key, ask };
}

function detail(answer: Awaited<ReturnType<typeof read>>, name: string) {
  const { details } = errorOf(answer);
  const all = Array.isArray(details) ? (details as Record<string, never>[]) : [];
  return all.find((one) => one['@type'] === `type.googleapis.com/google.rpc.${name}`);
}

it('refuses what goes beyond the minute, and takes it once the minute is over', async () => {
  const { clock, ask } = await setUp({ perMinute: 2 }, '2026-11-24T10:00:15.903Z');
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(detail(refused, 'QuotaFailure')?.violations).toMatchObject([
    { quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier', quotaValue: '2' },
  ]);
  expect(detail(refused, 'RetryInfo')?.retryDelay).toBe('44.097s');
  expect(detail(refused, 'Help')).toBeDefined();
  expect(errorOf(refused).message).toContain('Please retry in 44.097s.');
  clock.now += 44_096;
  expect((await ask()).status).toBe(429);
  clock.now += 1;
  expect((await ask()).status).toBe(200);
});

it('counts for each model by itself', async () => {
  const { ask } = await setUp({ perMinute: 1 }, '2026-11-24T10:00:00Z');
  expect([(await ask(flash)).status, (await ask(argon)).status]).toEqual([200, 200]);
  expect([(await ask(flash)).status, (await ask(argon)).status]).toEqual([429, 429]);
});

it('counts for all credentials of a project together', async () => {
  const { stub, ask, key } = await setUp({ perMinute: 1 }, '2026-11-24T10:00:00Z');
  const sibling = stub.addApiKey({ project: key.project });
  const stranger = stub.addApiKey();
  expect((await ask(flash)).status).toBe(200);
  expect((await ask(flash, sibling)).status).toBe(429);
  expect((await ask(flash, stranger)).status).toBe(200);
});

it('keeps a spent day until midnight Pacific, whatever the short delay says', async () => {
  const { clock, ask } = await setUp({ perDay: 1 }, '2026-11-24T23:00:30Z');
  expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect(detail(refused, 'QuotaFailure')?.violations).toMatchObject([
    { quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' },
  ]);
  expect(detail(refused, 'RetryInfo')?.retryDelay).toBe('30s');
  clock.now = Date.parse('2026-11-25T07:59:59.999Z');
  expect((await ask()).status).toBe(429);
  clock.now += 1;
  expect((await ask()).status).toBe(200);
});

it('ends the day an hour earlier in summer time', async () => {
  const { clock, ask } = await setUp({ perDay: 1 }, '2026-07-01T20:00:00Z');
  await ask();
  clock.now = Date.parse('2026-07-02T06:59:59Z');
  expect((await ask()).status).toBe(429);
  clock.now = Date.parse('2026-07-02T07:00:00Z');
  expect((await ask()).status).toBe(200);
});

it('has limits for single models', async () => {
  const models = { 'gemini-4-argon': { perMinute: 1 } };
  const { ask } = await setUp({ models }, '2026-11-24T10:00:00Z');
  expect([(await ask(argon)).status, (await ask(argon)).status]).toEqual([200, 429]);
  expect([(await ask(flash)).status, (await ask(flash)).status]).toEqual([200, 200]);
});

describe('a minute that all models share', () => {
  const shared = { perMinute: 2 };

  it('is spent by all of them together, and names none', async () => {
    const { ask } = await setUp({ shared }, '2026-11-24T10:00:00Z');
    expect([(await ask(flash)).status, (await ask(argon)).status]).toEqual([200, 200]);
    const refused = await ask(flash);
    expect(refused.status).toBe(429);
    expect(detail(refused, 'QuotaFailure')?.violations).toEqual([
      expect.objectContaining({
        quotaId: 'GenerateRequestsPerMinutePerProject',
        quotaDimensions: { location: 'global' },
        quotaValue: '2',
      }),
    ]);
  });

  it('is over with the minute', async () => {
    const { clock, ask } = await setUp({ shared }, '2026-11-24T10:00:00Z');
    for (const call of [flash, argon]) await ask(call);
    clock.now += 59_999;
    expect((await ask(argon)).status).toBe(429);
    clock.now += 1;
    expect((await ask(argon)).status).toBe(200);
  });

  it('belongs to one project', async () => {
    const { stub, ask } = await setUp({ shared }, '2026-11-24T10:00:00Z');
    for (const call of [flash, argon]) await ask(call);
    expect((await ask(flash, stub.addApiKey())).status).toBe(200);
  });

  it('is not spent by a request that the own limit of its model refuses', async () => {
    const models = { 'gemini-4-argon': { perMinute: 0 } };
    const { ask } = await setUp({ shared, models }, '2026-11-24T10:00:00Z');
    const asked = [await ask(argon), await ask(flash), await ask(flash), await ask(flash)];
    expect(asked.map(({ status }) => status)).toEqual([429, 200, 200, 429]);
  });
});

it('refuses without details in the style of the shared pool', async () => {
  const { ask } = await setUp({ perMinute: 0, style: 'vertex' }, '2026-11-24T10:00:00Z');
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(errorOf(refused)).not.toHaveProperty('details');
  expect(errorOf(refused).message).toMatch(/^Resource exhausted\. Please try again later\./);
});

it('does not count a request that it refuses for its content', async () => {
  const { stub, key, ask } = await setUp({ perMinute: 1 }, '2026-11-24T10:00:00Z');
  expect((await askGemini(stub, key, whole, { body: {} })).status).toBe(400);
  expect((await ask()).status).toBe(200);
});
