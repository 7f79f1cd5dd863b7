import { render } from 'preact';
import { App } from './app.tsx';
import { onSessionRefused } from './client.ts';
import { startGuards } from './state/guard.ts';
import { watchRoute } from './state/route.ts';
import { recallSession, sessionEnded, watchIdle } from './state/session.ts';
import { loadStation } from './state/station.ts';
import { startTicking, stationSays } from './state/time.ts';
import { recallLanguage, stationSpeaks } from './words/words.ts';

/** Starts the console: first the station's own facts, then the page. */
async function start(): Promise<void> {
  recallLanguage();
  startGuards();
  watchRoute();
  onSessionRefused(sessionEnded);
  const station = await loadStation();
  if (station !== null) {
    stationSpeaks(station.language);
    stationSays(station.now);
  }
  await recallSession();
  startTicking();
  watchIdle();
  const root = document.getElementById('console');
  if (root === null) throw new Error('the page has no place for the console');
  render(<App />, root);
}

void start();
