// What an operator does, against a running worker with the stand-in for Google behind it.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GoogleStub, GoogleStubOptions } from '../../scripts/googlestub/googlestub.ts';
import { ask, failed, model, told } from '../support/chat.ts';
import {
  clientKey,
  type Rondo,
  type RondoOptions,
  startGoogle,
  startRondo,
} from '../support/rondo.ts';
import { adminKey, pass, pollMs, signIn, turnTo, useBrowser, visit } from './browser.ts';

useBrowser();

interface Place {
  readonly google: GoogleStub;
  readonly rondo: Rondo;
  readonly aliases: readonly string[];
}

async function begin(
  options: GoogleStubOptions = {},
  vars = {},
  kv: Pick<RondoOptions, 'kv'> = {},
): Promise<Place> {
  const google = await startGoogle(options);
  google.addServiceAccounts(2);
  const all = { ...google.vars(), ADMIN_API_KEY: adminKey, ...vars };
  const rondo = await startRondo({ vars: all, ...kv });
  const headers = { authorization: `Bearer ${adminKey}` };
  const pool = await (await rondo.fetchBare('/admin/api/pool', { headers })).json();
  const { credentials } = pool as { credentials: { alias: string }[] };
  return { google, rondo, aliases: credentials.map(({ alias }) => alias) };
}

/** For those to whom it is all the same what was asked before. */
let shared: Place;

beforeAll(async () => {
  shared = await begin();
  await told(shared.rondo.chat(ask()));
});

async function enter({ rondo }: Place): Promise<Page> {
  const page = await visit(rondo.url);
  await signIn(page);
  return page;
}

/** The first account's card. */
const card = (page: Page, { aliases }: Place) => page.locator(`[data-alias="${aliases[0]}"].card`);

