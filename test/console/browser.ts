import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  const { default: bundled, inflate, setupLambdaEnvironment } = await import('@sparticuz/chromium');
  const launch = async () =>
    chromium.launch({
      executablePath: await bundled.executablePath(),
      args: [...bundled.args, ...QUIET],
      headless: true,
    });
  try {
    return await launch();
  } catch {
    // A bare system lacks the security libraries (NSS); the package brings them too.
    const folder = dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))));
    setupLambdaEnvironment(join(tmpdir(), 'al2023', 'lib'));
    await inflate(join(folder, 'bin', 'al2023.tar.br'));
    return launch();
  }
}
