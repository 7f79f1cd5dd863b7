import { doubtfulAttempts } from '../screens/in-doubt.tsx';
import { address, route, SCREENS } from '../state/route.ts';
import { signedIn, signOut } from '../state/session.ts';
import { signOffs, station } from '../state/station.ts';
import { CATALOGUES, chooseLanguage, LANGUAGES, language, words } from '../words/words.ts';

/** Screens, language, person. */
export function Header() {
  const said = words.value;
  const who = signedIn.value;
  return (
    <div class="top">
      {who === null ? (
        <p class="top-name">{station.value?.office ?? ''}</p>
      ) : (
        <>
          <button
            type="button"
            class="skip button plain"
            onClick={() => document.querySelector<HTMLElement>('main h1')?.focus()}
          >
            {said.app.skip}
          </button>
          <nav class="screens" aria-label={said.nav.label}>
            <ul>
              {SCREENS.filter((screen) => screen !== 'bench' || station.value?.simulated === true).map((screen) => (
                <li key={screen}>
                  <a href={address(screen)} aria-current={route.value.screen === screen ? 'page' : undefined}>
                    {said.nav[screen]}
                    {screen === 'doubt' && <Open />}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </>
      )}
      <fieldset class="languages" aria-label={said.language.choose}>
        {LANGUAGES.map((one) => (
          <button
            key={one}
            type="button"
            lang={one}
            aria-pressed={language.value === one}
            onClick={() => chooseLanguage(one)}
          >
            <abbr title={CATALOGUES[one].language.name}>{one.toUpperCase()}</abbr>
          </button>
        ))}
      </fieldset>
      {who !== null && (
        <div class="person">
          <span class="person-name">{who.person}</span>
          <button type="button" class="link" onClick={() => void signOut()}>
            {said.nav.signOut}
          </button>
        </div>
      )}
    </div>
  );
}

/** How many cases wait for people. */
function Open() {
  const subjects = new Set([
    ...doubtfulAttempts().map(({ attempt }) => attempt),
    ...[...signOffs.value.values()].map((one) => one.subject),
  ]);
  return subjects.size === 0 ? null : <span class="open-count figure">{subjects.size}</span>;
}
