import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { type BuiltConsole, buildConsole } from './build.ts';
import { openScenario } from './open.ts';
import { SCENARIOS } from './scenarios.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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

const LOOKS = [
  { language: 'en', dark: false },
  { language: 'id', dark: true },
] as const;

describe.each(SCENARIOS)('$name', (scenario) => {
  it.each(LOOKS)('can be used by everybody ($language, dark: $dark)', async (look) => {
    const { page, api, complaints, close } = await openScenario(browser, built.folder, scenario, look);
    try {
      await page.evaluate(axe);
      const { violations } = (await page.evaluate(check)) as { violations: Violation[] };
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
      expect(told).toEqual([]);
      expect(await page.evaluate(measure)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(api.unknown).toEqual([]);
    } finally {
      await close();
    }
  });
});

/** The main path at the counter stands on one page without scrolling. */
const MAIN_PATH = [
  'free',
  'insert',
  'insert-asked',
  'print',
  'sending',
  'confirming',
  'waiting',
  'read-back',
  'remove',
];

describe('the main path at 1024 x 600', () => {
  it.each(LOOKS)('needs no scrolling ($language)', async (look) => {
    for (const name of MAIN_PATH) {
      const scenario = SCENARIOS.find((one) => one.name === `counter-${name}`);
      if (scenario === undefined) throw new Error(`no scenario ${name}`);
      const { page, close } = await openScenario(browser, built.folder, scenario, look);
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await close();
      expect(height, name).toBeLessThanOrEqual(600);
    }
  });
});
