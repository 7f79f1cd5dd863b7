/** A simulated centre and one enrolled station that talks to it, on virtual time. */
import { type ApprovalPolicy, type CentreFault, CentreProtocol, type CentreReply } from '../../mocks/central/index.ts';
import { createIdentity, publicIdentity, signHello, signReport } from '../../src/trust/identity.ts';
import { simulatedCentre } from '../trust/world.ts';

export const identity = createIdentity('kng-01', 'KNG', Buffer.alloc(32, 42));
export const record = { sha256: 'ab'.repeat(32), bytes: 1000 };

export function office(policy?: ApprovalPolicy, options: ConstructorParameters<typeof CentreProtocol>[1] = {}) {
  const { time, centre } = simulatedCentre(policy === undefined ? {} : { policy });
  const protocol = new CentreProtocol(centre, options);
  centre.enrol(publicIdentity(identity));
  let seq = 0;
  const now = (): number => Math.floor(centre.world.clock.now() / 1000);
  const authorization = (): string => `Bearer ${signHello(identity, { jti: `h-${seq}`, iat: now() })}`;
  const call = (method: 'GET' | 'POST', path: string, body = '', bearer = authorization()): Promise<CentreReply> =>
    protocol.handle({ method, path, authorization: bearer, body }, new AbortController().signal);
  const json = async (reply: Promise<CentreReply>) => {
    const got = await reply;
    if (got.kind === 'reset') throw new Error('reset');
    return { status: got.status, body: JSON.parse(got.body), headers: got.headers };
  };
  return {
    time,
    centre,
    protocol,
    call,
    json,
    authorization,
    feed: (query = '') => json(call('GET', `/v2/stations/kng-01/feed${query}`)),
    report: (kind: Parameters<typeof signReport>[1]['kind'], content: object, changes = {}) =>
      signReport(identity, { jti: `r-${seq}`, iat: now(), seq: seq++, kind, content: { ...content }, ...changes }),
    send: (...reports: unknown[]) => json(call('POST', '/v2/stations/kng-01/reports', JSON.stringify({ reports }))),
    fault: (fault: CentreFault) => centre.faults.add(fault),
    kinds: (statements: readonly unknown[]): readonly string[] => statements.map((statement) => kindOf(statement)),
  };
}

export const claimsOf = (text: string) => JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
export const kindOf = (statement: unknown): string =>
  typeof statement === 'string'
    ? JSON.parse(Buffer.from(statement.split('.')[0] ?? '', 'base64url').toString()).typ
    : 'bundle';
