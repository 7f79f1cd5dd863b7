import type { DriverContext, PrinterDriver } from './driver.ts';
import { createTallyCsiDriver } from './printers/tally-csi/driver.ts';

/** Every printer protocol by the name it has in the configuration: one folder, one line here. */
const PRINTER_DRIVERS = {
  'tally-csi': createTallyCsiDriver,
} as const;

type PrinterDriverName = keyof typeof PRINTER_DRIVERS;

/** The driver's name and what that driver needs to know. */
export type PrinterDriverConfig = {
  [Name in PrinterDriverName]: { readonly driver: Name } & Parameters<(typeof PRINTER_DRIVERS)[Name]>[0];
}[PrinterDriverName];

/** Makes a driver; nothing is opened until `connect`. */
export function createPrinterDriver(config: PrinterDriverConfig, context: DriverContext): PrinterDriver {
  return PRINTER_DRIVERS[config.driver](config, context);
}
