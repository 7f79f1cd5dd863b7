import { describe, expect, it } from 'vitest';
import { type TraceRecord, traced } from '../../../drivers/transports/trace.ts';
import { scriptedPeer } from '../scripted-peer.ts';
import { createVirtualTime } from '../virtual-time.ts';

async function recorded(incoming: 'verbatim' | 'hashed') {
  const time = createVirtualTime();
  const peer = scriptedPeer(time.timers);
  const records: TraceRecord[] = [];
  const open = traced(peer.open, { clock: time.clock, record: (one) => records.push(one), incoming });
  const opened = await open();
  if (!opened.ok) throw new Error('not opened');
  opened.value.onBytes(() => {});
  return { time, peer, records, line: opened.value };
}

describe('trace', () => {
  it('writes commands down, and of a page its length and hash only', async () => {
    const { time, peer, records, line } = await recorded('verbatim');
    await line.send(Uint8Array.of(0x1b, 0x5b), 100, 'command');
    await time.pass(5);
    await line.send(new Uint8Array(Buffer.from('ERIKSSON')), 100, 'page');
    await line.send(new Uint8Array(Buffer.from('unmarked')), 100);
    peer.say('\x1b[0!z');
    await line.discard();
    await line.close();
    await time.settle();
    expect(records).toEqual([
      { t: 0, kind: 'out', hex: '1b5b' },
      {
        t: 5,
        kind: 'out',
        length: 8,
        sha256: '23b6cfd5d70f62802fe70438f74d220c1fb00bf4a9e6e33cbedfe10dfe6e96db',
      },
      expect.objectContaining({ t: 5, kind: 'out', length: 8 }),
      { t: 5, kind: 'in', hex: '1b5b30217a' },
      { t: 5, kind: 'discard' },
      { t: 5, kind: 'closed', reason: 'closed by us' },
    ]);
  });

  it('writes nothing readable of what a reader says', async () => {
    const { peer, records } = await recorded('hashed');
    peer.say('P<UTOERIKSSON<<ANNA<MARIA');
    expect(records).toEqual([{ t: 0, kind: 'in', length: 25, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });
});
