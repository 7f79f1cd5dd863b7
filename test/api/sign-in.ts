import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/server.ts';
import { disablePerson } from '../../src/station/acts/people.ts';
import { perform } from '../../src/station/core.ts';
import { type Answered, HOST, LISTEN, openRig, pinOf, problemIn, type Rig } from './rig.ts';

let rig: Rig;

const signIn = (user: string, pin: string) => rig.anybody.post<{ token: string }>('/session', { user, pin });
const cookieOf = (answer: Answered): string => String(answer.headers['set-cookie']);
const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

/** What somebody outside can tell of an answer: all of it, but for the time. */
const seen = ({ status, headers, text }: Answered) => ({
  status,
  text,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'date')),
});

export function signInCases(): void {
  beforeAll(async () => {
    rig = await openRig();
  });

  afterEach(() => expect(rig.faults).toEqual([]));

  afterAll(() => rig.close());

  describe('a session', () => {
    test('opens with a name and PIN, for a program by its token and for a browser by a cookie that no script reads', async () => {
      const answer = await signIn('budi', pinOf('budi'));
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        token: expect.stringMatching(/^[\w-]{43}$/),
        person: 'budi',
        roles: ['operator', 'quality'],
        expires: new Date(rig.office.station.core.world.clock.now() + 5 * 60_000).toISOString(),
      });
      const [pair = '', ...flags] = cookieOf(answer).split('; ');
      expect(flags.toSorted()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict']);
      for (const headers of [withToken(answer.body.token), { cookie: pair }])
        expect((await rig.anybody.get('/session', headers)).body).toMatchObject({ person: 'budi' });
      // The token is told once.
      expect((await rig.anybody.get('/session', { cookie: pair })).text).not.toContain(answer.body.token);
    });

    test('has a cookie that is never sent in the clear where the station listens with TLS', async () => {
      const { station } = rig.office;
      const listen = { ...station.core.settings.listen, tls: { cert: 'cert.pem', key: 'key.pem' } };
      const settings = { ...station.core.settings, listen };
      const app = await createApi({
        station: { ...station, core: { ...station.core, settings } },
        version: '1',
        listen: LISTEN,
      });
      const payload = { user: 'budi', pin: pinOf('budi') };
      const answer = await app.inject({ method: 'POST', url: '/api/v1/session', headers: { host: HOST }, payload });
      expect(String(answer.headers['set-cookie']).split('; ')).toContain('Secure');
      await app.close();
    });

    test('is not opened by a cookie where a wrong token was given', async () => {
      const [cookie = ''] = cookieOf(await signIn('budi', pinOf('budi'))).split('; ');
      const answer = await rig.anybody.get('/session', { cookie, ...withToken('x'.repeat(43)) });
      expect([answer.status, problemIn(answer).code]).toEqual([401, 'PST-603']);
    });

    test('ends with the sign-out, and only that one', async () => {
      const first = (await signIn('sari', pinOf('sari'))).body.token;
      const second = (await signIn('sari', pinOf('sari'))).body.token;
      const out = await rig.anybody.delete('/session', withToken(first));
      expect([out.status, out.text]).toEqual([204, '']);
      expect(cookieOf(out)).toMatch(/^session=; .*Expires=Thu, 01 Jan 1970/);
      expect((await rig.anybody.get('/session', withToken(first))).status).toBe(401);
      expect((await rig.anybody.get('/session', withToken(second))).status).toBe(200);
    });

    test('ends after five idle minutes: what a screen asks by itself does not prolong it, what a person does prolongs it', async () => {
      const token = withToken((await signIn('sari', pinOf('sari'))).body.token);
      const asks = async (path: string) => (await rig.anybody.get(path, token)).status;
      await rig.office.pass(4 * 60_000);
      expect(await asks('/central')).toBe(200);
      for (let minute = 0; minute < 4; minute++) {
        await rig.office.pass(60_000);
        for (const path of ['/session', '/printers', '/sign-offs', '/outbox']) expect(await asks(path)).toBe(200);
      }
      await rig.office.pass(59_900);
      expect(await asks('/session')).toBe(200);
      await rig.office.pass(100);
      expect(await asks('/session')).toBe(401);
    });

    test('of somebody who is disabled meanwhile is over at once', async () => {
      const token = withToken((await signIn('tono', pinOf('tono'))).body.token);
      expect((await rig.anybody.get('/printers', token)).status).toBe(200);
      perform(rig.office.station.core, { kind: 'local', name: 'test' }, 'disable', disablePerson('tono'));
      expect((await rig.anybody.get('/printers', token)).status).toBe(401);
      const again = await signIn('tono', pinOf('tono'));
      expect([again.status, problemIn(again).code]).toEqual([401, 'PST-413']);
    });
  });

  describe('wrong PINs', () => {
    test('pause sign-in after the fifth, ever longer, over a restart, until a right one comes', async () => {
      const wrong = () => signIn('dewi', '000001');
      for (let n = 1; n <= 5; n++) {
        const answer = await wrong();
        expect([answer.status, problemIn(answer).code, answer.headers['retry-after']]).toEqual([
          401,
          'PST-413',
          undefined,
        ]);
      }
      for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
        const paused = await wrong();
        expect([paused.status, problemIn(paused).code]).toEqual([429, 'PST-414']);
        expect(paused.headers['retry-after']).toBe(String(seconds));
        // The right one is not even looked at.
        expect(seen(await signIn('dewi', pinOf('dewi')))).toEqual(seen(paused));
        if (seconds === 120) await rig.restart();
        await rig.office.pass(seconds * 1000 - 500);
        expect((await wrong()).headers['retry-after']).toBe('1');
        await rig.office.pass(500);
        expect((await wrong()).status).toBe(401);
      }
      await rig.office.pass(900_000);
      expect((await signIn('dewi', pinOf('dewi'))).status).toBe(200);
      for (let n = 1; n <= 5; n++) expect((await wrong()).status).toBe(401);
      expect((await wrong()).headers['retry-after']).toBe('30');
    });

    test('of a name that nobody here has look like those of one that somebody has', async () => {
      for (let n = 1; n <= 7; n++)
        expect(seen(await signIn('nobody', '000001'))).toEqual(seen(await signIn('sinta', '000001')));
      expect((await signIn('nobody', '000001')).status).toBe(429);
      await rig.office.pass(30_000);
      for (let n = 1; n <= 3; n++)
        expect(seen(await signIn('nobody', '000001'))).toEqual(seen(await signIn('sinta', '000001')));
    });

    test('tried all at once do not outrun the pause, and no answer tells that one of them was right', async () => {
      const tries = [...Array<string>(12).fill('000001'), pinOf('qadir'), ...Array<string>(3).fill('000001')];
      const answers = await Promise.all(tries.map((pin) => signIn('qadir', pin)));
      const paused = answers.filter(({ status }) => status === 429);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
      expect(paused).toHaveLength(11);
      expect(new Set(paused.map((answer) => JSON.stringify(seen(answer)))).size).toBe(1);
    });
  });

  describe('a request from elsewhere', () => {
    test.each(['example.org', '127.0.0.1:8081', 'localhost.example.org:8080', '', '127.0.0.1:8080.example.org'])(
      'to the host "%s" is refused, also where nobody need be signed in',
      async (host) => {
        for (const path of ['/api/v1/station', '/api/v1/jobs', '/healthz', '/']) {
          const answer = await rig.send('GET', path, { headers: { host } });
          expect([answer.status, problemIn(answer).code]).toEqual([403, 'PST-604']);
        }
      },
    );

    test.each(['http://example.org', 'http://127.0.0.1:8081', 'null', 'file://', 'http://127.0.0.1.example.org:8080'])(
      'by a page of "%s" is refused',
      async (origin) => {
        const answer = await rig.anybody.post('/session', { user: 'budi', pin: pinOf('budi') }, { origin });
        expect([answer.status, problemIn(answer).code]).toEqual([403, 'PST-604']);
        expect(answer.headers['set-cookie']).toBeUndefined();
      },
    );

    test('by our own names is answered', async () => {
      for (const host of [HOST, 'localhost:8080', '[::1]:8080', 'LocalHost:8080'])
        expect((await rig.send('GET', '/api/v1/station', { headers: { host } })).status).toBe(200);
      for (const origin of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])
        expect((await rig.anybody.get('/station', { origin })).status).toBe(200);
    });
  });
}
