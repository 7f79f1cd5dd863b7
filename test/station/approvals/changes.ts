import type { ApproveOptions } from '../../../mocks/central/index.ts';
import { signingKey } from '../../../mocks/central/index.ts';
import { centralDesk } from '../../../src/station/central-desk.ts';
import { type Desk, meddle, OTHER_BOOKLET, recordBytes } from './desk.ts';

/**
 * What can come about after an approval was stored as valid, and what the station must answer then: when a booklet is
 * bound, and when a bound one is to be printed.
 */
export interface Change {
  readonly name: string;
  /** The machine's clock runs a day ahead from the beginning, and the operating system vouches for it. */
  readonly ahead?: boolean;
  /** The approval that is stored first; 90 days, for every booklet, unless told. */
  readonly approval?: (desk: Desk) => Partial<ApproveOptions>;
  readonly happens: (desk: Desk & { readonly job: string }) => void | Promise<void>;
  /** `reason` of the refusal to bind; `null` where binding is still allowed. */
  readonly atBind: string | null;
  /** `reason` of the refusal to print; a code where the binding itself has been taken back; `null` where it may print. */
  readonly atIntent: string | null;
}

/** The binding was undone when the change arrived, so that nothing is there to be printed. */
const UNBOUND = 'PST-505';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const REASON = { code: 'SIM', text: 'withdrawn' };
const REVOKED_NOTHING = { approvals: [], booklets: [], stations: [], keys: [] };

const bundle =
  (changes: (desk: Desk) => Parameters<Desk['world']['issuer']['nextBundle']>[0]) =>
  (desk: Desk): void => {
    desk.world.issuer.nextBundle(changes(desk));
    desk.office.sari.imports(JSON.stringify(desk.office.centre.bundle()));
  };

/** A bundle in which the key of the approval stands differently. */
const keyWith = (limits: Parameters<Desk['world']['issuer']['listed']>[1]) =>
  bundle(({ world: { issuer } }) => ({ keys: [issuer.listed(issuer.signer, limits)] }));

const revokes =
  (target: { approval: string } | { booklet: string } | { station: string }) =>
  ({ office, world }: Desk): void => {
    office.sari.imports(world.issuer.revocation('*', target, REASON));
  };

const passes =
  (seconds: number) =>
  ({ office }: Desk): Promise<void> =>
    office.pass(seconds * 1000);

const restarts = async ({ office }: Desk, as?: { id: string; office: string }): Promise<void> => {
  office.crash();
  office.boot(as);
  const { state } = office.view();
  await office.until('connected again', () => ['idle', 'awaitingBooklet'].includes(office.state()), 60_000);
  if (state === 'ready') throw new Error('a printer is never ready before it was looked at');
};

/** The centre answers a nonce. Of two clocks that are vouched for the later one counts, so this machine's no longer is. */
const setRight = ({ office, world }: Desk): void => {
  office.clock.synchronised = false;
  centralDesk(office.station.core).timeAnswered('n-1', world.issuer.time('station:kng-01', 'n-1'));
};

const TIME: readonly Change[] = [
  {
    name: 'it expired meanwhile',
    approval: ({ world }) => ({ exp: world.now + HOUR }),
    happens: passes(HOUR + 61),
    atBind: 'expired',
    atIntent: 'expired',
  },
  {
    name: 'it has a minute of leeway left',
    approval: ({ world }) => ({ exp: world.now + HOUR }),
    happens: passes(HOUR + 30),
    atBind: null,
    atIntent: null,
  },
  {
    name: 'the clock was set back a day, and it expired',
    approval: ({ world }) => ({ exp: world.now + HOUR }),
    happens: async (desk) => {
      desk.office.clock.skew = -DAY * 1000;
      await desk.office.pass((HOUR + 61) * 1000);
    },
    atBind: 'expired',
    atIntent: 'expired',
  },
  {
    name: 'the clock was set back a day, then the station started again',
    happens: async (desk) => {
      desk.office.clock.skew = -DAY * 1000;
      await restarts(desk);
    },
    atBind: 'clock-untrusted',
    atIntent: 'clock-untrusted',
  },
  {
    name: 'the station started again and nobody vouches for the time',
    happens: async (desk) => {
      desk.office.clock.synchronised = false;
      await restarts(desk);
    },
    atBind: 'clock-untrusted',
    atIntent: 'clock-untrusted',
  },
  {
    name: 'the clock had run a day ahead, and the centre has set it right: not its time yet',
    ahead: true,
    approval: ({ world }) => ({ nbf: world.now + DAY / 2 }),
    happens: setRight,
    atBind: 'not-yet-valid',
    atIntent: 'not-yet-valid',
  },
  {
    name: 'the clock had run a day ahead, and the centre has set it right: its time is now',
    ahead: true,
    happens: setRight,
    atBind: null,
    atIntent: null,
  },
  {
    name: 'the trust bundle expired meanwhile',
    happens: async (desk) => {
      bundle(({ world }) => ({ expires: world.issuer.now() + HOUR }))(desk);
      await desk.office.pass((HOUR + 61) * 1000);
    },
    atBind: 'superseded-bundle',
    atIntent: 'superseded-bundle',
  },
  {
    name: 'the centre was not heard for longer than its limit',
    happens: async (desk) => {
      bundle(() => ({ limits: { offlineDays: 2, offlinePrints: 100 } }))(desk);
      await desk.office.pass((2 * DAY + 1) * 1000);
    },
    atBind: null,
    atIntent: 'offline-limit',
  },
  {
    name: 'as many books as the limit allows were printed without the centre',
    happens: bundle(() => ({ limits: { offlineDays: 2, offlinePrints: 0 } })),
    atBind: null,
    atIntent: 'offline-limit',
  },
];

