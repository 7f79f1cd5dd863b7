import { problem } from '../domain/errors.ts';
import type { World } from '../domain/world.ts';
import { readReportsAnswer } from './answers.ts';
import type { CentralDesk, WaitingReport } from './desk.ts';
import { again, failed, idle, type Next } from './direction.ts';
import { DEADLINE, type Line, type NoAnswer } from './line.ts';
import { createPortion } from './portion.ts';

/** Reports in one request. */
export const BATCH = 50;
/** Characters of reports in one request; a single report is sent whatever its size. */
const BATCH_CHARACTERS = 256 * 1024;

export interface OutboxSetup {
  readonly world: Pick<World, 'clock'>;
  readonly desk: Pick<CentralDesk, 'waitingReports' | 'reportsAnswered'>;
  readonly line: Line;
  readonly station: string;
}

/**
 * Sends the reports that wait, oldest first (central.md, "Reports"); each call is one batch. Whatever gets lost on the
 * way, the same reports go again: the centre knows them by their `jti`.
 */
export function createOutbox({ world, desk, line, station }: OutboxSetup): () => Promise<Next> {
  const portion = createPortion(BATCH);
  const path = `/v2/stations/${encodeURIComponent(station)}/reports`;
  /** Reports that the centre chokes on, or says nothing about. They let the others go first, and then go one by one. */
  const putOff = new Set<string>();

  const putLast = (batch: readonly WaitingReport[]): void => {
    for (const { jti } of batch) {
      putOff.delete(jti);
      putOff.add(jti);
    }
  };

  const nextBatch = (): readonly WaitingReport[] => {
    const waiting = desk.waitingReports(portion.size() + putOff.size);
    const batch: WaitingReport[] = [];
    let characters = 0;
    for (const report of waiting) {
      if (putOff.has(report.jti)) continue;
      characters += report.text.length;
      if (batch.length === portion.size() || (batch.length > 0 && characters > BATCH_CHARACTERS)) break;
      batch.push(report);
    }
    if (batch.length > 0) return batch;
    for (const jti of putOff) {
      const report = waiting.find((candidate) => candidate.jti === jti);
      if (report !== undefined) return [report];
      // It has left by another way, such as a stick.
      putOff.delete(jti);
    }
    return [];
  };

  const notTaken = (batch: readonly WaitingReport[], { status, retryAfter }: NoAnswer): Next => {
    const chokes = status === 400 || status === 413 || status === 422;
    if (chokes && batch.length === 1) putLast(batch);
    else if (chokes || status === null) portion.smaller(batch.length);
    return failed(retryAfter);
  };

  return async () => {
    const batch = nextBatch();
    if (batch.length === 0) return idle;
    const answer = await line.ask('reports', {
      method: 'POST',
      path,
      body: JSON.stringify({ reports: batch.map(({ text }) => text) }),
      timeout: DEADLINE,
    });
    if (!answer.ok) {
      line.failed('reports', answer.failure.problem);
      return notTaken(batch, answer.failure);
    }
    const came = world.clock.monotonic();
    const read = readReportsAnswer(answer.value, new Set(batch.map(({ jti }) => jti)));
    if (!read.ok) {
      line.failed('reports', read.failure);
      return failed();
    }
    const { accepted, refused } = read.value;
    line.succeeded();
    if (accepted.size + refused.length > 0) desk.reportsAnswered([...accepted], refused);
    const answered = new Set([...accepted, ...refused.map(({ jti }) => jti)]);
    for (const jti of answered) putOff.delete(jti);
    const silent = batch.filter(({ jti }) => !answered.has(jti));
    if (silent.length > 0) {
      line.failed('reports', problem('PST-803', `reports: no word about ${silent.length} of ${batch.length} reports`));
      putLast(silent);
    }
    portion.larger();
    if (answered.size === 0) return failed();
    return again(world.clock.monotonic() - came);
  };
}
