import type { Central } from '../../api/shapes.ts';
import { ToneMark } from '../parts/icon.tsx';
import { titleOf } from '../screens/counter-words.ts';
import { situationOf, toneOf, worstOf } from '../situation.ts';
import { staleSince } from '../state/live.ts';
import { address } from '../state/route.ts';
import { bookletAt, central, printerList, released } from '../state/station.ts';
import { clock } from '../state/time.ts';
import { words } from '../words/words.ts';

/** The worst printer owns the band; beside it the centre, whose outage is a normal state (console.md, rules 1 and 6). */
export function StatusBand() {
  const said = words.value;
  if (staleSince.value !== null) {
    return (
      <div class="band stale" role="status">
        <ToneMark tone="off" />
        <span class="strong">{said.live.stale(clock(staleSince.value))}</span>
      </div>
    );
  }
  const worst = worstOf(printerList.value);
  const situation = worst === null ? null : situationOf(worst);
  const tone = situation === null ? 'calm' : toneOf(situation);
  return (
    <div class={`band ${tone}`}>
      {worst !== null && situation !== null && (
        <div class="band-printer" role={tone === 'now' ? 'alert' : 'status'}>
          <a href={address('counter', worst.id)}>
            <ToneMark tone={tone} />
            {tone === 'calm' ? (
              <span>{situation.kind === 'free' ? said.tone.allCalm : said.situation[situation.kind].name}</span>
            ) : (
              <>
                <span class="strong">{worst.id}</span>
                <span class="band-text">{titleOf(situation, bookletAt(worst), released.value.length > 0)}</span>
              </>
            )}
          </a>
        </div>
      )}
      {central.value !== null && <LinkLine link={central.value} />}
    </div>
  );
}

function LinkLine({ link }: { readonly link: Central }) {
  const said = words.value.link;
  const since = clock(link.since);
  const state = link.state === 'offline' || link.state === 'degraded' ? said[link.state](since) : said[link.state];
  const away = link.state === 'offline';
  return (
    <a class="band-link" href={address('centre')}>
      <span>{state}</span>
      {away && link.jobsWaiting > 0 && (
        <>
          {', '}
          <span class="figure">{said.kept(link.jobsWaiting)}</span>
        </>
      )}
      {away && <span>, {said.goesOn}</span>}
    </a>
  );
}
