import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { lockDevice } from '../../../drivers/transports/identity-lock.ts';

const MODULE = new URL('../../../drivers/transports/identity-lock.ts', import.meta.url).href;

/** Another process that holds the lock until it is killed. */
async function holder(identity: string) {
  const program = `const { lockDevice } = await import(${JSON.stringify(MODULE)});
    const lock = await lockDevice(${JSON.stringify(identity)});
    console.log(lock.ok ? 'held' : lock.failure.kind);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    said: said.toString().trim(),
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('device lock', () => {
  it('has one holder in a process, and goes back once', async () => {
    const identity = `test:${process.pid}:one`;
    const first = await lockDevice(identity);
    expect(first.ok).toBe(true);
    expect(await lockDevice(identity)).toMatchObject({ ok: false, failure: { kind: 'busy' } });
    if (!first.ok) return;
    first.value();
    first.value();
    const second = await lockDevice(identity);
    expect(second.ok).toBe(true);
    if (second.ok) second.value();
  });

  it('is refused while another process holds it, and free as soon as that one is killed', async () => {
    const identity = `test:${process.pid}:two`;
    const other = await holder(identity);
    expect(other.said).toBe('held');
    expect(await lockDevice(identity)).toMatchObject({
      ok: false,
      failure: { kind: 'busy', detail: expect.stringContaining('another process') },
    });
    await other.kill();
    const mine = await lockDevice(identity);
    expect(mine.ok).toBe(true);
    const late = await holder(identity);
    expect(late.said).toBe('busy');
    await late.kill();
    if (mine.ok) mine.value();
  });
});
