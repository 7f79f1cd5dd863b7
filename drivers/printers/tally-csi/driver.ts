import type { DriverContext, PageGeometry, PrinterDriver } from '../../driver.ts';
import type { FlowControl } from '../../transports/transport.ts';
import { connect } from './connect.ts';
import { DPI } from './encoder.ts';
import type { SessionSettings } from './session.ts';
import { TIMING, type Timing } from './timing.ts';

export interface TallyCsiConfig {
  readonly geometry: PageGeometry;
  /** Of the line: with `xonxoff`, DC1 and DC3 are kept out of the page and taken out of the answers. */
  readonly flowControl: FlowControl;
  /** Other deadlines than `TIMING`, in milliseconds. */
  readonly timing?: Partial<Timing>;
}

/** Tally T5023/T5023+ passbook printer in its native CSI protocol (devices.md, `tally-csi`). */
export function createTallyCsiDriver(config: TallyCsiConfig, context: DriverContext): PrinterDriver {
  const xonXoff = config.flowControl === 'xonxoff';
  const settings: SessionSettings = {
    timing: { ...TIMING, ...config.timing },
    encoder: { geometry: config.geometry, avoidFlowBytes: xonXoff },
    xonXoff,
  };
  return {
    capabilities: {
      dpi: DPI,
      pageFormats: ['bitmap'],
      bookletSensor: true,
      completion: 'acknowledged',
      jobCancel: false,
      counters: false,
    },
    connect: (nextAcknowledgement) => connect(context, settings, nextAcknowledgement),
  };
}
