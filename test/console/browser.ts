import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/**
 * A browser for tests: the system's Chromium, or the one that npm brings. Every caller closes what it opened.
 */
const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Launches headless; `close()` of the browser ends its process. */
export async function launchBrowser(): Promise<Browser> {
  const system = SYSTEM.find((path) => existsSync(path));
  if (system !== undefined)
    return chromium.launch({ executablePath: system, args: ['--headless=new', ...QUIET], headless: true });
  const { default: bundled } = await import('@sparticuz/chromium');
  return chromium.launch({
    executablePath: await bundled.executablePath(),
    args: [...bundled.args, ...QUIET],
    headless: true,
  });
}
