import { loadConfig } from '../config/config.ts';
import { Refusal } from '../domain/errors.ts';
import { callService } from './control-call.ts';
import type { ActOnStation } from './station-acts.ts';
import { version } from './version.ts';

/**
 * Lets a command act at the station that `file` configures, as `local:<user>`: through the service where one answers,
 * else on the journal itself, of which nothing else moves meanwhile.
 * @throws Refusal PST-301 where another process holds the journal but does not answer, PST-7xx for the configuration
 */
export async function onStation<Value>(
  file: string,
  user: string,
  work: (act: ActOnStation) => Promise<Value>,
): Promise<Value> {
  const config = loadConfig(file);
  if (!config.ok) throw new Refusal(config.failure);
  const service = await callService(config.value.data, user);
  if (service !== null) {
    try {
      return await work(service.act);
    } finally {
      service.close();
    }
  }
  const [{ openStation }, { carryOut }] = await Promise.all([
    import('../station/open.ts'),
    import('./station-acts.ts'),
  ]);
  const opened = openStation(config.value, { version: version() });
  if (!opened.ok) throw new Refusal(opened.failure);
  const station = opened.value;
  try {
    return await work(async (act, given) => (await carryOut(station, { act, arguments: given, user })) as never);
  } finally {
    station.core.journal.close();
  }
}
