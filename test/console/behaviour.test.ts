import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Printer } from '../../src/api/shapes.ts';
import { launchBrowser } from './browser.ts';
import { type BuiltConsole, buildConsole } from './build.ts';
import { type FakeState, PIN, problemOf, READ_LINES } from './fake-api.ts';
import {
  ATTEMPT,
  attempt,
  BINDING,
  BOOKLET,
  job,
  jobAtCounter,
  NOW,
  printer,
  quietOffice,
  signOff,
  withPrinter,
} from './office.ts';
import { type Opened, openScenario } from './open.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

let browser: Browser;
let built: BuiltConsole;
beforeAll(async () => {
  [built, browser] = await Promise.all([buildConsole(), launchBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  built?.remove();
});

async function opened(
  state: () => FakeState,
  hash: string,
  check: (on: Opened) => Promise<void>,
  more: Partial<Scenario> & { idleMs?: number } = {},
): Promise<void> {
  const scenario: Scenario = { name: 'a test', hash, state, ...more };
  const on = await openScenario(browser, built.folder, scenario, {
    language: 'en',
    ...(more.idleMs === undefined ? {} : { idleMs: more.idleMs }),
  });
  try {
    await check(on);
  } finally {
    await on.close();
  }
}

const ready = (): FakeState =>
  withPrinter({ state: 'ready', booklet: 'present', binding: BINDING }, { jobs: [jobAtCounter('bound', false)] });

describe('the main path at the counter', () => {
  it('goes from the scan to the booklet in the hand, with the keyboard and a scanner only', async () => {
    await opened(
      () => quietOffice({ jobs: [{ ...jobAtCounter('released', false), booklet: null }] }),
      '#/counter/counter-1',
      async ({ page, api }) => {
        const title = (name: string) => page.getByRole('heading', { name, exact: true });
        const become = (more: Partial<Printer>) =>
          api.tell({ event: 'printer', data: printer('counter-1', { bookletSensor: true, ...more }) });

        api.answer('POST', '/printers/counter-1/bindings', () => {
          become({ state: 'awaitingBooklet', binding: BINDING });
          api.tell({ event: 'job', data: jobAtCounter('bound', false) });
          return { status: 201, body: BINDING };
        });
        await page.keyboard.type(`${BOOKLET.toLowerCase()}`);
        await page.keyboard.press('Enter');
        await title(`Insert booklet ${BOOKLET}`).waitFor();
        expect(api.calls.at(-1)).toMatchObject({ body: { job: 'job-at-counter', booklet: BOOKLET } });
        await page.getByText('ERIKSSON, ANNA MARIA').waitFor();

        become({ state: 'ready', booklet: 'present', binding: BINDING });
        await title(`Print booklet ${BOOKLET}`).waitFor();

        api.answer('POST', '/printers/counter-1/print', () => {
          become({
            state: 'printing.sending',
            binding: BINDING,
            attempt: ATTEMPT,
            progress: { bytesAccepted: 1, bytesTotal: 2 },
          });
          return { status: 202, body: { attempt: ATTEMPT } };
        });
        await page.getByRole('button', { name: 'Print', exact: true }).focus();
        // A hand takes longer than the 300 ms for which a scan keeps buttons closed to Enter.
        await page.waitForTimeout(350);
        await page.keyboard.press('Enter');
        await page.getByText('50 %').waitFor();
        expect(api.calls.at(-1)).toMatchObject({ body: { binding: BINDING.id } });

        api.state.attempts = [attempt('printed')];
        api.state.jobs = [jobAtCounter('printed', true)];
        api.tell({ event: 'job', data: jobAtCounter('printed', true) });
        become({ state: 'readingBack', attempt: ATTEMPT });
        await title(`Read back booklet ${BOOKLET}`).waitFor();

        api.answer('POST', `/attempts/${ATTEMPT}/read-back`, () => {
          api.tell({ event: 'job', data: jobAtCounter('quality-check', true) });
          become({ state: 'presenting', attempt: ATTEMPT, asks: ['booklet-removed'] });
          return { status: 200, body: { match: true } };
        });
        for (const line of READ_LINES) {
          await page.keyboard.type(line);
          await page.keyboard.press('Enter');
        }
        await title(`Take out booklet ${BOOKLET}`).waitFor();
        expect(api.calls.at(-1)).toMatchObject({ body: { lines: READ_LINES, source: 'reader' } });
        await page.getByText(`Booklet ${BOOKLET} is printed.`).waitFor();

        api.answer('POST', '/printers/counter-1/confirm', () => {
          become({ state: 'idle' });
          return { status: 202, body: {} };
        });
        await page.getByRole('button', { name: 'It is out' }).click();
        await page.getByText(`Booklet ${BOOKLET} is printed. It goes to quality check.`).waitFor();
        expect(await page.getByText('ERIKSSON').count()).toBe(0);

        for (const { key } of api.calls) expect(key).toMatch(/^[0-9a-f-]{36}$/);
      },
    );
  });

  it('calls a slowly typed read-back keyed', async () => {
    const scenario = SCENARIOS.find(({ name }) => name === 'counter-read-back') as Scenario;
    await opened(scenario.state, scenario.hash, async ({ page, api }) => {
      api.answer('POST', `/attempts/${ATTEMPT}/read-back`, () => ({ status: 200, body: { match: true } }));
      for (const [i, line] of READ_LINES.entries()) await page.locator('.mrz-line').nth(i).fill(line);
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.getByText('All 88 characters match.').waitFor();
      expect(api.calls.at(-1)).toMatchObject({ body: { source: 'keyed' } });
    });
  });

  it('asks for 44 characters before it bothers the station', async () => {
    const scenario = SCENARIOS.find(({ name }) => name === 'counter-read-back') as Scenario;
    await opened(scenario.state, scenario.hash, async ({ page, api }) => {
      await page.locator('.mrz-line').first().fill('P<UTO');
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.getByText('Each line has 44 characters.').waitFor();
      expect(api.calls.filter(({ path }) => path.endsWith('read-back'))).toEqual([]);
      expect(await page.locator('.mrz-line').first().inputValue()).toBe('P<UTO');
    });
  });
});

describe('a scanner beside the buttons', () => {
  it("never presses one: the scan's Enter does nothing on a focused button", async () => {
    await opened(ready, '#/counter/counter-1', async ({ page, api }) => {
      api.answer('POST', '/printers/counter-1/print', () => ({ status: 202, body: { attempt: ATTEMPT } }));
      const print = page.getByRole('button', { name: 'Print', exact: true });
      await print.focus();
      await page.keyboard.type('A7654321');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(100);
      expect(api.calls.filter(({ path }) => path.endsWith('/print'))).toEqual([]);
      await page.waitForTimeout(400);
      await page.keyboard.press('Enter');
      await expect.poll(() => api.calls.filter(({ path }) => path.endsWith('/print')).length).toBe(1);
    });
  });

  it('finds its field wherever the focus is', async () => {
    await opened(
      () => quietOffice({ jobs: [job('released')] }),
      '#/counter/counter-1',
      async ({ page }) => {
        await page.getByRole('link', { name: 'Queue' }).focus();
        await page.keyboard.type('A7654321');
        expect(await page.locator('#booklet-number').inputValue()).toBe('A7654321');
      },
    );
  });
});

describe('when the station falls silent', () => {
  it('says from when the picture is and offers no act until it is back', async () => {
    await opened(ready, '#/counter/counter-1', async ({ page, api }) => {
      const print = page.getByRole('button', { name: 'Print', exact: true });
      await print.waitFor();
      api.silence();
      await page.clock.fastForward(40_000);
      await page.getByText('Not connected: what you see is from 10:42').waitFor();
      expect(await print.count()).toBe(0);
      await page.getByText('No act is offered until the connection is back.').first().waitFor();
      api.revive();
      await page.clock.runFor(5000);
      await print.waitFor();
    });
  });

  it('keeps the same idempotency key for a second try, and takes a new one after an answer', async () => {
    await opened(ready, '#/counter/counter-1', async ({ page, api }) => {
      const keys: (string | undefined)[] = [];
      await page.route('**/api/v1/printers/counter-1/print', async (route) => {
        keys.push((await route.request().headerValue('idempotency-key')) ?? undefined);
        if (keys.length === 1) await route.abort();
        else await route.continue();
      });
      api.answer('POST', '/printers/counter-1/print', () =>
        problemOf(409, 'PST-502', 'The printer cannot do that now', 'See what the printer waits for.'),
      );
      const print = page.getByRole('button', { name: 'Print', exact: true });
      await print.click();
      await page.getByText('The station does not answer').waitFor();
      await print.click();
      await page.getByText('The printer cannot do that now').waitFor();
      await print.click();
      await expect.poll(() => keys.length).toBe(3);
      expect(keys[1]).toBe(keys[0]);
      expect(keys[2]).not.toBe(keys[1]);
    });
  });

  it('carries one act out once, however often the button bounces', async () => {
    await opened(ready, '#/counter/counter-1', async ({ page, api }) => {
      api.answer('POST', '/printers/counter-1/print', () => ({ status: 202, body: { attempt: ATTEMPT } }));
      await page.getByRole('button', { name: 'Print', exact: true }).evaluate((button: HTMLButtonElement) => {
        for (let press = 0; press < 3; press += 1) button.click();
      });
      await page.waitForTimeout(200);
      expect(api.calls.filter(({ path }) => path.endsWith('/print'))).toHaveLength(1);
    });
  });
});

describe('the lock', () => {
  it('comes with idle time, ends the session and leaves no name on the screen', async () => {
    await opened(
      ready,
      '#/counter/counter-1',
      async ({ page, api }) => {
        await page.getByText('ERIKSSON').waitFor();
        await page.clock.runFor(61_000);
        await page.getByRole('heading', { name: 'Locked' }).waitFor();
        expect(await page.content()).not.toContain('ERIKSSON');
        await expect.poll(() => api.calls.at(-1)).toMatchObject({ method: 'DELETE', path: '/session' });
        await page.locator('.sign-in input').nth(1).fill(PIN);
        await page.keyboard.press('Enter');
        await page.getByText('ERIKSSON').waitFor();
      },
      { idleMs: 60_000 },
    );
  });

  it('comes as soon as the station says that the session is over', async () => {
    await opened(ready, '#/counter/counter-1', async ({ page, api }) => {
      api.answer('POST', '/printers/counter-1/print', () =>
        problemOf(401, 'PST-603', 'You are not signed in', 'Sign in again.'),
      );
      await page.getByRole('button', { name: 'Print', exact: true }).click();
      await page.getByText('The session has ended.').waitFor();
    });
  });

  it('survives a reload of the page as long as the session does', async () => {
    await opened(ready, '#/counter/counter-1', async ({ page }) => {
      await page.reload();
      await page.getByText('ERIKSSON').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    });
  });
});

describe('the first touch after the screen slept', () => {
  it('wakes it and does nothing else', async () => {
    await opened(
      ready,
      '#/counter/counter-1',
      async ({ page, api }) => {
        await page.clock.fastForward(4.5 * 60_000);
        api.tell({ event: 'heartbeat', data: { now: NOW } });
        const queue = page.getByRole('link', { name: 'Queue' });
        await page.getByRole('button', { name: 'Print', exact: true }).waitFor();
        await queue.click();
        expect(new URL(page.url()).hash).toBe('#/counter/counter-1');
        await queue.click();
        expect(new URL(page.url()).hash).toBe('#/queue');
      },
      { idleMs: 3_600_000 },
    );
  });
});

describe('the doubt', () => {
  const open = (name: string) => SCENARIOS.find((one) => one.name === name) as Scenario;

  it('is settled by two people: the first records, the second signs the exact text', async () => {
    const scenario = open('doubt-open');
    await opened(scenario.state, scenario.hash, async ({ page, api }) => {
      api.answer('POST', `/attempts/${ATTEMPT}/resolution`, () => ({ status: 202, body: signOff() }));
      api.answer('POST', '/sign-offs/sign-off-1/sign', () => {
        api.state.attempts = [attempt('spoiled', { resolution: 'spoiled' })];
        return { status: 200, body: {} };
      });
      await page.getByRole('radio', { name: /Damaged/ }).check();
      await page.getByLabel('What did you see?').fill('upper half printed, ribbon torn');
      await page.getByRole('button', { name: 'Record the finding' }).click();
      await page.getByText(signOff().text, { exact: true }).waitFor();
      expect(api.calls.at(-1)).toMatchObject({
        body: { outcome: 'spoiled', reason: 'upper half printed, ribbon torn' },
      });

      const user = page.getByLabel('User name of the second person');
      const pin = page.getByLabel('PIN of the second person');
      await user.fill('siti');
      await pin.fill(PIN);
      await page.getByRole('button', { name: 'Sign', exact: true }).click();
      await page.getByText('The second signature must come from another person.').waitFor();
      await user.fill('budi');
      await pin.fill(PIN);
      await page.getByRole('button', { name: 'Sign', exact: true }).click();
      await page.getByText(`Booklet ${BOOKLET} is settled`).first().waitFor();
      expect(api.calls.at(-1)).toMatchObject({ body: { user: 'budi', pin: PIN } });
    });
  });

  it('does not let a booklet be called blank while the printer may hold its page', async () => {
    const scenario = open('doubt-purge');
    await opened(scenario.state, scenario.hash, async ({ page, api }) => {
      const blank = page.getByRole('radio', { name: /Blank/ });
      expect(await blank.isDisabled()).toBe(true);
      await page.getByText('Only after the printer is shown to hold nothing of the page').waitFor();
      const held = api.state.printers[0] as Printer;
      api.tell({
        event: 'printer',
        data: { ...held, asks: [], lock: { attempt: ATTEMPT, resolved: null, deviceEmpty: true } },
      });
      await expect.poll(() => blank.isDisabled()).toBe(false);
    });
  });
});

describe('the page itself', () => {
  it('speaks the language that this browser chose, also after a reload', async () => {
    await opened(ready, '#/counter/counter-1', async ({ page }) => {
      await page.locator('.languages button').first().click();
      await page.getByText(`Cetak buku ${BOOKLET}`).first().waitFor();
      await page.reload();
      await page.getByText(`Cetak buku ${BOOKLET}`).first().waitFor();
    });
  });

  it("shows times in the station's zone, not in the browser's", async () => {
    await opened(
      () => quietOffice({ station: { ...quietOffice().station, timezone: 'Asia/Jayapura' } }),
      '#/centre',
      async ({ page }) => {
        await page.getByText('since 09:42').waitFor();
      },
    );
  });

  it('loads less than 100 KB, fonts included', () => {
    const assets = join(built.folder, 'assets');
    const text = readdirSync(assets).filter((name) => /\.(js|css|svg)$/.test(name));
    const fonts = readdirSync(assets).filter((name) => /noto-sans-latin-[46]00.*\.woff2$/.test(name));
    expect(fonts).toHaveLength(2);
    const bytes =
      text.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0) +
      fonts.reduce((sum, name) => sum + readFileSync(join(assets, name)).length, 0) +
      gzipSync(readFileSync(join(built.folder, 'index.html'))).length;
    expect(bytes).toBeLessThan(100_000);
  });
});
