import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { fail, ok, type Result } from '../../src/domain/result.ts';

/** A pseudo terminal of the kernel, seen from the device's end. */
export interface KernelPty {
  /** What the host opens, for example `/dev/pts/3`. */
  readonly path: string;
  readonly stream: ReadStream;
  /** Hangs up: a host that has it open sees its device vanish. */
  destroy(): void;
}

interface PtyBinding {
  open(columns: number, rows: number): { readonly master: number; readonly slave: number; readonly pty: string };
}

/**
 * Opens a pseudo terminal in raw mode. Node has no call for it, so the prebuilt N-API binary of `@lydell/node-pty` is
 * used without that package's JavaScript: its `open()` keeps a stream on the host's side that steals bytes, and its
 * `destroy()` signals every process.
 */
export function openKernelPty(): Result<KernelPty, string> {
  const binding = loadBinding();
  if (!binding.ok) return binding;
  const { master, slave, pty } = binding.value.open(80, 24);
  // Held open and never read: without it the line would hang up whenever no host has it open.
  const holder = new ReadStream(slave);
  holder.setRawMode(true);
  const stream = new ReadStream(master);
  return ok({
    path: pty,
    stream,
    destroy() {
      holder.destroy();
      stream.destroy();
    },
  });
}

function loadBinding(): Result<PtyBinding, string> {
  const require = createRequire(import.meta.url);
  try {
    const inside = createRequire(require.resolve('@lydell/node-pty/package.json'));
    return ok(inside(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`) as PtyBinding);
  } catch (error) {
    return fail(
      `no pseudo terminals on ${process.platform}-${process.arch}: ${(error as Error).message.split('\n')[0]}`,
    );
  }
}
