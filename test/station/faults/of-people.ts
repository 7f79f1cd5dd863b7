import { refusal } from '../office.ts';
import { type Act, cases, type FaultCase, type Scene } from './case.ts';

/** Lets the page under way come to about so much of its bytes. */
const sent = ({ office }: Scene, share: number): Promise<void> =>
  office.until(`${share} of the page is sent`, () => {
    const { progress } = office.view();
    return progress !== null && progress.bytesAccepted >= share * progress.bytesTotal;
  });

const restart =
  (how: 'killed' | 'mains', away = 5_000): Act =>
  async ({ office }) => {
    office.crash(how);
    await office.pass(away);
    office.boot();
  };

/** What people do at the screens. */
export const HUMAN_FAULTS: readonly FaultCase[] = [
  ...cases(
    'print pressed twice',
    [
      'print',
      async ({ office: { sari } }) => {
        const [one, two] = await Promise.all([sari.prints('counter-1'), sari.prints('counter-1')]);
        if (one.id !== two.id || (await sari.prints('counter-1')).id !== one.id) throw new Error('printed twice');
      },
      'by one person',
      'printed',
    ],
    [
      'print',
      async ({ office: { sari, budi } }) => {
        const [one, two] = await Promise.all([sari.prints('counter-1'), budi.prints('counter-1')]);
        if (one.id !== two.id) throw new Error('printed twice');
      },
      'at two screens at once',
      'printed',
    ],
  ),
  ...cases('bound at two screens at once', [
    'insert',
    async ({ office: { budi }, other }) => {
      const { code } = await refusal(() => budi.binds('counter-1', other, 'U0000002'));
      if (code !== 'PST-502') throw new Error(code);
    },
    'two jobs',
    'printed',
  ]),
  ...cases(
    'cancelled',
    [
      'print',
      async ({ office: { sari } }) => {
        await sari.prints('counter-1');
        sari.tells('counter-1', 'CANCEL');
      },
      'before the page',
      'not-printed',
      'disconnected',
    ],
    [
      'printing',
      async (scene) => {
        await sent(scene, 0.4);
        scene.office.sari.tells('counter-1', 'CANCEL');
      },
      'mid page',
      'in-doubt',
      'in-doubt',
    ],
    [
      'printing',
      async (scene) => {
        await sent(scene, 0.4);
        scene.device.openCover();
        await scene.office.pass(2_000);
        scene.office.sari.tells('counter-1', 'CANCEL');
      },
      'mid page, while it waits for the cover',
      'in-doubt',
      'in-doubt',
    ],
  ),
  ...cases('undone', ['print', ({ office }) => office.sari.unbinds('counter-1'), 'ready', 'printed']),
];

/** The station itself stops and starts. */
export const STATION_FAULTS: readonly FaultCase[] = [
  ...cases(
    'station killed',
    ['idle', restart('killed'), 'idle', 'printed'],
    ['insert', restart('killed'), 'awaiting the booklet', 'printed'],
    ['print', restart('killed'), 'ready', 'printed'],
    [
      'print',
      async (scene) => {
        await scene.office.sari.prints('counter-1');
        await scene.office.pass(50);
        await restart('killed')(scene);
      },
      'before the page',
      'in-doubt',
      'in-doubt',
    ],
    [
      'printing',
      async (scene) => {
        await sent(scene, 0.5);
        await restart('killed')(scene);
      },
      'mid page',
      'in-doubt',
      'in-doubt',
    ],
    [
      'printing',
      async (scene) => {
        await sent(scene, 1);
        await restart('killed', 0)(scene);
      },
      'after the last byte',
      'in-doubt',
      'in-doubt',
    ],
    ['read-back', restart('killed'), 'while reading back', 'printed'],
  ),
  ...cases('mains cut, station only', [
    'printing',
    async (scene) => {
      await sent(scene, 0.5);
      await restart('mains')(scene);
    },
    'mid page',
    'in-doubt',
    'in-doubt',
  ]),
  ...cases(
    'mains cut, printer too',
    [
      'printing',
      async (scene) => {
        await sent(scene, 0.5);
        scene.device.powerOff();
        scene.office.crash('mains');
        await scene.office.pass(60_000);
        scene.device.powerOn();
        scene.office.boot();
      },
      'mid page',
      'in-doubt',
      'in-doubt',
    ],
    [
      'printing',
      async (scene) => {
        await sent(scene, 0.5);
        scene.device.unplug();
        await scene.office.pass(3_000);
        scene.device.powerOff();
        await restart('mains')(scene);
      },
      'while in doubt',
      'in-doubt',
      'in-doubt',
    ],
  ),
  ...cases(
    'station told to stop',
    [
      'printing',
      async (scene) => {
        await sent(scene, 0.5);
        await scene.office.stop();
        scene.office.boot();
      },
      'mid page',
      'printed',
    ],
    [
      'printing',
      async (scene) => {
        await sent(scene, 0.5);
        scene.device.openCover();
        await scene.office.stop();
        scene.office.boot();
      },
      'mid page, while it waits for the cover',
      'in-doubt',
      'in-doubt',
    ],
  ),
];
