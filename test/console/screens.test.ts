import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { type BuiltConsole, buildConsole } from './build.ts';
import { openScenario, settled } from './open.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** With `CONSOLE_SHOTS=folder`, pictures of every screen in every state land there, to be looked at. */
const shots = process.env['CONSOLE_SHOTS'];
if (shots !== undefined) mkdirSync(shots, { recursive: true });

let browser: Browser;
let built: BuiltConsole;
beforeAll(async () => {
  [built, browser] = await Promise.all([buildConsole(), launchBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  built?.remove();
});

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The rules of WCAG 2.2 AA and the good practices that axe knows. */
const check = `axe.run(document, { resultTypes: ['violations'] })`;

/** Boxes that stick out of the page, text that is cut, letters and targets that are too small. */
const measure = () => {
  const faults: string[] = [];
  const shown = (element: Element) => element.checkVisibility() && element.getClientRects().length > 0;
  const width = document.documentElement.clientWidth;
  for (const element of document.querySelectorAll('body *')) {
    if (!shown(element) || element.closest('.unseen') !== null || element.closest('svg') !== null) continue;
    const box = element.getBoundingClientRect();
    if (box.right > width + 1) faults.push(`sticks out: ${element.className || element.tagName}`);
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '');
    if (text && Number.parseFloat(getComputedStyle(element).fontSize) < 18)
      faults.push(`small text: ${element.textContent}`);
  }
  for (const target of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    if (!shown(target) || target.closest('.skip') !== null) continue;
    const box = (target.closest('label') ?? target).getBoundingClientRect();
    if (box.height < 43.5 || box.width < 43.5)
      faults.push(
        `small target ${Math.round(box.width)}x${Math.round(box.height)}: ${target.textContent || target.className}`,
      );
  }
  return faults;
};

/** The main path at the counter stands on one page without scrolling. */
const MAIN_PATH = new Set(
  [
    'free',
    'insert',
    'insert-asked',
    'print',
    'sending',
    'confirming',
    'waiting',
    'read-back',
    'read-back-asked',
    'remove',
  ].map((name) => `counter-${name}`),
);

async function faultsOf(page: Page, scenario: Scenario): Promise<string[]> {
  const { violations } = (await page.evaluate(check)) as { violations: Violation[] };
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (MAIN_PATH.has(scenario.name) && height > 600) told.push(`scrolls: ${height} px high`);
  return [...told, ...(await page.evaluate(measure))];
}

describe('every screen in every state can be used by everybody, at 1024 x 600', () => {
  it.each(SCENARIOS)('$name', async (scenario) => {
    const { page, api, complaints, close } = await openScenario(browser, built.folder, scenario, { language: 'en' });
    try {
      await page.evaluate(axe.source);
      expect(await faultsOf(page, scenario), 'English, light').toEqual([]);
      if (shots !== undefined) await page.screenshot({ path: `${shots}/${scenario.name}.en.png`, fullPage: true });
      await page.emulateMedia({ colorScheme: 'dark' });
      // Not by a click: an open question keeps the header out of reach.
      await page
        .locator('.languages button')
        .first()
        .evaluate((button: HTMLButtonElement) => button.click());
      await settled(page);
      expect(await page.locator('html').getAttribute('lang')).toBe('id');
      expect(await faultsOf(page, scenario), 'Indonesian, dark').toEqual([]);
      if (shots !== undefined) await page.screenshot({ path: `${shots}/${scenario.name}.id.png`, fullPage: true });
      expect(complaints).toEqual([]);
      expect(api.unknown).toEqual([]);
    } finally {
      await close();
    }
  });
});
