import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { problemBody } from '../../src/api/shapes.ts';
import { ERRORS, type ErrorCode } from '../../src/domain/errors.ts';
import { NOWHERE, type Row, TABLE } from './calls.ts';
import { type Answered, type Name, openRig, type Rig } from './rig.ts';

/**
 * Bad input at every edge: whatever comes in, the answer is no fault of the station's, a refusal is coded and in the
 * caller's language, and the next call is answered. Another seed: `API_FUZZ_SEED=n`.
 */
const SEED = Number(process.env.API_FUZZ_SEED ?? 20261122);
const RUNS = Number(process.env.API_FUZZ_RUNS ?? 400);

let rig: Rig;
/** What is really there, so that bad input gets past the look-up. */
const ids: Record<string, string> = {};

const BY_ROLE: Readonly<Record<string, Name>> = {
  operator: 'otto',
  quality: 'qadir',
  supervisor: 'sinta',
  auditor: 'agus',
  technician: 'tina',
};
const callerOf = ({ roles }: Row): Name =>
  roles === 'any' || roles === 'public' ? 'otto' : (BY_ROLE[roles[0] as string] as Name);

/** A refusal is coded, complete, and in Indonesian where it was asked for. */
function judge(answer: Answered, what: unknown): void {
  const said = JSON.stringify(what)?.slice(0, 400);
  if (answer.status < 400) return;
  expect([answer.status < 500, said]).toEqual([true, said]);
  expect([String(answer.headers['content-type']), said]).toEqual([
    expect.stringMatching(/^application\/problem\+json/),
    said,
  ]);
  const body = problemBody.parse(answer.body);
  expect(body.code).toMatch(/^PST-\d{3}$/);
  expect([body.title, body.remedy]).toEqual(Object.values(ERRORS[body.code as ErrorCode].id));
  expect(body.status).toBe(answer.status);
  expect(answer.text.length).toBeLessThan(5000);
}

const INDONESIAN = { 'accept-language': 'id' };
const WITH_BODY = Object.entries(TABLE).filter(([, { body }]) => body !== undefined);

const pathOf = (route: string, row: Row, id: string) =>
  row.path ?? (route.split(' ')[1] as string).replace(/\{\w+\}/, id);
const idsFor = (route: string): string[] => {
  if (route.includes('/jobs/{')) return [NOWHERE, ids.job ?? ''];
  if (route.includes('/attempts/{')) return [NOWHERE, ids.attempt ?? ''];
  if (route.includes('/printers/{')) return [NOWHERE, 'counter-1'];
  return [route.includes('/families/{') ? 'F-1' : NOWHERE];
};

