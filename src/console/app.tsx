import { useEffect, useRef } from 'preact/hooks';
import { StatusBand } from './frame/band.tsx';
import { Header } from './frame/header.tsx';
import { BenchScreen } from './screens/bench.tsx';
import { CentreScreen } from './screens/centre.tsx';
import { CounterScreen } from './screens/counter.tsx';
import { InDoubtScreen } from './screens/in-doubt.tsx';
import { QualityScreen } from './screens/quality.tsx';
import { QueueScreen } from './screens/queue.tsx';
import { SignInScreen } from './screens/sign-in.tsx';
import { watchStation } from './state/live.ts';
import { route, type Screen } from './state/route.ts';
import { signedIn } from './state/session.ts';
import { station } from './state/station.ts';
import { language, words } from './words/words.ts';

/** The page: the frame and one screen, or the sign-in and nothing else. */
export function App() {
  const who = signedIn.value;
  const main = useRef<HTMLElement>(null);
  const { screen } = route.value;
  useEffect(() => (who === null ? undefined : watchStation()), [who?.person]);
  const spoken = language.value;
  const title = `${who === null ? '' : `${words.value.nav[screen]} · `}${words.value.app.title}`;
  useEffect(() => {
    document.documentElement.lang = spoken;
    document.title = title;
  }, [spoken, title]);
  // The screen that was asked for is read out, and the keyboard starts in it.
  const first = useRef(true);
  useEffect(() => {
    if (!first.current && screen !== 'counter') main.current?.querySelector('h1')?.focus();
    first.current = false;
  }, [screen]);

  return (
    <>
      <header>
        {station.value?.simulated === true && <SpecimenBand />}
        <Header />
        {who !== null && <StatusBand />}
      </header>
      <main id="work" ref={main} class={who === null ? 'closed' : undefined}>
        {who === null ? <SignInScreen /> : <ScreenOf screen={screen} />}
      </main>
    </>
  );
}

/** Simulated stations look unmistakably different (console.md, rule 10). */
function SpecimenBand() {
  const said = words.value.app;
  return (
    <div class="specimen" role="note">
      <span>
        <strong>{said.specimen}</strong> {said.simulated}
      </span>
    </div>
  );
}

function ScreenOf({ screen }: { readonly screen: Screen }) {
  switch (screen) {
    case 'counter':
      return <CounterScreen />;
    case 'doubt':
      return <InDoubtScreen />;
    case 'queue':
      return <QueueScreen />;
    case 'quality':
      return <QualityScreen />;
    case 'centre':
      return <CentreScreen />;
    case 'bench':
      return <BenchScreen />;
    default: {
      const missing: never = screen;
      return missing;
    }
  }
}
