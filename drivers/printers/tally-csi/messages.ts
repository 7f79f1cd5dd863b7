/**
 * What the printer says (Programming Guide p205-233, reference/protocols.md section 4). `raw` is the message in
 * readable form, `CSI 1 ! z`, and is always kept.
 */
export type DeviceMessage =
  /** Control point reached: everything before request `number` has been processed. */
  | { readonly kind: 'acknowledgement'; readonly number: number; readonly raw: string }
  /** Global printer status (GPS). */
  | { readonly kind: 'status'; readonly status: GlobalStatus; readonly raw: string }
  /** Special printer message (SPM): the paper sensor of the document station. */
  | { readonly kind: 'paper'; readonly covered: boolean; readonly raw: string }
  /** SPM: a USER key. */
  | { readonly kind: 'key'; readonly key: number; readonly raw: string }
  | { readonly kind: 'unit'; readonly parameters: UnitParameters; readonly raw: string }
  /** Well formed, but not in the tables that this driver was written from. */
  | { readonly kind: 'unlisted'; readonly raw: string };

export type GlobalStatus = 'online' | 'stop' | 'error';

/** `CSI n1;..;n8 # z`, p233. */
export interface UnitParameters {
  /** Widest line in 1/10 in (n3); `null` where the device tells none. */
  readonly widthTenths: number | null;
  /** Type number (n8); `null` where the device tells none. */
  readonly type: string | null;
}

/** Bytes that are no message: noise, a message cut short, one that never ends. */
export interface Undecodable {
  readonly reason: 'noise' | 'broken-off' | 'oversize';
  readonly bytes: Uint8Array;
}

const STATUSES: readonly GlobalStatus[] = ['online', 'stop', 'error'];
/** m of the SPM that tells of the document station's sensor. */
const DOCUMENT_STATION = 4;
const USER_KEY = 20;

/**
 * Interprets one control sequence, given as its parameter bytes (`1;4`) and its final bytes (`"z`). Anything that is
 * not exactly as tabled becomes `unlisted`: nothing is guessed.
 */
export function interpret(parameters: string, final: string): DeviceMessage {
  const raw = `CSI ${[parameters, ...final].filter((part) => part !== '').join(' ')}`;
  const unlisted: DeviceMessage = { kind: 'unlisted', raw };
  const fields = parameters.split(';');
  const numbers = fields.map(decimal);
  const [n, m] = numbers;
  switch (final) {
    case '!t':
      return fields.length === 1 && typeof n === 'number' ? { kind: 'acknowledgement', number: n, raw } : unlisted;
    case '!z': {
      const status = fields.length === 1 && typeof n === 'number' ? STATUSES[n] : undefined;
      return status ? { kind: 'status', status, raw } : unlisted;
    }
    case '"z':
      if (fields.length !== 2) return unlisted;
      if ((n === 1 || n === 2) && m === DOCUMENT_STATION) return { kind: 'paper', covered: n === 1, raw };
      if (n === USER_KEY && (m === 1 || m === 2)) return { kind: 'key', key: m, raw };
      return unlisted;
    case '#z': {
      if (fields.length < 7 || fields.length > 8) return unlisted;
      const type = fields[7];
      return {
        kind: 'unit',
        parameters: { widthTenths: numbers[2] || null, type: type ? type : null },
        raw,
      };
    }
    default:
      return unlisted;
  }
}

/** 0-9999 in plain ASCII digits, or `null`. */
function decimal(text: string): number | null {
  return /^[0-9]{1,4}$/.test(text) ? Number(text) : null;
}
