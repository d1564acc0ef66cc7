// Takes the pictures of the operator's page that stand in the documents.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { root } from '../build/cmake.ts';
import { launch } from './chromium.ts';
import { sampleKey, startSample } from './server.ts';

interface Picture {
  readonly name: string;
  readonly section: string;
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}

const wide = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };
const pictures: readonly Picture[] = [
  { name: 'admin-light', section: 'pool', theme: 'light', ...wide },
  { name: 'admin-dark', section: 'traffic', theme: 'dark', ...wide },
  { name: 'admin-requests', section: 'requests', theme: 'light', ...wide },
  { name: 'admin-phone', section: 'pool', theme: 'dark', ...phone },
];

/** All sections in both themes, for whoever works on the page: `npm run screenshots all`. */
const everything: readonly Picture[] = [
  'pool',
  'why',
  'traffic',
  'requests',
  'chat',
  'settings',
].flatMap((section) =>
  [wide, phone].flatMap((size) =>
    (['light', 'dark'] as const).map((theme) => ({
      name: `${section}-${theme}-${size.width}`,
      section,
      theme,
      ...size,
    })),
  ),
);

async function take(browser: Browser, url: string, picture: Picture, path: string): Promise<void> {
  const { theme, width, height, section } = picture;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  await page.addInitScript((key) => sessionStorage.setItem('rondo-admin-key', key), sampleKey);
  await page.goto(`${url}/admin#${section}`);
  await page.locator('#health.live').waitFor();
  if (section === 'requests') await page.locator('.requests summary').nth(2).click();
  await page.screenshot({ path, animations: 'disabled' });
  await page.close();
}

const isAll = process.argv.includes('all');
const folder = isAll ? join(root, 'build', 'screenshots') : join(root, 'docs', 'images');
mkdirSync(folder, { recursive: true });
const sample = await startSample();
const browser = await launch();
for (const picture of isAll ? everything : pictures) {
  const path = join(folder, `${picture.name}.png`);
  await take(browser, sample.url, picture, path);
  console.log(`screenshots: ${path}`);
}
await browser.close();
await sample.close();
