import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../console/browser.ts';
import { type Running, start } from './commands.ts';

/**
 * What a new user does: `npm start`, a browser, and a passport from release to hand-over. Every step leaves a picture in
 * `test/out/main-job/`.
 */

const SHOTS = fileURLToPath(new URL('../out/main-job/', import.meta.url));

interface Ready {
  readonly address: string;
  readonly people: readonly { readonly name: string; readonly pin: string }[];
}

let demo: Running;
let browser: Browser;
let ready: Ready;
const outside: string[] = [];
const broken: string[] = [];

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [demo, browser] = await Promise.all([start(['demo', '--port', '0', '--no-open', '--json']), launchBrowser()]);
  ready = demo.ready as unknown as Ready;
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

let shot = 0;
async function picture(page: Page, name: string): Promise<void> {
  shot += 1;
  await page.screenshot({ path: join(SHOTS, `${String(shot).padStart(2, '0')}-${name}.png`) });
}

/** A browser window of their own, signed in, at the size of the smallest counter screen. */
async function sitDown(name: string, language: 'EN' | 'ID' = 'EN'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1024, height: 600 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => broken.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(ready.address) && !request.url().startsWith('data:')) outside.push(request.url());
  });
  await page.goto(ready.address);
  await page.getByRole('button', { name: language }).click();
  const pin = ready.people.find((person) => person.name === name)?.pin ?? '';
  await page.getByLabel(language === 'EN' ? 'User name' : 'Nama pengguna').fill(name);
  await page.getByLabel('PIN').fill(pin);
  await page.getByRole('button', { name: language === 'EN' ? 'Sign in' : 'Masuk' }).click();
  await page.getByText(name, { exact: true }).waitFor();
  return page;
}

const title = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first();

