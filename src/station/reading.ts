/** What the API reads of a station: the journal's rows and the names of the machines' states. */
export { PRINTER_STATES } from '../../machines/printer-view.ts';
export type { Entry } from '../journal/entries.ts';
export type {
  AttemptRow,
  BindingRow,
  BookletRow,
  JobRow,
  OutboxRow,
  SignOffRow,
} from '../journal/queries.ts';