const REVOCATIONS: readonly Change[] = [
  { name: 'the approval was revoked', happens: revokes({ approval: 'apr-1' }), atBind: 'revoked', atIntent: UNBOUND },
  { name: 'another approval was revoked', happens: revokes({ approval: 'apr-2' }), atBind: null, atIntent: null },
  { name: 'the booklet was revoked', happens: revokes({ booklet: 'X0000017' }), atBind: 'revoked', atIntent: UNBOUND },
  { name: 'this station was revoked', happens: revokes({ station: 'kng-01' }), atBind: 'revoked', atIntent: UNBOUND },
  {
    name: 'the trust bundle revokes the approval',
    happens: bundle(() => ({ revoked: { ...REVOKED_NOTHING, approvals: ['apr-1'] } })),
    atBind: 'revoked',
    atIntent: UNBOUND,
  },
  {
    name: 'the trust bundle revokes the booklet',
    happens: bundle(() => ({ revoked: { ...REVOKED_NOTHING, booklets: ['X0000017'] } })),
    atBind: 'revoked',
    atIntent: 'revoked',
  },
  {
    name: 'the trust bundle revokes this station',
    happens: bundle(() => ({ revoked: { ...REVOKED_NOTHING, stations: ['kng-01'] } })),
    atBind: 'revoked',
    atIntent: UNBOUND,
  },
  {
    name: 'the trust bundle revokes the key',
    happens: bundle(() => ({ revoked: { ...REVOKED_NOTHING, keys: ['central-1'] } })),
    atBind: 'revoked',
    atIntent: UNBOUND,
  },
  {
    name: 'the centre rejected the application afterwards',
    happens: async ({ office, world }) => {
      await office.pass(2_000);
      const { application, record } = world;
      office.sari.imports(world.issuer.rejection({ aud: '*', application, record, reason: REASON }));
    },
    atBind: 'revoked',
    atIntent: UNBOUND,
  },
];

const KEYS: readonly Change[] = [
  {
    name: 'the next trust bundle does not list the key',
    happens: bundle(({ world }) => ({ keys: [world.issuer.listed(world.keys.es256)] })),
    atBind: 'unknown-key',
    atIntent: 'unknown-key',
  },
  {
    name: 'the key is no longer for approvals',
    happens: keyWith({ use: ['payment'] }),
    atBind: 'wrong-key-use',
    atIntent: 'wrong-key-use',
  },
  {
    name: 'the key is no longer for this office',
    happens: keyWith({ offices: ['PNK'] }),
    atBind: 'wrong-key-use',
    atIntent: 'wrong-key-use',
  },
  {
    name: 'the key is said to have begun later',
    happens: async (desk) => {
      await desk.office.pass(10_000);
      keyWith({ nbf: desk.world.issuer.now() })(desk);
    },
    atBind: 'wrong-key-use',
    atIntent: 'wrong-key-use',
  },
  {
    name: 'the key is said to have ended before',
    happens: (desk) => keyWith({ exp: desk.world.now - HOUR })(desk),
    atBind: 'wrong-key-use',
    atIntent: 'wrong-key-use',
  },
  {
    name: 'under the same kid the bundle lists a key of another kind',
    happens: bundle(({ world: { issuer } }) => ({
      keys: [issuer.listed(signingKey(issuer.seed, 'central-1', 'ES256'))],
    })),
    atBind: 'unsupported-alg',
    atIntent: 'unsupported-alg',
  },
  {
    name: 'under the same kid the bundle lists another key',
    happens: bundle(({ world: { issuer } }) => ({
      keys: [issuer.listed(signingKey(Buffer.alloc(32, 3), 'central-1'))],
    })),
    atBind: 'bad-signature',
    atIntent: 'bad-signature',
  },
  {
    name: 'the key has a successor beside it',
    happens: bundle(({ world: { issuer } }) => ({
      keys: [issuer.listed(issuer.signer), issuer.listed(signingKey(issuer.seed, 'central-3'))],
    })),
    atBind: null,
    atIntent: null,
  },
];

