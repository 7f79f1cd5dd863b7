/** What a row of the table of bad approvals is, and how one is written. */
import type { BundleContent } from '../../mocks/central/index.ts';
import type { VerificationFailure } from '../../src/domain/statement.ts';
import type { ApprovalFacts, VerificationContext } from '../../src/trust/verify.ts';
import { type Forgery, forge } from './forge.ts';
import type { StatementWorld } from './world.ts';

/** What has come about before the approval is judged. */
export interface Situation {
  /** Changes that the centre puts in force with a next trust bundle. */
  readonly bundle?: (world: StatementWorld) => Partial<Omit<BundleContent, 'version'>>;
  /** Revocations that have arrived. */
  readonly revocations?: (world: StatementWorld) => readonly string[];
  /** Other statements that have arrived and were verified. */
  readonly earlier?: (world: StatementWorld) => readonly string[];
  readonly clockClass?: VerificationContext['clockClass'];
  /** Seconds that go by between the bundle and the moment of judging. */
  readonly laterBy?: number;
  readonly facts?: Partial<ApprovalFacts>;
}

export interface BadApproval {
  readonly name: string;
  readonly expected: VerificationFailure;
  readonly situation: Situation;
  readonly make: (world: StatementWorld) => string;
  readonly control: {
    readonly situation: Situation;
    readonly make: (world: StatementWorld) => string;
  };
}

type Making = Forgery | ((world: StatementWorld) => Forgery);

const made =
  (making: Making) =>
  (world: StatementWorld): string =>
    forge(world, typeof making === 'function' ? making(world) : making);

/** A row whose text is bad; the control is another text in the same situation. */
export const badText = (
  expected: VerificationFailure,
  name: string,
  bad: Making,
  good: Making = {},
  situation: Situation = {},
): BadApproval => ({ name, expected, situation, make: made(bad), control: { situation, make: made(good) } });

/** A row whose situation is bad; the control is the same text in another situation. */
export const badSituation = (
  expected: VerificationFailure,
  name: string,
  bad: Situation,
  good: Situation = {},
  text: Making = {},
): BadApproval => ({
  name,
  expected,
  situation: bad,
  make: made(text),
  control: { situation: good, make: made(text) },
});