describe('signing in', () => {
  test('is refused with a wrong key, which is not kept', async () => {
    const page = await visit(shared.rondo.url);
    await page.getByLabel('Admin key').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('That is not the admin key.').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('keeps the key in the tab alone, until one signs out', async () => {
    const page = await enter(shared);
    expect(page.url()).not.toContain(adminKey);
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(adminKey);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin key').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });
});

test('a credential that begins to cool is shown while the page is open, and a reset brings it back', async () => {
  const place = await begin();
  const { google, rondo, aliases } = place;
  const page = await enter(place);
  google.fault({ credential: 'sim-account-1' }, { kind: 'minute', seconds: 40 });
  await told(rondo.chat(ask()));
  await pass(page, pollMs);
  const cell = page.getByRole('row', { name: aliases[0] ?? '' }).locator('td');
  await cell.getByText('per-minute quota').waitFor();
  await expect.poll(() => cell.locator('time').textContent()).toMatch(/^\d+ s$/);
  await page.getByText('1 pair cooling').waitFor();
  await expect.poll(() => page.locator('#news').textContent()).toContain('cools for');
  await card(page, place).getByText('Last error: 429').waitFor();
  await page.getByRole('button', { name: `Reset ${aliases[0]}` }).click();
  await cell.getByText('ready').waitFor();
  await card(page, place).getByText('Reset: it may serve again.').waitFor();
});

test('a model that nobody has is told as an error, and makes nobody rest', async () => {
  const place = await begin();
  const page = await enter(place);
  await failed(place.rondo.chat({ ...ask(), model: 'gemini-misspelled' }));
  await pass(page, pollMs);
  await card(page, place).getByText('Last error: 404').waitFor();
  expect(await page.getByText('cooling').count()).toBe(0);
});

test('without KV the pool is shown, and what to do about it', async () => {
  const place = await begin({}, {}, { kv: false });
  const page = await enter(place);
  await card(page, place).waitFor();
  await page.getByText('GEMINI_CLI_KV is not bound').waitFor();
});

test('the pool tells of all settings that are wrong, also of those that close /v1', async () => {
  const place = await begin({}, { CLIENT_API_KEYS: 'abc,[def', MAX_ATTEMPTS: 'many' });
  const page = await enter(place);
  const box = page.locator('.notice', { hasText: 'Some settings are wrong' });
  await box.getByText('MAX_ATTEMPTS').waitFor();
  await box.getByText('CLIENT_API_KEYS entry 2 looks like a piece of JSON').waitFor();
});

test('of two credentials with one alias, each is asked by its own id', async () => {
  const place = await begin();
  const page = await visit(place.rondo.url);
  // As one names them in two files.
  await page.route('**/admin/api/pool', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    for (const one of json.credentials) one.alias = 'main';
    await route.fulfill({ response, json });
  });
  await signIn(page);
  const second = page.locator('.card').nth(1);
  const id = await second.getAttribute('data-key');
  const asked = (what: string) => page.waitForRequest(`**/credentials/${id}/${what}**`);
  for (const [button, what] of [
    ['Test main', 'test'],
    ['Reset main', 'reset'],
  ] as const) {
    const done = asked(what);
    await second.getByRole('button', { name: button }).click();
    await done;
    await second.locator('.outcome.good').waitFor();
  }
  expect(await page.locator('.card').first().locator('.outcome').textContent()).toBe('');
  await turnTo(page, 'Chat');
  await page.getByLabel('Model').fill(model);
  await page.getByLabel('Credential').selectOption({ index: 2 });
  await page.getByLabel('Message').fill('Hello there');
  const chat = asked('chat');
  await page.getByRole('button', { name: 'Send' }).click();
  await chat;
  await page.getByText('You said: Hello there').waitFor();
});

test('a credential that is held to no models is told to have all', async () => {
  const page = await enter(shared);
  await card(page, shared).getByText('all', { exact: true }).waitFor();
});

test('a test of a credential tells how it went', async () => {
  const page = await enter(shared);
  await page.getByRole('button', { name: `Test ${shared.aliases[0]}` }).click();
  await card(page, shared).getByText(`Works: ${model} answered in`).waitFor();
});

test('why agrees with who is then asked', async () => {
  const page = await enter(shared);
  await turnTo(page, 'Why');
  await page.getByLabel('Model').fill(model);
  await page.getByRole('button', { name: 'Explain' }).click();
  const next = await page.locator('.verdict strong').textContent();
  const answer = await shared.rondo.chat(ask());
  expect(answer.headers.get('x-rondo-credential')).toBe(next);
});

test('the charts add up to what was asked', async () => {
  const place = await begin();
  const { google, rondo, aliases } = place;
  google.fault({ credential: 'sim-account-1' }, { kind: 'minute', seconds: 40 }, 1);
  for (let asked = 0; asked < 3; asked += 1) await (await rondo.chat(ask())).text();
  const page = await enter(place);
  await turnTo(page, 'Traffic');
  await page.getByRole('img', { name: 'Requests: requests 3, errors 0, attempts 4' }).waitFor();
  await page.getByLabel('Of').selectOption({ label: aliases[1] ?? '' });
  await page
    .getByRole('img', { name: /^Requests: requests nothing, errors 0, attempts 3/ })
    .waitFor();
});

test('a request is listed with its attempts, and found by its status', async () => {
  const place = await begin();
  const { google, rondo } = place;
  google.fault({ credential: 'sim-account-1' }, { kind: 'minute', seconds: 40 }, 1);
  await told(rondo.chat(ask()));
  const page = await enter(place);
  await turnTo(page, 'Requests');
  await page.locator('.requests summary').click();
  await page.locator('.attempts li').nth(1).getByText('ok').waitFor();
  await page.getByLabel('Status').fill('5xx');
  await page.getByLabel('Status').press('Enter');
  await page.getByText('No request fits.').waitFor();
});

describe('the chat', () => {
  test('streams an answer through the credential that was chosen', async () => {
    const page = await enter(shared);
    await turnTo(page, 'Chat');
    await page.getByLabel('Model').fill(model);
    await page.getByLabel('Credential').selectOption(shared.aliases[1] ?? '');
    await page.getByLabel('Message').fill('Hello there');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('You said: Hello there').waitFor();
    await page.getByText(`${shared.aliases[1]} · first word`).waitFor();
  });

  test('begins with a model that chats', async () => {
    const place = await begin();
    const drawn = { model: 'gemini-2.5-flash-image', prompt: 'A red fox' };
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(drawn);
    const asked = { method: 'POST', headers, body };
    await (await place.rondo.fetch('/v1/images/generations', asked)).text();
    await told(place.rondo.chat(ask()));
    const page = await enter(place);
    await page.getByRole('columnheader', { name: drawn.model }).waitFor();
    await turnTo(page, 'Chat');
    await expect.poll(() => page.getByLabel('Model').inputValue()).toBe(model);
  });

  test('stops when told', async () => {
    const page = await enter(await begin({ pace: 300 }));
    await turnTo(page, 'Chat');
    await page.getByLabel('Model').fill(model);
    await page.getByLabel('Message').fill('word '.repeat(100));
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('You said').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped.').waitFor();
    expect(await page.getByText('first word').count()).toBe(0);
  });
});

test('the settings show no secret', async () => {
  const page = await enter(shared);
  await turnTo(page, 'Settings');
  await page.getByRole('row', { name: /ADMIN_API_KEY set, secret/ }).waitFor();
  expect(await page.content()).not.toContain(adminKey);
});

test('the page rests while it is hidden', async () => {
  const page = await enter(shared);
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
  await page.locator('#health.paused').waitFor();
});

test('the page says when nothing answers, and when it tries again', async () => {
  const page = await enter(shared);
  await page.route('**/admin/api/**', (route) =>
    route.fulfill({ status: 429, headers: { 'retry-after': '30' }, body: '{}' }),
  );
  await pass(page, pollMs);
  await page.getByText(/Rondo answered 429\. Next try in (29|30) s\./).waitFor();
});

test('what clients and Google say is only ever text', async () => {
  const markup =
    '<img src="x" onerror="document.body.remove()"><script>document.body.remove()</script>';
  const client = [{ name: markup, key: clientKey }];
  const place = await begin({}, { CLIENT_API_KEYS: JSON.stringify(client) });
  await failed(place.rondo.chat(ask('Hello', { model: markup })));
  place.google.fault({}, { kind: 'says', status: 403, message: `API key not valid. ${markup}` });
  await told(place.rondo.chat(ask()));
  const page = await enter(place);
  await page.getByText('Last error').first().click();
  await page.getByText(`API key not valid. ${markup}`).first().waitFor();
  await turnTo(page, 'Traffic');
  await page.getByLabel('Of').selectOption({ label: markup });
  await turnTo(page, 'Requests');
  await page.locator('.requests .client').getByText(markup).first().waitFor();
  await page.locator('.requests .model').getByText(markup).waitFor();
  expect(await page.locator('#main img, #main script').count()).toBe(0);
});
