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
const painted = (page: Page, [red, green, blue]: readonly number[]) =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('[aria-label^="Tokens: "] canvas');
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
