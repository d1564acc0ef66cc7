import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package puts it. Another place is named by CHROMIUM. */
const places = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** The browser of this machine, if it has one. */
export const chromiumPath: string | undefined = places.find(
  (place) => place !== '' && existsSync(place),
);

export function launch(): Promise<Browser> {
  if (chromiumPath === undefined) {
    throw new Error('there is no chromium: install it, or name it by CHROMIUM');
  }
  return chromium.launch({
    executablePath: chromiumPath,
    // Root has no sandbox to run it in.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
  });
}
