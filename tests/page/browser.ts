// A browser on the operator's page. What it must never do is looked at after each test.
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launch } from '../../scripts/screenshots/chromium.ts';

export const adminKey = 'admin-7c1f0e55d9';

export const wide = { width: 1280, height: 860 };
export const phone = { width: 390, height: 844 };

let browser: Browser;
/** One for all tests of a file: to open one takes longer than most of them. */
let tab: Page;
/** Where the tab is. */
let home = '';
/** What no page may have: errors on its console, and requests to elsewhere. */
const faults: string[] = [];

/** To be called at the top of a file. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launch();
    tab = await browser.newPage({ reducedMotion: 'reduce', locale: 'en-GB', viewport: wide });
    watch(tab);
    // Its time goes by as ever, and `pass` lets more of it go by.
    await tab.clock.install();
  });

  afterEach(async () => {
    await tab.unrouteAll();
    await tab.evaluate('localStorage.clear(); sessionStorage.clear()');
    await tab.goto('about:blank');
    expect(faults.splice(0)).toEqual([]);
  });

  afterAll(() => browser.close());
}

function watch(page: Page): void {
  page.on('console', (line) => {
    if (line.type() === 'error' && !isRefusedCall(line.text())) faults.push(line.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (url !== 'about:blank' && !url.startsWith(`${home}/`)) faults.push(`a request to ${url}`);
  });
}

/** Chromium notes each answer from 400 on by itself, those too that the page awaits. */
function isRefusedCall(text: string): boolean {
  return /^Failed to load resource: the server responded with a status of (401|429)/.test(text);
}

/** The tab on `/admin` of a server. */
export async function visit(url: string): Promise<Page> {
  home = url;
  await tab.goto(`${url}/admin`);
  return tab;
}

export async function signIn(page: Page, key = adminKey): Promise<void> {
  await page.getByLabel('Admin key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#health.live').waitFor();
}

/** Opens a section and waits until it shows something. */
export async function turnTo(page: Page, section: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: section, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: section }).waitFor();
}

/** Lets time go by for the page, at once: what it waits for by then happens. */
export const pass = (page: Page, ms: number): Promise<void> => page.clock.fastForward(ms);

/** How often the page asks. */
export const pollMs = 4000;

/** What axe-core finds, a line each. The document keeps it: to bring it along takes longer than most runs. */
export async function flaws(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const run = "axe.run(document, { resultTypes: ['violations'] })";
  const { violations } = (await page.evaluate(run)) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
