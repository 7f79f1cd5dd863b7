import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type FakeApi, PIN, startFakeApi } from './fake-api.ts';
import { NOW } from './office.ts';
import { personOf, rolesOf, type Scenario } from './scenarios.ts';

export interface OpenOptions {
  readonly language: 'id' | 'en';
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly idleMs?: number;
}

export interface Opened {
  readonly page: Page;
  readonly api: FakeApi;
  /** Everything that the page complained about: errors, policy violations, requests to elsewhere. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

/** Puts one scenario on the screen: fake station, signed-in person, the steps that lead there. The page's clock stands. */
export async function openScenario(
  browser: Browser,
  folder: string,
  scenario: Scenario,
  options: OpenOptions,
): Promise<Opened> {
  const state = scenario.state();
  state.station = { ...state.station, language: options.language };
  const api = await startFakeApi({
    folder,
    state,
    person: personOf(scenario),
    roles: rolesOf(scenario),
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  });
  const context: BrowserContext = await browser.newContext({
    viewport: { width: options.width ?? 1024, height: options.height ?? 600 },
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A refused call is part of some scenarios; the browser reports it as an error of its own.
    if (message.type() === 'error' && !/status of (401|409|429|503)/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(api.url)) complaints.push(`request to ${request.url()}`);
  });
  await page.clock.install({ time: NOW });
  await page.goto(`${api.url}/${scenario.hash}`);
  if (scenario.signedOut !== true) {
    await page.locator('.sign-in input').first().fill(personOf(scenario));
    await page.locator('.sign-in input').nth(1).fill(PIN);
    await page.keyboard.press('Enter');
    await page.locator('.screens').waitFor();
  } else await page.locator('.sign-in').waitFor();
  await settled(page);
  if (scenario.act !== undefined) {
    await scenario.act(page, api);
    await settled(page);
  }
  return {
    page,
    api,
    complaints,
    close: async () => {
      await context.close();
      await api.close();
    },
  };
}

/** Waits until the answers are in and drawn. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  let last = '';
  await pollUntil(async () => {
    const now = await page.locator('body').innerHTML();
    const same = now === last;
    last = now;
    return same;
  });
}

async function pollUntil(check: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  throw new Error('the page did not come to rest');
}
