// How the page looks and is reached, with a made-up pool behind it that has all there can be.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SampleServer, sampleKey, startSample } from '../../scripts/screenshots/server.ts';
import { flaws, pass, phone, pollMs, signIn, turnTo, useBrowser, visit, wide } from './browser.ts';

useBrowser();

let sample: SampleServer;

beforeAll(async () => {
  sample = await startSample();
});

afterAll(() => sample.close());

const sections = ['Pool', 'Why', 'Traffic', 'Requests', 'Chat', 'Settings'];

/** Has the sample answer otherwise in one of its parts, from now on. */
// biome-ignore lint/suspicious/noExplicitAny: an answer is JSON of any shape
const alter = (page: Page, part: string, change: (answer: any) => void) =>
  page.route(`${sample.url}/admin/api/${part}*`, async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    change(json);
    await route.fulfill({ response, json });
  });

// Each theme and each width once: what a theme may spoil is not what a width may.
const looks = [
  ['light on a desk', { colorScheme: 'light' }, wide],
  ['dark on a phone', { colorScheme: 'dark' }, phone],
] as const;

const isWiderThanItsWindow = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > innerWidth');

/** What only shows when it is asked for. */
async function unfold(page: Page, section: string): Promise<void> {
  if (section === 'Requests') await page.locator('.requests summary').nth(2).click();
  if (section === 'Traffic') await page.getByText('As a table').first().click();
}

test.for(looks)('%s, axe finds nothing, and each section fits into the window', async (look) => {
  const [, media, size] = look;
  const page = await visit(sample.url);
  await page.emulateMedia(media);
  await page.setViewportSize(size);
  expect(await flaws(page)).toEqual([]);
  await signIn(page, sampleKey);
  for (const section of sections) {
    await turnTo(page, section);
    await unfold(page, section);
    expect.soft(await flaws(page), section).toEqual([]);
    expect.soft(await isWiderThanItsWindow(page), section).toBe(false);
  }
});

const ground = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');

test('the theme is the system’s until it is chosen, and then kept', async () => {
  const page = await visit(sample.url);
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, sampleKey);
  const dark = await ground(page);
  await page.getByRole('button', { name: 'Use light colours' }).click();
  const light = await ground(page);
  expect(light).not.toBe(dark);
  await page.reload();
  await page.getByRole('button', { name: 'Use dark colours' }).waitFor();
  expect(await ground(page)).toBe(light);
});

