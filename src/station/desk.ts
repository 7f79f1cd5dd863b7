import { hash } from 'node:crypto';
import type { Actor } from '../domain/people.ts';
import type { Revocation, Statement, VerificationFailure } from '../domain/statement.ts';
import type { Transaction } from '../journal/journal.ts';
import type { JobStanding, Queries } from '../journal/queries.ts';
import { acceptBundle, looksLikeBundle } from '../trust/bundle.ts';
import { curable, type Invalid } from '../trust/verify.ts';
import { jobsTouchedBy, judgeArrival } from './approvals.ts';
import type { Core } from './core.ts';
import { reconsider, reconsiderRow } from './reconsider.ts';

/** What became of one text that came in (central.md, "Files, sticks and QR codes"). */
export interface Received {
  readonly status: 'stored' | 'known' | 'kept' | 'refused';
  readonly kind: string | null;
  readonly jti: string | null;
  readonly reason: string | null;
}

const digestOf = (text: string): string => hash('sha256', text, 'hex');

/** Refused texts are kept for inspection, but not without bound: nobody may fill the disk with rubbish. */
const LONGEST_KEPT = 4096;

/**
 * Takes a page of statements in as one transaction, together with what `also` writes. A guard around each of a thousand
 * would cost a fifth of the time: they are guarded only when one of them has turned out to break a rule, and then all of the
 * page is done again.
 * @throws Refusal PST-304
 */
export function receivePage(
  core: Core,
  actor: Actor,
  texts: readonly string[],
  via: string,
  also: (tx: Transaction) => void,
): void {
  let broken = false;
  const takeIn = (receive: typeof receiveStatement) =>
    core.journal.transact(via, actor, (tx) => {
      for (const text of texts) receive(core, tx, text, via);
      also(tx);
    });
  try {
    takeIn((...one) => {
      try {
        return receiveUnguarded(...one);
      } catch (error) {
        broken = true;
        throw error;
      }
    });
  } catch (error) {
    if (!broken) throw error;
    takeIn(receiveStatement);
  }
}

/**
 * Takes one statement or bundle in, from whatever channel: judged, stored, and applied to the jobs that it is about. One
 * that breaks this station's own rules never stands in the way of the others (central.md, Limits).
 */
export function receiveStatement(core: Core, tx: Transaction, text: string, via: string): Received {
  const received = tx.part(() => receiveUnguarded(core, tx, text, via));
  if (received.ok) return received.value;
  const { message } = received.failure;
  // The text may be good and the fault ours: the next start, perhaps of a better program, tries it again.
  if (!looksLikeBundle(text))
    return keep(tx, text.trim(), { kind: null, jti: null, result: 'fault', detail: message }, via);
  noteRefusal(tx, text, 'bundle-fault', message, via);
  return { status: 'refused', kind: 'trust', jti: null, reason: 'fault' };
}

const receiveUnguarded: typeof receiveStatement = (core, tx, text, via) =>
  looksLikeBundle(text) ? receiveBundle(core, tx, text) : receiveJws(core, tx, text.trim(), via);

function receiveBundle(core: Core, tx: Transaction, text: string): Received {
  const current = core.bundles.inForce(tx);
  const { now } = core.clock.reading(tx);
  const accepted = acceptBundle(Buffer.from(text), { current, pinned: core.pinned, now });
  if (!accepted.ok) {
    const { reason, detail } = accepted.failure;
    if (reason === 'already-current') return { status: 'known', kind: 'trust', jti: null, reason: null };
    noteRefusal(tx, text, `bundle-${reason}`, detail, 'bundle');
    return { status: 'refused', kind: 'trust', jti: null, reason };
  }
  const { version, expires } = accepted.value;
  tx.append('bundle-accepted', `bundle-${version}`, { version, expires, text });
  retryKept(core, tx);
  // Revocations and ended keys in the new bundle bear on jobs that were approved under the old one.
  for (const state of ['approved', 'released', 'bound', 'held', 'awaiting-approval'] as const)
    for (const job of tx.jobsOfState(state)) reconsider(core, tx, job.id);
  return { status: 'stored', kind: 'trust', jti: null, reason: null };
}

