/** A command's side of `data/control.sock`. Loads nothing of the station: with a service running, commands are quick. */
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { ERRORS, type Problem, problem, Refusal } from '../domain/errors.ts';
import { isTooLong, LONGEST_LINE } from './line-socket.ts';
import { linesOf } from './lines.ts';
import type { ActOnStation } from './station-acts.ts';

/** Milliseconds without an answer after which a command gives up; the rebuild of a large journal takes a while. */
const PATIENCE = 120_000;

/** The socket of the service that works on this directory. */
export const controlPath = (directory: string): string => join(directory, 'control.sock');

export interface ServiceCall {
  readonly act: ActOnStation;
  close(): void;
}

/**
 * Calls the service that works on this directory; `null` when none answers: no socket, or one that a dead process left.
 * @throws Refusal PST-710 the socket is there but may not be used; `act` also when the answer does not come
 */
export async function callService(directory: string, user: string): Promise<ServiceCall | null> {
  const path = controlPath(directory);
  const socket = isTooLong(path) ? null : await connected(path);
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
