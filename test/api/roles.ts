import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../src/domain/people.ts';
import { NOWHERE, type Row, TABLE } from './calls.ts';
import { ALONE, type Answered, type Call, type Name, openRig, problemIn, type Rig } from './rig.ts';

interface Operation {
  readonly 'x-act': string;
  readonly 'x-roles'?: readonly Role[];
}

let rig: Rig;
let operations: Map<string, Operation>;

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

export function rolesCases(): void {
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
}