function receiveJws(core: Core, tx: Transaction, text: string, via: string): Received {
  const { verdict, known, job } = judgeArrival(core, tx, text);
  if (verdict.result === 'valid') {
    const { statement, digest } = verdict;
    const was = tx.unverifiedStatement(digestOf(text));
    // Valid means that its jti stands for nothing else.
    if (known) {
      if (was?.state === 'kept') noteRefusal(tx, text, 'known', 'the same claims are stored already', via);
      return { status: 'known', kind: statement.kind, jti: statement.jti, reason: null };
    }
    if (statement.kind === 'time' || statement.kind === 'report') {
      if (was?.state === 'kept') noteRefusal(tx, text, 'not-for-import', 'nobody here has asked for it', via);
      return { status: 'refused', kind: statement.kind, jti: statement.jti, reason: 'not-for-import' };
    }
    tx.append('statement-stored', statement.jti, {
      digest,
      was: was?.digest ?? null,
      jti: statement.jti,
      kind: statement.kind,
      iat: statement.iat,
      application: 'application' in statement ? statement.application : null,
      text,
      via,
    });
    apply(core, tx, statement, job);
    return { status: 'stored', kind: statement.kind, jti: statement.jti, reason: null };
  }
  const { kind, jti, result, detail } = verdict;
  if (curable(result)) return keep(tx, text, verdict, via);
  // The very text that is stored already may no longer fit its job, for example because it was used: that is no news.
  if (jti !== null && tx.statementByJti(jti)?.text === text) return { status: 'known', kind, jti, reason: null };
  noteRefusal(tx, text, result, detail, via);
  return { status: 'refused', kind, jti, reason: result };
}

type Unusable = Pick<Invalid, 'kind' | 'jti' | 'detail'> & { readonly result: Invalid['result'] | 'fault' };

function keep(tx: Transaction, text: string, { kind, jti, result, detail }: Unusable, via: string): Received {
  const digest = digestOf(text);
  const row = tx.unverifiedStatement(digest);
  if (row?.state !== 'kept' || row.result !== result)
    tx.append('statement-kept', jti ?? digest, { digest, text, result, detail, via });
  return { status: 'kept', kind, jti, reason: result };
}

function noteRefusal(tx: Transaction, text: string, result: string, detail: string, via: string): void {
  const digest = digestOf(text);
  const known = tx.unverifiedStatement(digest);
  if (known?.state === 'refused' && known.result === result) return;
  tx.append('statement-refused', digest, { digest, text: text.slice(0, LONGEST_KEPT), result, detail, via });
}

/** `job`: the one that the statement was judged with. */
function apply(core: Core, tx: Transaction, statement: Statement, job: JobStanding | null): void {
  switch (statement.kind) {
    case 'approval':
    case 'rejection':
    case 'payment': {
      if (job !== null) reconsiderRow(core, tx, job, statement.kind === 'approval' ? statement.jti : null);
      return;
    }
    case 'revocation': {
      applyRevocation(core, tx, statement);
      return;
    }
    case 'receipt': {
      tx.append('reports-answered', statement.jti, { accepted: [...statement.accepted], refused: [] });
      return;
    }
    case 'billing':
    case 'witness':
    case 'time':
    case 'report':
      return;
  }
}

function applyRevocation(core: Core, tx: Transaction, revocation: Revocation): void {
  for (const id of jobsTouchedBy(tx, revocation)) {
    reconsider(core, tx, id);
    const job = tx.job(id);
    const binding = job && tx.liveBindingOfJob(id);
    // The approval still stands, only this book must not be used.
    if (job?.state === 'bound' && binding !== undefined && 'booklet' in revocation.target)
      tx.append('job-unbound', id, { job: id, binding: binding.id, reason: 'the booklet was revoked' });
  }
}

/** Tries again what a newer bundle, a known time or a new start of the station may have cured (central.md). */
export function retryKept(core: Core, tx: Transaction): void {
  for (const row of tx.keptStatements()) receiveStatement(core, tx, row.text, 'kept');
}

/** Why something was kept that the mere passing of time may have cured: of the rest it cures nothing. */
const curedByTime = (core: Core, journal: Queries): readonly VerificationFailure[] =>
  core.clock.reading(journal).class === 'untrusted' ? ['not-yet-valid'] : ['not-yet-valid', 'clock-untrusted'];

/** Whether `retryInTime` has anything to look at. */
export const waitsForTime = (core: Core): boolean =>
  core.journal.keptStatements(curedByTime(core, core.journal)).next().done === false;

/** Tries again what may be usable now because time has passed, or is known since. */
export function retryInTime(core: Core, tx: Transaction): void {
  for (const row of tx.keptStatements(curedByTime(core, tx))) receiveStatement(core, tx, row.text, 'kept');
}