const JOBS: readonly Change[] = [
  {
    name: 'the station belongs to another office now',
    approval: () => ({ aud: 'office:KNG' }),
    happens: (desk) => restarts(desk, { id: 'kng-01', office: 'PNK' }),
    atBind: 'wrong-audience',
    atIntent: 'wrong-audience',
  },
  {
    name: 'the station has another name now',
    approval: () => ({ aud: 'station:kng-01' }),
    happens: (desk) => restarts(desk, { id: 'kng-02', office: 'KNG' }),
    atBind: 'wrong-audience',
    atIntent: 'wrong-audience',
  },
  {
    name: 'it names another booklet than the one that is bound',
    approval: () => ({ booklet: 'X0000017' }),
    happens: ({ office }) => {
      if (office.journal.liveBinding('counter-1') !== undefined)
        meddle(office, `UPDATE bindings SET booklet = ? WHERE live = 1`, OTHER_BOOKLET);
      else meddle(office, `UPDATE booklets SET state = 'spoiled' WHERE number = 'X0000017'`);
    },
    atBind: 'booklet-spoiled',
    atIntent: 'booklet-mismatch',
  },
  {
    name: 'the job was held',
    happens: ({ office, job }) => {
      if (office.jobState(job) === 'released') office.dewi.holds(job);
    },
    atBind: 'job-held',
    atIntent: null,
  },
  {
    name: 'the case was referred to another office',
    happens: ({ office, job }) => {
      if (office.jobState(job) === 'released') office.dewi.refers(job);
    },
    atBind: 'revoked',
    atIntent: null,
  },
];

/** Past the journal: nothing that is stored is believed without its signature. */
const MEDDLING: readonly Change[] = [
  {
    name: 'the stored record has another byte',
    happens: ({ office }) => meddle(office, 'UPDATE records SET bytes = ?', recordBytes('PASSPORT OFFICF')),
    atBind: 'record-mismatch',
    atIntent: 'record-mismatch',
  },
  {
    name: 'the stored record is another one, and its hash fits it',
    happens: ({ office }) => {
      meddle(office, 'UPDATE records SET bytes = ?', recordBytes('PASSPORT OFFICF'));
      meddle(office, 'UPDATE jobs SET record_sha256 = ?', 'ab'.repeat(32));
    },
    atBind: 'record-mismatch',
    atIntent: 'record-mismatch',
  },
  {
    name: 'the job has another length of the record',
    happens: ({ office }) => meddle(office, 'UPDATE jobs SET record_bytes = record_bytes + 1'),
    atBind: 'record-mismatch',
    atIntent: 'record-mismatch',
  },
  {
    name: 'the stored approval was cut',
    happens: ({ office }) =>
      meddle(office, `UPDATE statements SET text = substr(text, 1, 200) WHERE kind = 'approval'`),
    atBind: 'malformed',
    atIntent: 'malformed',
  },
  {
    name: 'a claim of the stored approval was changed',
    happens: ({ office }) => {
      const { text } = office.journal.statementByJti('apr-1') ?? { text: '' };
      const [header, payload = '', signature] = text.split('.');
      const claims = Buffer.from(payload, 'base64url').toString().replace('"booklet":null', '"booklet":"X0000017"');
      meddle(
        office,
        `UPDATE statements SET text = ? WHERE jti = 'apr-1'`,
        [header, Buffer.from(claims).toString('base64url'), signature].join('.'),
      );
    },
    atBind: 'bad-signature',
    atIntent: 'bad-signature',
  },
  {
    name: 'the job is said to have spent another approval',
    happens: ({ office }) => meddle(office, `UPDATE jobs SET spent_approval = 'apr-0'`),
    atBind: 'wrong-replaces',
    atIntent: 'wrong-replaces',
  },
  {
    name: 'another attempt has taken the approval',
    happens: ({ office, job }) =>
      meddle(
        office,
        `INSERT INTO attempts (id, job, number, binding, booklet, printer, approval, state, operator, intended_at,
           page_sha256, acknowledgement) VALUES ('a-0', ?, 1, 'b-0', 'X0000015', 'counter-1', 'apr-1', 'printed', 'sari', 0, '', 1)`,
        job,
      ),
    atBind: 'already-used',
    atIntent: 'already-used',
  },
];

export const CHANGES: readonly Change[] = [...TIME, ...REVOCATIONS, ...KEYS, ...JOBS, ...MEDDLING];
