/**
 * `data/control.sock`: how commands reach the running service (station.md, "Commands"). One line of JSON
 * `{"act","arguments","user"}` is answered by one line, `{"result"}` or `{"problem"}`; any number of them in a row.
 */
import { lstatSync, unlinkSync } from 'node:fs';
import { type Problem, problem, Refusal } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { Station } from '../station/station.ts';
import { controlPath } from './control-call.ts';
import { answerLines, isTooLong, type LineSocket, LONGEST_PATH } from './line-socket.ts';
import { carryOut } from './station-acts.ts';

/**
 * Opens the socket of this station. The caller holds the journal's lock, so a socket that is there already belongs to
 * a process that is dead; the directory is 0700, so nobody else comes near it. Fails with PST-711.
 */
export async function openControlSocket(station: Station): Promise<Result<LineSocket, Problem>> {
  const path = controlPath(station.core.settings.data);
  if (isTooLong(path)) return fail(problem('PST-711', `${path} has more than ${LONGEST_PATH} bytes`));
  try {
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isSocket()) return fail(problem('PST-711', `${path} is there and is no socket`));
    if (there !== undefined) unlinkSync(path);
    return ok(await answerLines(path, async (line) => JSON.stringify(await answerTo(station, line))));
  } catch (error) {
    return fail(problem('PST-711', `${path}: ${(error as NodeJS.ErrnoException).code ?? 'unusable'}`));
  }
}

async function answerTo(station: Station, line: string): Promise<{ result: unknown } | { problem: Problem }> {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    return { problem: problem('PST-601', 'the line is no JSON') };
  }
  try {
    return { result: await carryOut(station, request) };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem };
    return { problem: problem('PST-706', error instanceof Error ? `${error.name}: ${error.message}` : String(error)) };
  }
}
