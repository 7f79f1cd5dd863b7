import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { OutboxItem } from '../../api/shapes.ts';
import { get } from '../client.ts';
import { Fact } from '../parts/field.tsx';
import { ToneMark } from '../parts/icon.tsx';
import type { Tone } from '../situation.ts';
import { central } from '../state/station.ts';
import { clock, dayAndTime } from '../state/time.ts';
import { words } from '../words/words.ts';
import { ImportStatements } from './centre-import.tsx';

/** An outage is a normal state: grey, not red (console.md, rule 6). */
const LINK_TONES = { online: 'calm', degraded: 'off', offline: 'off', probing: 'off', none: 'off' } as const;
const CLOCK_TONES: Record<'trusted' | 'holdover' | 'untrusted', Tone> = {
  trusted: 'calm',
  holdover: 'off',
  untrusted: 'now',
};

export function CentreScreen() {
  const said = words.value.centre;
  const link = central.value;
  const waiting = link?.outbox.waiting ?? 0;
  const refused = link?.outbox.refused ?? 0;
  const outbox = useSignal<readonly OutboxItem[]>([]);
  useEffect(() => {
    void get<{ items: OutboxItem[] }>('/outbox').then((answer) => {
      if (answer.ok) outbox.value = answer.value.body.items;
    });
  }, [waiting, refused]);

  if (link === null) return <p class="muted">{words.value.app.loading}</p>;
  return (
    <div class="screen two-parts even">
      <section class="part">
        <h1 tabIndex={-1}>{said.title}</h1>
        <p class="large state-word">
          <ToneMark tone={LINK_TONES[link.state]} />
          {said.state[link.state]}
          <span class="muted">{words.value.counter.since(clock(link.since))}</span>
        </p>
        {link.state !== 'online' && link.state !== 'none' && <p class="muted">{said.normal}</p>}
        <dl class="facts">
          <Fact name={said.lastContact}>
            {link.lastContact === null ? words.value.app.none : clock(link.lastContact)}
          </Fact>
          <Fact name={said.clock}>
            <span class="state-word">
              <ToneMark tone={CLOCK_TONES[link.clock]} />
              {said.clockState[link.clock]}
            </span>
            <span class="under">{said.clockText[link.clock]}</span>
          </Fact>
          <Fact name={said.bundle}>
            {link.bundle === null
              ? words.value.app.none
              : said.bundleText(link.bundle.version, dayAndTime(link.bundle.expires))}
          </Fact>
          <Fact name={said.jobs}>
            <span class="figure">{link.jobsWaiting}</span>
          </Fact>
          <Fact name={said.outbox}>
            {waiting + refused === 0 ? (
              said.allSent
            ) : (
              <span class="figure">
                {said.waiting(waiting)}
                {refused > 0 && ` · ${said.refused(refused)}`}
              </span>
            )}
          </Fact>
        </dl>
        {outbox.value.length > 0 && (
          <table class="outbox">
            <caption class="unseen">{said.outbox}</caption>
            <thead>
              <tr>
                <th scope="col">{said.kind}</th>
                <th scope="col">{said.queued}</th>
              </tr>
            </thead>
            <tbody>
              {outbox.value.slice(0, 12).map((item) => (
                <tr key={item.seq}>
                  <td>
                    {item.kind}
                    {item.reason !== null && <span class="under">{item.reason}</span>}
                  </td>
                  <td class="figure">{clock(item.queuedAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section class="part">
        <ImportStatements />
      </section>
    </div>
  );
}
