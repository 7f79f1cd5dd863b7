/** The hands and the hazards of the simulated office, for the Bench page (console.md). */
import { readMrz, type SimulatedPrinter, toPng } from '../../../mocks/index.ts';
import type { Bench } from '../../api/routes/bench.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { Result } from '../../domain/result.ts';
import type { Station } from '../../station/station.ts';
import type { SimulatedOffice } from './office.ts';

/** Milliseconds that the centre takes for an answer while it is slow. */
const SLOW = 4_000;

type Act = Readonly<Record<string, unknown>>;

const impossible = (detail: string): never => {
  throw new Refusal(problem('PST-502', detail, { reason: 'not-possible' }));
};
const worked = (result: Result<unknown, string>): void => {
  if (!result.ok) impossible(result.failure);
};
const text = (act: Act, member: string): string => {
  const value = act[member];
  return typeof value === 'string' && value !== '' ? value : impossible(`${member} is missing`);
};

export function benchOf(office: SimulatedOffice, station: Station): Bench {
  /** The booklet that a page's picture is of: the one inside, or the last one taken out. */
  const shown = new Map<string, string>();
  const printerOf = (id: string): SimulatedPrinter =>
    office.printers.get(id) ?? impossible(`there is no simulated printer ${id}`);
  const covers = new Set<string>();
  let centreState: 'up' | 'down' | 'slow' = 'up';

  const look = (id: string): SimulatedPrinter => {
    const printer = printerOf(id);
    const inside = printer.device.booklet;
    if (inside !== null) shown.set(id, inside.number);
    return printer;
  };

  const hands: Readonly<Record<string, (printer: SimulatedPrinter, act: Act, id: string) => void>> = {
    'insert-booklet': (printer, act) => worked(printer.insertBooklet({ number: text(act, 'number') })),
    'remove-booklet': (printer) => worked(printer.removeBooklet()),
    'open-cover': (printer, _act, id) => {
      printer.openCover();
      covers.add(id);
    },
    'close-cover': (printer, _act, id) => {
      printer.closeCover();
      covers.delete(id);
    },
    'press-stop': (printer) => printer.pressStop(),
    'press-start': (printer) => printer.pressStart(),
    'clear-error': (printer) => worked(printer.clearError()),
    jam: (printer) => printer.addFault({ kind: 'jam', trigger: { at: 'state', state: 'printing' } }),
    'clear-jam': (printer) => {
      const taken = printer.removeBooklet();
      if (taken.ok) worked(printer.clearError());
      else worked(printer.clearError());
    },
    'power-off': (printer) => printer.powerOff(),
    'power-on': (printer) => printer.powerOn(),
    unplug: (printer) => printer.unplug(),
    replug: (printer) => printer.replug(),
  };

  const revoke = (act: Act): void => {
    const application = text(act, 'application');
    const approval = station.core.journal.jobOfApplication(application)?.approval;
    if (approval === null || approval === undefined) impossible('no approval is usable for this application');
    office.centre.centre.revoke(
      { approval: approval ?? '' },
      { reason: { code: 'BENCH', text: 'Revoked at the bench' } },
    );
  };

  return {
    state() {
      const free = station.core.journal.booklets('in-stock', 12, '').map(({ number }) => number);
      const bound = station.core.journal.booklets('bound', 12, '').map(({ number }) => number);
      return {
        printers: [...office.printers].map(([id]) => {
          const printer = look(id);
          const state = printer.state();
          return {
            id,
            powered: state.status !== 'off',
            coverOpen: covers.has(id),
            booklet: printer.device.booklet === null ? null : { number: printer.device.booklet.number },
            deviceState: state.status,
            plugged: state.plugged === true,
            picture: shown.get(id) ?? null,
          };
        }),
        centre: {
          state: centreState,
          pending: [...office.centre.centre.applications.values()]
            .filter(({ state }) => state === 'requested')
            .map(({ application }) => application),
        },
        trays: [...bound, ...free],
      };
    },
    printer(id, act) {
      const hand = hands[text(act, 'do')] ?? impossible(`no hand can ${String(act.do)}`);
      look(id);
      hand(printerOf(id), act, id);
      look(id);
      return {};
    },
    async centre(act) {
      const { centre } = office.centre;
      switch (act.do) {
        case 'up':
        case 'down':
        case 'slow':
          centre.faults.clear();
          centreState = act.do;
          if (act.do === 'down') centre.faults.add({ kind: 'down', how: 'refuse' });
          if (act.do === 'slow') centre.faults.add({ kind: 'slow', ms: SLOW });
          await office.server.refresh();
          break;
        case 'approve':
          centre.approve(text(act, 'application'));
          break;
        case 'approve-all':
          centre.approveAll();
          break;
        case 'reject':
          centre.reject(text(act, 'application'), { code: 'BENCH', text: 'Rejected at the bench' });
          break;
        case 'revoke':
          revoke(act);
          break;
        default:
          impossible(`the centre cannot ${String(act.do)}`);
      }
      return {};
    },
    picture(id) {
      const printer = look(id);
      const number = shown.get(id);
      const page = number === undefined ? null : printer.dataPage(number);
      return page === null ? null : toPng(page);
    },
    async mrz(id) {
      const printer = look(id);
      const number = shown.get(id);
      const page = number === undefined ? null : printer.dataPage(number);
      return page === null ? null : readMrz(page).lines;
    },
  };
}
