/**
 * The real service in a process of its own, which ends itself with SIGKILL at one named boundary between a commit and
 * its effect. `node station-process.ts STATION.yaml LOG [NAME#K]`: every boundary that was crossed goes to LOG, one a line.
 */
import { appendFileSync } from 'node:fs';
import { startService } from '../../src/cli/service.ts';
import { loadConfig } from '../../src/config/config.ts';

const [file = '', log = '', target = ''] = process.argv.slice(2);
const config = loadConfig(file);
if (!config.ok) throw new Error(config.failure.detail);

const crossed = new Map<string, number>();
const service = await startService(config.value, {
  version: 'crash-test',
  boundary(name) {
    const count = (crossed.get(name) ?? 0) + 1;
    crossed.set(name, count);
    appendFileSync(log, `${name}#${count}\n`);
    if (`${name}#${count}` === target) process.kill(process.pid, 'SIGKILL');
  },
});
if (!service.ok) throw new Error(`${service.failure.code} ${service.failure.detail}`);
process.stdout.write(`${service.value.address}\n`);
process.once('SIGTERM', () => void service.value.stop().then(() => process.exit(0)));
