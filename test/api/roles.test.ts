import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../src/domain/people.ts';
import {
  ALONE,
  type Answered,
  type Call,
  type Name,
  openRig,
  PIN_ALONE,
  problemIn,
  type Rig,
  submission,
} from './rig.ts';

/**
 * The role column of station.md, written down anew: whoever may call gets the answer named, everybody else 403, and who
 * is not signed in 401. `NOWHERE`: the call is about something that is not there, so that it changes nothing.
 */
interface Row {
  readonly roles: readonly Role[] | 'any' | 'public';
  readonly path?: string;
  readonly body?: unknown;
  readonly answers: number;
}

const ALL_BUT_TECHNICIAN = ['operator', 'quality', 'supervisor', 'auditor'] as const;
const reason = 'as the table says';
const NOWHERE = 'not-here';
const about = (roles: Row['roles'], body?: unknown, answers = 404): Row => ({ roles, body, answers });

const TABLE: Readonly<Record<string, Row>> = {
  'GET /station': { roles: 'public', answers: 200 },
  'POST /session': { roles: 'public', body: {}, answers: 400 },
  'GET /session': { roles: 'any', answers: 200 },
  'DELETE /session': { roles: 'any', answers: 204 },
  'GET /events': { roles: 'any', answers: 200 },

  'POST /jobs': { roles: ['operator'], body: submission(0), answers: 201 },
  'GET /jobs': { roles: ALL_BUT_TECHNICIAN, answers: 200 },
  'POST /jobs/search': { roles: ALL_BUT_TECHNICIAN, body: { name: 'NOBODY AT ALL' }, answers: 200 },
  'GET /jobs/{id}': about(ALL_BUT_TECHNICIAN),
  'GET /jobs/{id}/holder': about(ALL_BUT_TECHNICIAN),
  'POST /jobs/{id}/hold': about(['supervisor'], { reason }),
  'POST /jobs/{id}/resume': about(['supervisor'], { reason }),
  'POST /jobs/{id}/cancel': about(['supervisor'], { reason }),
  'POST /jobs/{id}/refer': about(['supervisor'], { office: 'PNK', reason }),
  'POST /jobs/{id}/priority': about(['operator', 'supervisor'], { priority: 'urgent', reason }),
  'POST /jobs/{id}/quality': about(['quality'], { result: 'pass', faults: [] }),
  'POST /jobs/{id}/hand-over': about(['operator'], { recipient: 'holder', proof: 'identity card' }),
  'POST /releases': about(['supervisor'], { jobs: [NOWHERE] }),
  'GET /families/{id}': about(ALL_BUT_TECHNICIAN),
  'POST /families/{id}': about(['supervisor'], { policy: 'together' }),

  'GET /printers': { roles: 'any', answers: 200 },
  'GET /printers/{id}': about('any'),
  'POST /printers/{id}/bindings': about(['operator'], { job: NOWHERE, booklet: 'U0000001' }),
  'DELETE /printers/{id}/bindings/current': about(['operator']),
  'POST /printers/{id}/print': about(['operator'], { binding: NOWHERE }),
  'POST /printers/{id}/cancel': about(['operator', 'technician']),
  'POST /printers/{id}/eject': about(['operator', 'technician']),
  'POST /printers/{id}/retry-connect': about(['operator', 'technician']),
  'POST /printers/{id}/pause': about(['operator', 'technician']),
  'POST /printers/{id}/resume': about(['operator', 'technician']),
  'POST /printers/{id}/confirm': about(['operator'], { step: 'attended' }),

  'GET /attempts/{id}': about(ALL_BUT_TECHNICIAN),
  'POST /attempts/{id}/read-back': about(['operator'], { lines: ['', ''], source: 'keyed' }),
  'POST /attempts/{id}/resolution': about(['operator'], { outcome: 'spoiled', reason }),

  'GET /booklets': { roles: ALL_BUT_TECHNICIAN, answers: 200 },
  'POST /booklets': {
    roles: ['supervisor'],
    body: { receive: { from: 'U0000001', to: 'U0000001', delivery: 'D' } },
    answers: 409,
  },
  'GET /booklets/{number}': { ...about(ALL_BUT_TECHNICIAN), path: '/booklets/X9' },
  'POST /booklets/{number}/spoil': { ...about(['operator', 'supervisor'], { reason }), path: '/booklets/X9/spoil' },

  'GET /sign-offs': { roles: ['operator', 'quality', 'supervisor'], answers: 200 },
  'POST /sign-offs/{id}/sign': about(['operator', 'quality', 'supervisor'], { pin: PIN_ALONE }),
  'DELETE /sign-offs/{id}': about(['operator', 'quality', 'supervisor']),

  'POST /statements': { roles: ['operator'], body: { statements: [] }, answers: 200 },
  'GET /central': { roles: 'any', answers: 200 },
  'GET /outbox': { roles: 'any', answers: 200 },
};

