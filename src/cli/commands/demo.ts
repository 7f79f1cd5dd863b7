import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plugOf } from '../../../mocks/index.ts';
import { Refusal } from '../../domain/errors.ts';
import { type Command, noWords, reads, wholeNumber } from '../command.ts';
import { benchOf } from '../demo/bench.ts';
import { enrol, furnish, openOffice, PEOPLE, takeApplicants } from '../demo/office.ts';
import { startService } from '../service.ts';
import { version } from '../version.ts';

export interface DemoArguments {
  /** Of the console; 0 takes a free one. */
  readonly port: number;
  /** Directory of the office's data; `null`: a new one that is removed at the end. */
  readonly data: string | null;
  /** Whether to open the console's address in a browser. */
  readonly open: boolean;
  readonly json: boolean;
}

export const readDemo = reads(
  { port: { type: 'string' }, data: { type: 'string' }, 'no-open': { type: 'boolean' } },
  (values, words): DemoArguments => {
    noWords(words);
    return {
      port: wholeNumber(values.port ?? '8080', '--port', 0, 65535),
      data: values.data ?? null,
      open: values['no-open'] !== true,
      json: values.json === true,
    };
  },
);

export const command: Command<DemoArguments> = {
  read: readDemo,

  async run({ port, data, open, json }, terminal) {
    const stopped = terminal.stopped();
    const directory = data ?? mkdtempSync(join(tmpdir(), 'passport-station-'));
    const office = await openOffice(directory, port);
    const plugs = new Map([...office.printers].map(([id, printer]) => [id, plugOf(printer.line)]));
    const service = await startService(office.config, {
      version: version(),
      simulators: (name) => plugs.get(name),
      bench: (station) => {
        enrol(station, office);
        return benchOf(office, station);
      },
    });
    if (!service.ok) {
      await office.close();
      throw new Refusal(service.failure);
    }
    const { address, station, stop } = service.value;
    await furnish(station);
    if (json) terminal.out(JSON.stringify({ ready: true, address, people: PEOPLE, data: directory }));
    else {
      terminal.out(`The simulated passport office is open at ${address}\n`);
      for (const { name, pin, roles } of PEOPLE) terminal.out(`  ${name.padEnd(6)} PIN ${pin}   ${roles.join(', ')}`);
      terminal.out('\nEverything in it is simulated: State UTO, SPECIMEN on every page. Ctrl+C closes it.');
    }
    if (open) openBrowser(address);
    await takeApplicants(station);
    await stopped;
    await stop();
    await office.close();
    if (data === null) rmSync(directory, { recursive: true, force: true });
    return 0;
  },
};

/** Best effort: where there is no desktop, the printed address is enough. */
function openBrowser(address: string): void {
  if (process.env.DISPLAY === undefined && process.env.WAYLAND_DISPLAY === undefined && process.platform === 'linux')
    return;
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