const hugeText = 'x'.repeat(200_000);
const NASTY: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  ' ',
  [],
  [null],
  {},
  [[[[]]]],
  { $ref: '#' },
  hugeText,
  '\u0000',
  'a\u0000b',
  'a\u001bb',
  '\u202egnp.exe',
  '\ufffe',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "'; DROP TABLE jobs; --",
  '%s%n%00',
  'ÅÄÖ',
  '😀'.repeat(40),
];
const MEMBERS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'extra',
  'id',
  'Ω'.repeat(2000),
];
const LONG_STRING = `"${'x'.repeat(1_000_000)}"`;
const RAW: readonly string[] = [
  '',
  ' ',
  '{',
  '}',
  '{]',
  '{"a":1,}',
  "{'a':1}",
  '{"a":1}{"a":1}',
  '\ufeff{}',
  '{"a":NaN}',
  '{"a":1e999}',
  '{"a":"\u0000"}',
  '{"a":"\\ud800"}',
  '{"user":"a","user":"b","pin":"1"}',
  '{"__proto__":{"roles":["supervisor"]}}',
  '{"constructor":{"prototype":{"roles":["supervisor"]}}}',
  '['.repeat(100_000),
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  `{"statements":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  LONG_STRING,
  'null',
  'true',
  '0',
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'text/html',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'application/merge-patch+json',
  ';;;',
  'json',
  '',
];

/** A body near the right one: a member is missing, added, or something else. */
const mutated = (body: unknown) =>
  fc
    .tuple(fc.constantFrom('drop', 'change', 'add', 'whole', 'deep'), fc.nat(), fc.nat(), fc.constantFrom(...MEMBERS))
    .chain(([how, at, which, member]) => {
      const nasty = fc.oneof(fc.constant(NASTY[which % NASTY.length]), fc.jsonValue({ depthSize: 'medium' }));
      return nasty.map((value) => change(body, how, at, member, value));
    });

function change(body: unknown, how: string, at: number, member: string, value: unknown): string {
  if (how === 'whole' || typeof body !== 'object' || body === null) return JSON.stringify(value) ?? 'null';
  const copy = structuredClone(body) as Record<string, unknown>;
  // Into the nested part, where there is one.
  const inner = Object.values(copy).find((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  const target = at % 3 === 0 && inner !== undefined ? (inner as Record<string, unknown>) : copy;
  const names = Object.keys(target);
  const name = names[at % Math.max(1, names.length)] ?? 'x';
  if (how === 'drop') delete target[name];
  if (how === 'change') target[name] = value;
  if (how === 'add') Object.defineProperty(target, member, { value, enumerable: true });
  if (how === 'deep') target[name] = JSON.parse(`${'['.repeat(40 + (at % 900))}${']'.repeat(40 + (at % 900))}`);
  return JSON.stringify(copy);
}

export function badInputCases(): void {
  beforeAll(async () => {
    rig = await openRig();
    const { job, attempt } = await rig.readBack(0, 'U0000001');
    Object.assign(ids, { job: job.id, attempt });
    await rig.submitted(1, { family: 'F-1' });
  });

  afterEach(async () => {
    expect(rig.faults).toEqual([]);
    expect((await rig.as('otto').get('/printers')).status).toBe(200);
  });

  afterAll(async () => {
    expect(rig.office.journal.rebuildCheck()).toEqual([]);
    await rig.close();
  });

  describe('a body', () => {
    test(`changed at random is refused or done, never a fault (seed ${SEED}, ${RUNS} runs)`, async () => {
      const before = rig.rows();
      const call = fc.constantFrom(...WITH_BODY).chain(([route, row]) =>
        fc.record({
          route: fc.constant(route),
          id: fc.constantFrom(...idsFor(route)),
          body: mutated(row.body),
          type: fc.oneof(
            { weight: 6, arbitrary: fc.constant('application/json') },
            { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
          ),
          key: fc.option(fc.string({ maxLength: 20 }).filter((text) => /^[\x20-\x7e]*$/.test(text))),
        }),
      );
      await fc.assert(
        fc.asyncProperty(call, async ({ route, id, body, type, key }) => {
          const row = TABLE[route] as Row;
          const headers = { ...INDONESIAN, 'content-type': type, ...(key === null ? {} : { 'idempotency-key': key }) };
          const answer = await rig.as(callerOf(row)).post(pathOf(route, row, id), body, headers);
          judge(answer, { route, id, body, type });
          expect(rig.faults).toEqual([]);
        }),
        { seed: SEED, numRuns: RUNS },
      );
      // Nothing of it made a job, a booklet, an attempt, or a person.
      const { jobs, booklets, attempts, people, bindings, records } = rig.rows();
      expect({ jobs, booklets, attempts, people, bindings, records }).toEqual({
        jobs: before.jobs,
        booklets: before.booklets,
        attempts: before.attempts,
        people: before.people,
        bindings: before.bindings,
        records: before.records,
      });
    });

    test('that is no JSON, or more than one thing, is refused at every call', async () => {
      for (const [route, row] of WITH_BODY)
        for (const raw of RAW) {
          const [id = NOWHERE] = idsFor(route);
          const answer = await rig.as(callerOf(row)).post(pathOf(route, row, id), raw, INDONESIAN);
          judge(answer, { route, raw });
          // A resumption needs no body, and a text in JSON is a text of statements.
          const fits: Readonly<Record<string, number>> = {
            'POST /jobs/{id}/resume null': 404,
            [`POST /statements ${LONG_STRING}`]: 200,
          };
          const said = [route, raw.slice(0, 40)];
          expect([...said, answer.status]).toEqual([...said, fits[`${route} ${raw}`] ?? 400]);
        }
    });

    test('that is no text is refused', async () => {
      for (const bytes of [
        Buffer.from([0xff, 0xfe, 0x7b, 0]),
        Buffer.from([0x7b, 0xc3, 0x28, 0x7d]),
        Buffer.alloc(64),
      ]) {
        const answer = await rig.as('otto').call('POST', '/releases', { body: bytes, headers: INDONESIAN });
        expect(answer.status).toBe(403);
        const mine = await rig.as('sinta').call('POST', '/releases', { body: bytes, headers: INDONESIAN });
        judge(mine, 'bytes');
        expect(mine.status).toBe(400);
      }
    });

    test.each(TYPES.filter((type) => !/json(;|$)|text\/plain/.test(type) || type === 'json' || type.includes('merge')))(
      'of the type "%s" is refused with 415',
      async (type) => {
        const answer = await rig
          .as('sinta')
          .post('/releases', '{"jobs":["x"]}', { ...INDONESIAN, 'content-type': type });
        judge(answer, type);
        expect([answer.status, (answer.body as { code: string }).code]).toEqual([415, 'PST-607']);
      },
    );

    test('larger than any call takes is refused with 413, and the place of a deep one is named', async () => {
      const large = await rig.as('sinta').post('/releases', ' '.repeat(3 * 1024 * 1024 + 1), INDONESIAN);
      judge(large, 'large');
      expect(large.status).toBe(413);
      const deep = await rig.as('sinta').post('/releases', `{"jobs":${'['.repeat(50)}${']'.repeat(50)}}`);
      expect(problemBody.parse(deep.body).errors?.[0]?.path).toMatch(/^jobs\[0\]/);
    });

    test('names its faults by their places, and quotes nothing', async () => {
      const answer = await rig
        .as('otto')
        .post('/printers/counter-1/bindings', { job: 'TOP-SECRET'.repeat(9), booklet: 'u1' });
      const { errors = [] } = problemBody.parse(answer.body);
      expect(errors.map(({ path }) => path)).toEqual(['job', 'booklet']);
      expect(answer.text).not.toContain('TOP-SECRET');
    });
  });

  describe('an address', () => {
    const SEGMENTS = [
      'x'.repeat(64),
      'x'.repeat(65),
      'x'.repeat(101),
      'x'.repeat(4000),
      '%00',
      '%0a',
      '%zz',
      '%',
      '%c3%28',
      '%ed%a0%80',
      '..',
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '..%5c..%5cwindows',
      "'%20OR%201=1--",
      '*',
      ':id',
      '__proto__',
      'constructor',
      '%F0%9F%98%80',
      '{id}',
      ';a=b',
      '0',
      '-1',
      'NaN',
    ];

    test('with anything in the place of an id is refused, at every route', async () => {
      for (const [route, row] of Object.entries(TABLE)) {
        const [method = '', pattern = ''] = route.split(' ');
        if (!pattern.includes('{')) continue;
        for (const segment of SEGMENTS) {
          const path = pattern.replace(/\{\w+\}/, segment);
          const call = { headers: INDONESIAN, ...(row.body === undefined ? {} : { body: row.body }) };
          const answer = await rig.as(callerOf(row)).call(method as 'GET' | 'POST' | 'DELETE', path, call);
          judge(answer, { route, segment });
          expect([route, segment, answer.status >= 400]).toEqual([route, segment, true]);
        }
      }
    });

    test.each(['PUT', 'PATCH', 'OPTIONS', 'DELETE'] as const)('is not there for %s', async (method) => {
      const answer = await rig.as('sinta').call(method, '/jobs', { headers: INDONESIAN });
      judge(answer, method);
      expect([answer.status, (answer.body as { code: string }).code]).toEqual([404, 'PST-602']);
    });

    test('of a file leads nowhere but to the console’s own', async () => {
      for (const path of [
        '/..%2f..%2fserver.ts',
        '/%2e%2e/%2e%2e/package.json',
        '/assets/../../api/server.ts',
        '/.env',
        '/assets/%00',
        '//etc/passwd',
        '/api',
        '/api/v1',
        '/api/v1/',
        '/API/V1/jobs',
      ]) {
        const answer = await rig.send('GET', path, { headers: INDONESIAN });
        judge(answer, path);
        expect([path, answer.status >= 400]).toEqual([path, true]);
      }
    });
  });

  describe('what is not HTTP', () => {
    test.each([
      ['an unknown method', 'BREW /api/v1/jobs HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['no request line', '\u0000\u0001\u0002\r\n\r\n', 400],
      ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\n${`A: ${'x'.repeat(1000)}\r\n`.repeat(40)}\r\n`, 400],
      ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', 400],
      [
        'a length and chunks',
        'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        400,
      ],
      ['no host', 'GET /api/v1/station HTTP/1.1\r\nConnection: close\r\n\r\n', 403],
    ])('%s is refused in the same form, and the next caller is answered', async (_, text, status) => {
      const address = await rig.listening();
      const { hostname, port } = new URL(address);
      const said = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => socket.write(text));
        let heard = '';
        socket.on('data', (bytes) => {
          heard += bytes.toString();
        });
        socket.on('close', () => resolve(heard));
        socket.on('error', reject);
        socket.setTimeout(5000, () => socket.destroy());
      });
      const [head = '', body = ''] = said.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(head.toLowerCase()).toContain('content-type: application/problem+json');
      expect(problemBody.parse(JSON.parse(body)).code).toMatch(/^PST-6/);
      expect((await fetch(`${address}/api/v1/station`)).status).toBe(200);
    });
  });
}
