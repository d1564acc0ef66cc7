// A browser on the operator's page. What it must never do is looked at after each test.
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launch } from '../../scripts/screenshots/chromium.ts';

export const adminKey = 'admin-7c1f0e55d9';

let browser: Browser;
/** What no page may have: errors on its console, and requests to elsewhere. */
const faults: string[] = [];

/** To be called at the top of a file. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launch();
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(faults.splice(0)).toEqual([]);
  });

  afterAll(() => browser.close());
}

/** A tab of its own on `/admin` of a server. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  page.on('console', (line) => {
    if (line.type() === 'error' && !isRefusedCall(line.text())) faults.push(line.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) faults.push(`a request to ${request.url()}`);
  });
  await page.goto(`${url}/admin`);
  return page;
}

/** Chromium notes each answer from 400 on by itself, those too that the page awaits. */
function isRefusedCall(text: string): boolean {
  return /^Failed to load resource: the server responded with a status of (401|429)/.test(text);
}

export async function signIn(page: Page, key = adminKey): Promise<void> {
  await page.getByLabel('Admin key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#health.live').waitFor();
}

/** Opens a section and waits until it shows what was asked for it. */
export async function turnTo(page: Page, section: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: section, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: section }).waitFor();
}

/** What axe-core finds, a line each. */
export async function flaws(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
