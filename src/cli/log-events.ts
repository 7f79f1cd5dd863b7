import type { Logger } from 'pino';
import type { Station } from '../station/station.ts';

/** Typed log events: ids, states and codes, never a name or a line of a page (I10). */
export function logEvents(station: Station, log: Logger, address: string): void {
  const { journal, settings } = station.core;
  log.info({ event: 'listening', station: settings.station.id, address });
  const states = new Map<string, string>();
  station.onChange((change) => {
    if (change.kind !== 'printer') return;
    const { state, recovery } = station.printer(change.id).view;
    if (states.get(change.id) === state) return;
    states.set(change.id, state);
    log.info({ event: 'printer', printer: change.id, state, tries: recovery.tries, failure: recovery.lastFailure });
  });
  let link = '';
  station.link?.onChange(() => {
    const { state = 'none', reason = null } = station.link?.state() ?? {};
    if (state === link) return;
    link = state;
    log.info({ event: 'central', state, reason });
  });
  journal.onCommitted((entries) => {
    // A booklet's number is the number of somebody's passport once it is printed.
    for (const { seq, kind, subject, actor } of entries)
      log.info({ event: 'entry', seq, kind, actor, ...(kind.startsWith('booklet') ? {} : { subject }) });
  });
}
