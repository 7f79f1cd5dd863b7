import type { Terminal } from './terminal.ts';

const WIDTH = 24;

/** Shows on a watched standard error how far a command is; elsewhere nothing. */
export function progressBar({ watched, redraw }: Terminal, total: number): { at(done: number): void; clear(): void } {
  if (!watched) return { at: () => undefined, clear: () => undefined };
  return {
    at(done) {
      const filled = total === 0 ? WIDTH : Math.floor((done * WIDTH) / total);
      redraw(`[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${total}`);
    },
    clear: () => redraw(''),
  };
}
