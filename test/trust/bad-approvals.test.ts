import { describe, expect, it } from 'vitest';
import { VERIFICATION_RESULTS } from '../../src/domain/statement.ts';
import {
  type ApprovalFacts,
  CHECKS,
  type Check,
  type Verdict,
  type VerificationContext,
  verifyApproval,
  verifyStatement,
  verifyWith,
} from '../../src/trust/verify.ts';
import { BAD_APPROVALS } from './bad-approvals.ts';
import type { BadApproval } from './rows.ts';
import { contextOf, factsOf, revocationsIn, statementWorld } from './world.ts';

interface Case {
  readonly text: string;
  readonly context: VerificationContext;
  readonly facts: ApprovalFacts;
}

/** Brings a situation about in a fresh world and makes the text there. */
function prepare({ situation, make }: BadApproval['control']): Case {
  const world = statementWorld();
  const changes = situation.bundle?.(world);
  if (changes !== undefined) world.issuer.nextBundle(changes);
  const before = contextOf(world);
  const revocations = revocationsIn(situation.revocations?.(world) ?? [], before);
  const known = new Map<string, string>();
  for (const text of situation.earlier?.(world) ?? []) {
    const verdict = verifyStatement(text, before);
    if (verdict.result !== 'valid') throw new Error(`the earlier statement is ${verdict.result}`);
    known.set(verdict.statement.jti, verdict.digest);
  }
  const context = {
    ...before,
    revocations,
    now: world.now + (situation.laterBy ?? 0),
    clockClass: situation.clockClass ?? 'trusted',
    knownDigest: (jti: string) => known.get(jti) ?? null,
  };
  return { text: make(world), context, facts: factsOf(world, situation.facts) };
}

const judge = (row: BadApproval['control']): Verdict => {
  const { text, context, facts } = prepare(row);
  return verifyApproval(text, context, facts);
};

describe('bad approvals', () => {
  it('are at least 300, all named differently, with every result', () => {
    expect(BAD_APPROVALS.length).toBeGreaterThanOrEqual(300);
    expect(new Set(BAD_APPROVALS.map((row) => row.name)).size).toBe(BAD_APPROVALS.length);
    expect(new Set(BAD_APPROVALS.map((row) => row.expected))).toEqual(new Set(VERIFICATION_RESULTS));
  });

  it.each(BAD_APPROVALS)('$expected: $name', (row) => {
    expect(judge(row)).toMatchObject({ result: row.expected });
    expect(judge(row.control)).toMatchObject({ result: 'valid', statement: { kind: 'approval' } });
  });

  it('without any bundle every key is unknown', () => {
    const world = statementWorld();
    const text = world.issuer.approval({ aud: '*', application: world.application, record: world.record });
    expect(verifyApproval(text, contextOf(world), factsOf(world)).result).toBe('valid');
    expect(verifyApproval(text, contextOf(world, { bundle: null }), factsOf(world)).result).toBe('unknown-key');
  });
});

describe('each guard is needed', () => {
  const cases = BAD_APPROVALS.map(prepare);
  const results = (checks: readonly Check[]): readonly string[] =>
    cases.map(({ text, context, facts }) => verifyWith(checks, text, context, facts).result);
  const whole = results(CHECKS);
  const without = new Map(
    CHECKS.map((removed) => [removed.name, results(CHECKS.filter((check) => check !== removed))]),
  );

  it.each(CHECKS.map((check) => check.name))('%s', (removed) => {
    const changed = BAD_APPROVALS.filter((_row, i) => without.get(removed)?.[i] !== whole[i]);
    expect(changed.map((row) => row.name)).not.toEqual([]);
  });

  it('and each alone stops something, unless another stands behind it', () => {
    const stopsNothingAlone = [...without]
      .filter(([, mutilated]) => !mutilated.includes('valid'))
      .map(([name]) => name);
    // An unknown alg is not the alg of any key, and without a key no signature verifies.
    expect(stopsNothingAlone).toEqual(['alg', 'key']);
  });

  it('stands in the order of the specification', () => {
    const ranks = CHECKS.map((check) => VERIFICATION_RESULTS.indexOf(check.result));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });
});
