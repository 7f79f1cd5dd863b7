import type { CentralDesk } from '../central/desk.ts';
import { Refusal } from '../domain/errors.ts';
import type { Actor } from '../domain/people.ts';
import type { ReportKind } from '../domain/statement.ts';
import { signHello, signReport } from '../trust/identity.ts';
import { verifyStatement } from '../trust/verify.ts';
import { verificationContext } from './approvals.ts';
import { type Core, perform } from './core.ts';
import { receivePage, retryKept } from './desk.ts';

const CENTRE: Actor = { kind: 'station' };

/** What the link to the centre may do at this station: every call is one transaction. */
export const centralDesk = (core: Core): CentralDesk => ({
  cursor: () => core.journal.station().cursor,

  receive(statements, cursor) {
    const moved = cursor !== core.journal.station().cursor;
    if (statements.length === 0 && !moved) return;
    receivePage(core, CENTRE, statements, 'feed', (tx) => {
      if (moved) tx.append('feed-read', 'feed', { cursor });
    });
  },

  waitingReports: (limit) =>
    core.journal.outbox('waiting', limit).map(({ jti, seq, kind, claims, at }) => ({
      jti,
      text: signReport(core.identity, {
        jti,
        seq,
        iat: Math.floor(at / 1000),
        kind: kind as Exclude<ReportKind, 'hello'>,
        content: JSON.parse(claims) as Record<string, unknown>,
      }),
    })),

  reportsAnswered(accepted, refused) {
    if (accepted.length + refused.length === 0) return;
    core.journal.transact('reports-answered', CENTRE, (tx) =>
      tx.append('reports-answered', 'outbox', { accepted: [...accepted], refused: [...refused] }),
    );
  },

  hello: () =>
    signHello(core.identity, { jti: core.world.random.id(), iat: Math.floor(core.world.clock.now() / 1000) }),

  timeWanted: () => core.bundles.inForce(core.journal) !== null && core.clock.reading(core.journal).because !== 'nonce',

  timeAnswered(nonce, text) {
    const verdict = verifyStatement(text, verificationContext(core, core.journal, nonce));
    if (verdict.result !== 'valid' || verdict.statement.kind !== 'time' || verdict.statement.nonce !== nonce) return;
    const learnt = core.clock.learn(core.journal, 'nonce', verdict.statement.time);
    if (learnt === null) return;
    const written = perform(core, CENTRE, 'time-learnt', (tx) => tx.append('time-learnt', 'clock', learnt.data));
    if (!written.ok) throw new Refusal(written.failure);
    learnt.adopt();
    // What was kept because the time was not known may be usable now.
    perform(core, CENTRE, 'retry-kept', (tx) => retryKept(core, tx));
  },
});
