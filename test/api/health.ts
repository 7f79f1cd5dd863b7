import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { applicant } from '../station/office.ts';
import { expectStatus, openRig, problemIn, type Rig, submission } from './rig.ts';

let rig: Rig;
/** Whether the disk is full: SQLite says so (code 13) at each commit. */
let full = false;

const asks = (path: string) => rig.send('GET', path);

export function healthCases(): void {
  beforeAll(async () => {
    rig = await openRig({
      onBoundary: (name) => {
        if (full && name.startsWith('commit:'))
          throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
      },
    });
  });

  afterEach(() => expect(rig.faults).toEqual([]));

  afterAll(() => rig.close());

  describe('the machine’s own watchers', () => {
    test('are answered on loopback, and there only', async () => {
      expect(await asks('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
      expect(await asks('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
      expect(await asks('/metrics')).toMatchObject({ status: 200 });
      for (const url of ['/healthz', '/readyz', '/metrics'])
        for (const remoteAddress of ['10.0.0.9', '192.168.1.4', '::ffff:10.0.0.9', 'fe80::1']) {
          // What a proxy says of itself changes nothing.
          const headers = { host: '127.0.0.1:8080', 'x-forwarded-for': '127.0.0.1' };
          const answer = await rig.app.inject({ url, remoteAddress, headers });
          expect([answer.statusCode, answer.json().code]).toEqual([404, 'PST-602']);
        }
      for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
        const answer = await rig.app.inject({ url: '/healthz', remoteAddress, headers: { host: '127.0.0.1:8080' } });
        expect(answer.statusCode).toBe(200);
      }
    });

    test('see the printers and the queue in numbers, and no document, name or application', async () => {
      const { job } = await rig.readBack(0, 'U0000001');
      const { text, headers } = await asks('/metrics');
      expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
      const lit = [...text.matchAll(/^passport_station_printer_state\{printer="counter-1",state="(.*)"\} 1$/gm)];
      expect(lit.map(([, state]) => state)).toEqual([rig.office.state()]);
      expect(text).toContain('passport_station_jobs{state="quality-check"} 1');
      expect(text).toMatch(/^passport_station_outbox_waiting \d+$/m);
      const { application, holder } = applicant(0);
      for (const secret of ['U0000001', application, holder.primaryIdentifier, job.id, 'sari'])
        expect(text).not.toContain(secret);
    });
  });

  describe('a full disk', () => {
    test('stops what would have to be kept, says so, and is over when it is over', async () => {
      await Promise.all([rig.token('sari'), rig.token('agus')]);
      full = true;
      const refused = await rig.as('sari').post('/jobs', submission(1));
      expect([refused.status, problemIn(refused).code]).toEqual([503, 'PST-304']);
      const { status, body } = await asks('/readyz');
      expect([status, body]).toMatchObject([503, { status: 'journal-failing' }]);
      expect((await asks('/healthz')).status).toBe(200);
      // What is there can be read.
      expect((await rig.as('agus').get('/jobs')).status).toBe(200);
      full = false;
      expectStatus(await rig.as('sari').post('/jobs', submission(1)), 201);
      expect((await asks('/readyz')).status).toBe(200);
    });
  });

  describe('every answer', () => {
    test.each([
      '/',
      '/api/docs',
      '/api/openapi.json',
      '/api/v1/station',
      '/api/v1/jobs',
      '/nowhere',
      '/healthz',
      '/api/v1/%zz',
    ])('to %s keeps pages of elsewhere out', async (path) => {
      const { headers } = await asks(path);
      const policy = String(headers['content-security-policy']);
      for (const rule of [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ])
        expect(policy.split('; ')).toContain(rule);
      expect(policy).not.toMatch(/unsafe|data:|\*/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    });

    test('of the API is kept by nobody on the way', async () => {
      for (const path of ['/api/v1/station', '/api/v1/jobs', '/nowhere', '/healthz'])
        expect((await asks(path)).headers['cache-control']).toBe('no-store');
    });
  });
}