describe('a passport in the browser', () => {
  it('is released, bound, printed, read back from the ink, checked and handed over', { timeout: 180_000 }, async () => {
    const supervisor = await sitDown('dewi');
    await supervisor.getByRole('link', { name: 'Queue' }).click();
    await supervisor.getByRole('checkbox', { name: 'Select 9900000700000002' }).check({ timeout: 60_000 });
    await picture(supervisor, 'queue-selected');
    await supervisor
      .getByRole('button', { name: /^Release/ })
      .first()
      .click();
    await supervisor.getByText('1 of 1 approvals verified').waitFor();
    await picture(supervisor, 'release-asked');
    await supervisor.getByRole('button', { name: 'Release 1 job' }).click();
    await supervisor.getByText(/B-\d{4}-\d{2}-\d{2}-001/).waitFor();
    await picture(supervisor, 'released');

    const operator = await sitDown('sari');
    await title(operator, 'Scan a blank booklet').waitFor();
    await picture(operator, 'counter-free');
    await operator.keyboard.type('U0000001');
    await operator.keyboard.press('Enter');
    await title(operator, 'Insert booklet U0000001').waitFor();
    await operator.getByText('RAHARDJOKUSUMAWARDHANA').waitFor();
    await picture(operator, 'insert');

    const hands = await operator.context().newPage();
    await hands.setViewportSize({ width: 1280, height: 900 });
    await hands.goto(`${ready.address}/#/bench`);
    await hands.getByLabel('Booklet from the tray').selectOption('U0000001');
    await hands.getByRole('button', { name: 'Insert booklet' }).click();

    await title(operator, 'Print booklet U0000001').waitFor();
    await picture(operator, 'ready-to-print');
    await operator.getByRole('button', { name: 'Print', exact: true }).click();
    await title(operator, /Printing/).waitFor();
    await picture(operator, 'printing');
    await title(operator, 'Read back booklet U0000001').waitFor({ timeout: 60_000 });
    await picture(operator, 'read-back');

    // The page that the simulated printer really inked.
    const inked = hands.getByRole('img', { name: /U0000001/ });
    await inked.waitFor();
    expect(await inked.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(886);
    await picture(hands, 'bench-inked-page');

    await operator.getByRole('button', { name: 'Read with the simulated reader' }).click();
    await operator.getByText('Booklet U0000001 is printed. It goes to quality check.').waitFor();
    await hands.getByRole('button', { name: 'Take booklet out' }).click();
    await title(operator, 'Nothing to print').waitFor();
    await picture(operator, 'counter-done');

    await supervisor.getByRole('link', { name: 'Quality' }).click();
    await picture(supervisor, 'quality');
    await supervisor
      .getByRole('button', { name: /Pass|good/i })
      .first()
      .click();
    await supervisor
      .getByText(/Ready|hand-over/i)
      .first()
      .waitFor();
    await picture(supervisor, 'passed');

    expect(broken).toEqual([]);
    expect(outside).toEqual([]);
  });

  it('shows an outage of the centre and a doubtful print in Indonesian, and two people settle it', {
    timeout: 180_000,
  }, async () => {
    const supervisor = await sitDown('dewi', 'ID');
    const address = `${ready.address}/api/v1`;
    const token = await supervisor.evaluate(async (of) => {
      const answer = await fetch(`${of}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'dewi', pin: '161803' }),
      });
      return ((await answer.json()) as { token: string }).token;
    }, address);
    const ask = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(address + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${text}`);
      return text === '' ? null : JSON.parse(text);
    };
    let items: { id: string }[] = [];
    while (items.length === 0) ({ items } = await ask('GET', '/jobs?state=approved&limit=1'));
    await ask('POST', '/releases', { jobs: [items[0]?.id] });
    await ask('POST', '/bench/centre', { do: 'down' });

    const operator = await sitDown('budi', 'ID');
    await title(operator, 'Pindai buku blanko').waitFor();
    await operator.keyboard.type('U0000002');
    await operator.keyboard.press('Enter');
    await title(operator, /U0000002/).waitFor();
    await ask('POST', '/bench/printers/counter-1', { do: 'insert-booklet', number: 'U0000002' });
    await operator.getByRole('button', { name: 'Cetak', exact: true }).click();
    await operator.getByText(/\d+ %/).waitFor();
    // Not before page bytes are out: what never left the station would be known as not printed.
    for (;;) {
      const { progress } = await ask('GET', '/printers/counter-1');
      if (progress !== null && progress.bytesAccepted > 6_000) break;
    }
    await ask('POST', '/bench/printers/counter-1', { do: 'unplug' });
    await operator.getByText('mungkin tercetak').first().waitFor();
    await operator
      .getByText(/Pusat tidak terjangkau/)
      .first()
      .waitFor({ timeout: 60_000 });
    await picture(operator, 'mungkin-tercetak');
    await ask('POST', '/bench/printers/counter-1', { do: 'replug' });

    await operator.getByRole('link', { name: 'Belum pasti 1', exact: true }).click();
    await title(operator, /U0000002/).waitFor();
    await picture(operator, 'belum-pasti');
    await operator.getByText('Rusak', { exact: true }).click();
    await operator
      .getByLabel('Apa yang Anda lihat? Di mana buku itu sekarang?')
      .fill('Halaman terpotong; buku di laci penyelia.');
    await operator.getByRole('button', { name: 'Catat temuan' }).click();
    await operator.getByLabel('Nama pengguna petugas kedua').fill('dewi');
    await operator.getByLabel('PIN petugas kedua').fill('161803');
    await picture(operator, 'petugas-kedua');
    await operator.getByRole('button', { name: 'Tanda tangani' }).click();
    await operator.getByText('Buku U0000002 sudah dipastikan').first().waitFor();
    await picture(operator, 'sudah-dipastikan');
    const { state } = await ask('GET', '/booklets/U0000002');
    expect(state).toBe('spoiled');
    await ask('POST', '/bench/centre', { do: 'up' });
    expect(broken).toEqual([]);
  });
});
