import { lstatSync, rmSync, symlinkSync } from 'node:fs';
import { fail, ok, type Result } from '../../src/domain/result.ts';
import { type KernelPty, openKernelPty } from './kernel-pty.ts';
import type { LineSession, SerialLine } from './line.ts';

export interface PtyMount {
  /** What the host opens: the link when one was asked for, else the kernel's own name, which a replug changes. */
  readonly path: string;
  close(): void;
}

/**
 * Offers the line as a pseudo terminal, so that a real serial driver opens it. Unplugging destroys it; replugging makes
 * another one, usually under another name; `link` keeps a stable name. A pty does not tell when a host opens or closes
 * it, so all that happens between two plugs is one session for the device.
 */
export function openPty(line: SerialLine, link?: string): Result<PtyMount, string> {
  let pty: KernelPty | null = null;
  let session: LineSession | null = null;

  const mount = (): Result<void, string> => {
    const opened = openKernelPty();
    if (!opened.ok) return opened;
    const { stream, path } = opened.value;
    const attached = line.attach({
      toHost: (bytes) => stream.write(bytes),
      clearToSend: (clear) => (clear ? stream.resume() : stream.pause()),
      cut: () => {
        unmount();
        // The device went away and came back at once; an unplugged line comes back by `onPlug`.
        if (line.plugged) mount();
      },
    });
    if (!attached.ok) {
      opened.value.destroy();
      return fail(`the simulated line is ${attached.failure}`);
    }
    pty = opened.value;
    const mine = attached.value;
    session = mine;
    if (link !== undefined) relink(link, path);
    stream.on('error', () => {
      // 'close' follows.
    });
    stream.on('close', () => mine.detach());
    stream.on('data', (bytes: Buffer) => mine.write(bytes));
    return ok(undefined);
  };

  const unmount = () => {
    session?.detach();
    session = null;
    pty?.destroy();
    pty = null;
    if (link !== undefined) rmSync(link, { force: true });
  };

  const mounted = mount();
  if (!mounted.ok) return mounted;
  const stop = line.onPlug((plugged) => {
    if (plugged) mount();
  });
  return ok({
    get path() {
      return link ?? pty?.path ?? '';
    },
    close() {
      stop();
      unmount();
    },
  });
}

/** Only ever replaces a link: a file that happens to bear the name is not ours. */
function relink(link: string, target: string): void {
  const there = lstatSync(link, { throwIfNoEntry: false });
  if (there?.isSymbolicLink()) rmSync(link);
  symlinkSync(target, link);
}
