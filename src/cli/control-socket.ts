/**
 * `data/control.sock`: how commands reach the running service (station.md, "Commands"). One line of JSON
 * `{"act","arguments","user"}` is answered by one line, `{"result"}` or `{"problem"}`; any number of them in a row.
 */
import { lstatSync, unlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { ERRORS, type Problem, problem, Refusal } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { Station } from '../station/station.ts';
import { answerLines, type LineSocket, LONGEST_LINE } from './line-socket.ts';
import { linesOf } from './lines.ts';
import { type ActOnStation, carryOut } from './station-acts.ts';

/** Bytes of a socket's path without its final zero: `sun_path` of unix(7) has 108, of the BSDs 104. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;
/** Milliseconds without an answer after which a command gives up; the rebuild of a large journal takes a while. */
const PATIENCE = 120_000;

const pathIn = (directory: string): string => join(directory, 'control.sock');
const tooLong = (path: string): boolean => Buffer.byteLength(path) > LONGEST_PATH;

/**
 * Opens the socket of this station. The caller holds the journal's lock, so a socket that is there already belongs to
 * a process that is dead; the directory is 0700, so nobody else comes near it. Fails with PST-711.
 */
export async function openControlSocket(station: Station): Promise<Result<LineSocket, Problem>> {
  const path = pathIn(station.core.settings.data);
  if (tooLong(path)) return fail(problem('PST-711', `${path} has more than ${LONGEST_PATH} bytes`));
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

export interface ServiceCall {
  readonly act: ActOnStation;
  close(): void;
}

/**
 * Calls the service that works on this directory; `null` when none answers: no socket, or one that a dead process left.
 * @throws Refusal PST-710 the socket is there but may not be used; `act` also when the answer does not come
 */
export async function callService(directory: string, user: string): Promise<ServiceCall | null> {
  const path = pathIn(directory);
  const socket = tooLong(path) ? null : await connected(path);
  if (socket === null) return null;
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer for ${PATIENCE / 1000} s`)));
  const answers = linesOf(socket, LONGEST_LINE);
  return {
    act: async (act, given) => {
      socket.write(`${JSON.stringify({ act, arguments: given, user })}\n`);
      const answer = await answers.next().catch((error: Error) => silent(path, error.message));
      if (answer.done === true) return silent(path, 'the connection ended');
      return resultIn(answer.value, path) as never;
    },
    close: () => void socket.destroy(),
  };
}

const silent = (path: string, detail: string): never => {
  throw new Refusal(problem('PST-710', `${path}: ${detail}`));
};

function connected(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(new Refusal(problem('PST-710', `${path}: ${error.code}`)));
    });
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      // The reader of the answers hears of it.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

function resultIn(line: string, path: string): unknown {
  let answer: { result?: unknown; problem?: Problem };
  try {
    answer = JSON.parse(line);
  } catch {
    return silent(path, 'the answer is no JSON');
  }
  const refused = answer.problem;
  if (refused === undefined) return answer.result;
  // A newer service may know codes that this program does not.
  throw new Refusal(refused.code in ERRORS ? refused : problem('PST-706', `${refused.code}: ${refused.detail}`));
}