/** How many of a chart's points are of this colour. */
const painted = (page: Page, [red, green, blue]: readonly number[], chart = 'Tokens') =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('[aria-label^="${chart}: "] canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] === ${red} && data[i + 1] === ${green} && data[i + 2] === ${blue}) count += 1;
    }
    return count;
  })()`);

test('a chart is drawn in the colours of the theme, and anew when that is chosen', async () => {
  const page = await visit(sample.url);
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, sampleKey);
  await turnTo(page, 'Traffic');
  await page.getByRole('img', { name: /^Tokens: / }).waitFor();
  const inDark = [0x7a, 0xa9, 0xff];
  const inLight = [0x1f, 0x5f, 0xcc];
  await expect.poll(() => painted(page, inDark)).toBeGreaterThan(20);
  expect(await painted(page, inLight)).toBe(0);
  await page.getByRole('button', { name: 'Use light colours' }).click();
  await expect.poll(() => painted(page, inLight)).toBeGreaterThan(20);
  expect(await painted(page, inDark)).toBe(0);
});

test.for(['Latency', 'First byte'])(
  'a step of %s that was measured alone is seen',
  async (chart) => {
    const page = await visit(sample.url);
    await page.emulateMedia({ colorScheme: 'light' });
    await alter(page, 'series', ({ total }) => {
      for (const name of Object.keys(total).filter((each) => each.endsWith('_ms'))) {
        total[name] = total[name].map((ms: number, step: number) => (step === 30 ? ms : null));
      }
    });
    await signIn(page, sampleKey);
    await turnTo(page, 'Traffic');
    await page.getByRole('img', { name: new RegExp(`^${chart}: `) }).waitFor();
    await expect.poll(() => painted(page, [0x1f, 0x5f, 0xcc], chart)).toBeGreaterThan(3);
    await expect.poll(() => painted(page, [0xc9, 0x37, 0x2c], chart)).toBeGreaterThan(3);
  },
);

describe('on a phone', () => {
  const patterns = Array.from({ length: 20 }, (_, index) => `gemini-${index}.5-flash-*`);

  async function signedIn(part: string, change: Parameters<typeof alter>[2]): Promise<Page> {
    const page = await visit(sample.url);
    await page.setViewportSize(phone);
    await alter(page, part, change);
    await signIn(page, sampleKey);
    return page;
  }

  /** How much of what each of these holds is cut off. */
  const cutIn = (page: Page, what: string) =>
    page
      .locator(what)
      .evaluateAll((all: { scrollWidth: number; clientWidth: number }[]) =>
        all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
      );

  test.for([28, 64])(
    'an alias of %i letters leaves model and time as they are',
    async (letters) => {
      const page = await signedIn('requests', ({ requests }) => {
        requests[0].credential = 'x'.repeat(letters);
      });
      await turnTo(page, 'Requests');
      const first = '.requests > li:first-child';
      await page.locator(first).waitFor();
      expect(await cutIn(page, `${first} :is(.model, .at, .ms, .tries)`)).toEqual([0, 0, 0, 0]);
    },
  );

  const heightOf = async (page: Page, row: string): Promise<number> =>
    (await page.locator(row).boundingBox())?.height ?? 0;

  test('a long reason makes no row as high as half of the window', async () => {
    const page = await signedIn('explain', ({ order }) => {
      const [last] = order.slice(-1);
      Object.assign(last, { credential: 'x'.repeat(64), reason: `models: ${patterns.join(', ')}` });
    });
    await turnTo(page, 'Why');
    await page.getByText('gemini-19.5-flash').waitFor();
    expect(await heightOf(page, '.told tbody tr:last-child')).toBeLessThan(phone.height / 2);
    expect(await cutIn(page, '.told tbody tr:last-child :is(th, td)')).toEqual([0, 0, 0, 0, 0]);
    const box = await page.locator('.told tbody th').last().boundingBox();
    expect(box?.width).toBeLessThan(phone.width / 2);
  });

  const long = 'x'.repeat(400);

  test.for([
    ['reason', ({ order }) => Object.assign(order.at(-1), { reason: long })],
    ['credential', ({ order }) => Object.assign(order[0], { credential: long })],
    ['model', (told) => Object.assign(told, { model: long })],
    ['fallback', (told) => Object.assign(told, { fallbacks: [long] })],
  ] as [string, Parameters<typeof alter>[2]][])(
    'a %s without a blank leaves the page as wide as the screen',
    async ([, change]) => {
      const page = await signedIn('explain', change);
      await turnTo(page, 'Why');
      await page.getByText(long).first().waitFor();
      expect(await isWiderThanItsWindow(page)).toBe(false);
    },
  );

  test('a reason without a blank of an attempt leaves the page as wide as the screen', async () => {
    const page = await signedIn('requests', ({ requests }) => {
      for (const { attempts } of requests) for (const each of attempts) each.reason = long;
    });
    await turnTo(page, 'Requests');
    await page.locator('.requests summary').first().click();
    await page.getByText(long).first().waitFor();
    expect(await isWiderThanItsWindow(page)).toBe(false);
  });

  test('a client of a long name with many models is a row that can be read', async () => {
    const page = await signedIn('settings', ({ clients }) => {
      Object.assign(clients[1], { name: 'n'.repeat(128), models: patterns });
    });
    await turnTo(page, 'Settings');
    const row = '[aria-label=Clients] tbody tr:last-child';
    await page.locator(row).waitFor();
    expect(await heightOf(page, row)).toBeLessThan(phone.height / 2);
    const box = await page.locator(`${row} th`).boundingBox();
    expect(box?.width).toBeLessThan(phone.width / 2);
  });
});

test('a number stands below the end of its head', async () => {
  const page = await visit(sample.url);
  await signIn(page, sampleKey);
  await turnTo(page, 'Why');
  interface Styled {
    computedStyleMap(): { get(name: string): unknown };
  }
  const aligned = (cell: string) =>
    page
      .locator(`.told ${cell}`)
      .first()
      .evaluate((found: Styled) => String(found.computedStyleMap().get('text-align')));
  await page.locator('.told td.num').first().waitFor();
  expect([await aligned('thead th'), await aligned('td.num')]).toEqual(['right', 'right']);
});

test('credentials stand among the settings in the order of their numbers', async () => {
  const page = await visit(sample.url);
  const names = ['', 'S', '_1', '_10', '_11', '_2'].map((end) => `GCP_SERVICE_ACCOUNT${end}`);
  await alter(page, 'settings', ({ settings }) => {
    const lines = names.map((name) => ({ ...settings[2], name }));
    settings.splice(1, 0, ...lines);
  });
  await signIn(page, sampleKey);
  await turnTo(page, 'Settings');
  const rows = page.locator('[aria-label="Set here"] tbody th');
  await rows.first().waitFor();
  const ends = ['', '_1', '_2', '_10', '_11', 'S'];
  const [first, ...rest] = await rows.allTextContents();
  expect(first).toBe('MAX_ATTEMPTS');
  expect(rest.slice(0, 6)).toEqual(ends.map((end) => `GCP_SERVICE_ACCOUNT${end}`));
  expect(rest[6]).toBe('MODEL_FALLBACKS');
});

test('a client that may not name what is stored at Google’s is told as such', async () => {
  const page = await visit(sample.url);
  await alter(page, 'settings', ({ clients }) => {
    clients[1].stored = false;
  });
  await signIn(page, sampleKey);
  await turnTo(page, 'Settings');
  await page.getByRole('columnheader', { name: 'Stored content' }).waitFor();
  await page.getByRole('row', { name: /^alice all allowed / }).waitFor();
  await page.getByRole('row', { name: /^ci .* not allowed / }).waitFor();
});

const focused = (page: Page) =>
  page.evaluate(
    "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()",
  );

async function pressed(page: Page, ...keys: string[]): Promise<unknown> {
  for (const key of keys) await page.keyboard.press(key);
  return focused(page);
}

describe('the keyboard alone', () => {
  test('signs in, skips to the content and turns to a section', async () => {
    const page = await visit(sample.url);
    await page.locator('#key:focus').waitFor();
    await page.keyboard.type(sampleKey);
    await page.keyboard.press('Enter');
    await page.locator('#health.live').waitFor();
    expect(await pressed(page, 'Tab')).toBe('Skip to content');
    await pressed(page, 'Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    expect(await pressed(page, 'Tab')).toBe('Credential by model');
    expect(await pressed(page, 'Tab')).toMatch(/^Last error: 429 per-minute quota/);
    expect(await pressed(page, 'Tab', 'Tab')).toBe('Reset main');
  });

  test('keeps its place while the page asks anew', async () => {
    const page = await visit(sample.url);
    await signIn(page, sampleKey);
    await page.getByRole('button', { name: 'Test second' }).focus();
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/admin/api/pool'));
    await pass(page, pollMs);
    await asked;
    expect(await focused(page)).toBe('Test second');
  });
});

test('a chart is told to those who do not see it, and its numbers stand in a table', async () => {
  const page = await visit(sample.url);
  await signIn(page, sampleKey);
  await turnTo(page, 'Traffic');
  const chart = page.getByRole('img', { name: /^Tokens: in [\d.]+M, out [\d.]+M$/ });
  await chart.waitFor();
  await page.getByText('As a table: Tokens').click();
  expect(await page.getByRole('region', { name: 'Tokens' }).locator('tbody tr').count()).toBe(60);
});
