import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerLines } from '../../src/cli/line-socket.ts';
import { linesOf } from '../../src/cli/lines.ts';
import { startService } from '../../src/cli/service.ts';
import { loadConfig } from '../../src/config/config.ts';
import { stationFolder } from './station-folder.ts';
import { typed } from './terminal.ts';

async function all(chunks: readonly (string | Uint8Array)[], longest = 100): Promise<string[]> {
  const lines: string[] = [];
  const stream = (async function* () {
    yield* chunks;
  })();
  for await (const line of linesOf(stream, longest)) lines.push(line);
  return lines;
}

test('lines: however the bytes are cut', async () => {
  const text = 'one\r\n\ntwo é\nthree';
  const lines = ['one', '', 'two é', 'three'];
  expect(await all([text])).toEqual(lines);
  expect(await all([...Buffer.from(text)].map((byte) => Uint8Array.of(byte)))).toEqual(lines);
  expect(await all([])).toEqual([]);
  expect(await all(['\n'])).toEqual(['']);
  expect(await all(['12345\n12345'], 5)).toEqual(['12345', '12345']);
  await expect(all(['123', '456'], 5)).rejects.toThrow(RangeError);
});

/** Says it in one go and hears all answers; the socket's path stands beside the configuration's journal. */
async function say(path: string, text: string): Promise<unknown[]> {
  const socket = connect(path);
  socket.end(text);
  const answers: unknown[] = [];
  for await (const line of linesOf(socket, 1e6)) answers.push(JSON.parse(line));
  return answers;
}

test('the socket answers every line in turn, and what is no act is refused without harm', async () => {
  const file = stationFolder();
  const config = loadConfig(file);
  if (!config.ok) throw new Error(config.failure.detail);
  const service = await startService(config.value, { version: 'test' });
  if (!service.ok) throw new Error(service.failure.detail);
  onTestFinished(() => service.value.stop());
  const path = join(dirname(file), 'data/control.sock');
  const add = { act: 'user.add', arguments: { name: 'sari', roles: ['operator'], pin: '271829' }, user: 'root' };
  const orders = [
    'no JSON',
    '{}',
    JSON.stringify({ act: 'toString', arguments: {}, user: 'root' }),
    JSON.stringify({ ...add, arguments: { ...add.arguments, roles: ['king'], more: 1 } }),
    JSON.stringify({ ...add, user: '' }),
    JSON.stringify({ act: 'submit', arguments: { record: 'not base64!', intake: {} }, user: 'root' }),
    JSON.stringify(add),
    JSON.stringify({ act: 'user.list', arguments: {}, user: 'root' }),
  ];
  // Half of a last line, and the client is gone.
  const answers = await say(path, `${orders.join('\n')}\n{"act":`);
  expect(answers).toMatchObject([
    { problem: { code: 'PST-601', detail: 'the line is no JSON' } },
    { problem: { code: 'PST-601', errors: [{ path: 'act' }, { path: 'arguments' }, { path: 'user' }] } },
    { problem: { code: 'PST-601', errors: [{ path: 'act' }] } },
    { problem: { code: 'PST-601', errors: [{ path: 'arguments.roles.0' }, { path: 'arguments' }] } },
    { problem: { code: 'PST-601', errors: [{ path: 'user' }] } },
    { problem: { code: 'PST-601', errors: [{ path: 'arguments.record' }] } },
    { result: { name: 'sari', roles: ['operator'], disabled: false } },
    { result: [{ name: 'sari', roles: ['operator'], disabled: false }] },
    { problem: { code: 'PST-601' } },
  ]);
  const { journal } = service.value.station.core;
  expect(journal.history(['sari']).map(({ actor }) => actor)).toEqual(['local:root']);
  // Two commands at once.
  const both = ['a', 'b'].map((name) => JSON.stringify({ ...add, arguments: { ...add.arguments, name } }));
  await Promise.all(both.map((order) => say(path, order)));
  expect(journal.people().map(({ name }) => name)).toEqual(['a', 'b', 'sari']);
});

test('an answer under way still arrives when the service stops; then nobody is there', async () => {
  const path = join(dirname(stationFolder()), 'c.sock');
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const socket = await answerLines(path, async (line) => {
    if (line === '"held"') await held;
    return line;
  });
  const idle = connect(path);
  await once(idle, 'connect');
  const busy = connect(path);
  busy.write('"held"\n');
  const answer = linesOf(busy, 100).next();
  expect(await say(path, '"quick"\n')).toEqual(['quick']);
  const closed = socket.close();
  await expect(say(path, '"late"\n')).rejects.toMatchObject({ code: 'ENOENT' });
  letGo();
  await closed;
  expect((await answer).value).toBe('"held"');
  idle.resume();
  await once(idle, 'close');
});

test.each([
  ['hangs up', () => Promise.reject(new Error('gone')), /^PST-710 .*control\.sock: /],
  ['answers nonsense', async () => 'nonsense', /^PST-710 .*the answer is no JSON/],
  ['knows a newer code', async () => '{"problem":{"code":"PST-999","detail":"new"}}', /^PST-706 .*PST-999: new/],
])('a service that %s is told from one that is not there', async (_, answer, expected) => {
  const file = stationFolder();
  const data = join(dirname(file), 'data');
  mkdirSync(data, { mode: 0o700 });
  const socket = await answerLines(join(data, 'control.sock'), answer);
  onTestFinished(() => socket.close());
  const { code, out, err } = await typed(['user', 'list', '-c', file]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(expected);
});