interface Operation {
  readonly 'x-act': string;
  readonly 'x-roles'?: readonly Role[];
}

let rig: Rig;
let operations: Map<string, Operation>;
beforeAll(async () => {
  rig = await openRig();
  const { body } = await rig.send('GET', '/api/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, Operation>> };
  operations = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path.replace('/api/v1', '')}`, operation] as const,
      ),
    ),
  );
});
afterAll(() => rig.close());

const rolesOf = ({ roles }: Row): readonly Role[] => (roles === 'any' || roles === 'public' ? ROLES : roles);

/** A live stream never ends: its head is all that is looked at. */
async function opensStream(headers: Readonly<Record<string, string>>): Promise<Answered> {
  const answer = await rig.app.inject({
    url: '/api/v1/events',
    headers: { host: '127.0.0.1:8080', ...headers },
    payloadAsStream: true,
  });
  answer.stream().destroy();
  return { status: answer.statusCode, headers: answer.headers, body: null, text: '' };
}

async function asked(route: string, row: Row, name: Name | null): Promise<Answered> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = row.path ?? pattern.replace(/\{\w+\}/, NOWHERE);
  // Signing out must not sign out the one who asks next.
  const token = name === null ? null : await (route === 'DELETE /session' ? rig.signIn(name) : rig.token(name));
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  if (route === 'GET /events') return opensStream(headers);
  const call: Call = { headers, ...(row.body === undefined ? {} : { body: row.body }) };
  return rig.anybody.call(method as 'GET' | 'POST' | 'DELETE', path, call);
}

test('every route of the document has a row here, and every row a route', () => {
  expect([...operations.keys()].toSorted()).toEqual(Object.keys(TABLE).toSorted());
});

describe.each(Object.entries(TABLE))('%s', (route, row) => {
  test('is for whom station.md says, and says so itself', async () => {
    const people = Object.entries(ALONE) as [Name, Role][];
    const answers: Record<string, number> = {};
    const expected: Record<string, number> = {};
    for (const [name, role] of people) {
      const answer = await asked(route, row, name);
      answers[role] = answer.status;
      expected[role] = rolesOf(row).includes(role) ? row.answers : 403;
      if (answer.status === 403) expect(problemIn(answer).code).toBe('PST-408');
    }
    const stranger = await asked(route, row, null);
    answers.nobody = stranger.status;
    expected.nobody = row.roles === 'public' ? row.answers : 401;
    if (row.roles !== 'public' && stranger.body !== null) expect(problemIn(stranger).code).toBe('PST-603');
    expect(answers).toEqual(expected);
    expect(rig.faults).toEqual([]);

    const { 'x-roles': told, 'x-act': act } = operations.get(route) as Operation;
    if (told === undefined) expect(act).toBe(row.roles === 'public' ? 'anybody' : 'signed-in');
    else expect(told.toSorted()).toEqual(rolesOf(row).toSorted());
  });
});

test('who may not call is told so before anybody looks at the body, however large', async () => {
  const rubbish = '{'.repeat(1_000_000);
  for (const headers of [{}, { authorization: `Bearer ${await rig.token('tina')}` }] as const) {
    const answer = await rig.anybody.post('/jobs', rubbish, headers);
    expect(answer.status).toBe('authorization' in headers ? 403 : 401);
  }
});

test('HEAD is for the same people as GET', async () => {
  for (const [route, row] of Object.entries(TABLE)) {
    if (!route.startsWith('GET ') || route === 'GET /events') continue;
    const path = (row.path ?? route.slice(4)).replace(/\{\w+\}/, NOWHERE);
    for (const name of ['tina', null] as const) {
      const headers = name === null ? {} : { authorization: `Bearer ${await rig.token(name)}` };
      const head = await rig.anybody.call('HEAD', path, { headers });
      expect([route, head.status]).toEqual([route, (await rig.anybody.call('GET', path, { headers })).status]);
      expect(head.text).toBe('');
    }
  }
});
