import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.ts';
import { buildConsole } from './build.ts';
import { openScenario } from './open.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * Takes a picture of every screen in every state, in both languages, light and dark, to look at:
 * `node test/console/shots.ts [part of a name] [en|id] [light|dark]`; they land in test/out/console.
 */
const [part = '', onlyLanguage, onlyScheme] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../out/console', import.meta.url));
mkdirSync(folder, { recursive: true });
const built = await buildConsole();
const browser = await launchBrowser();
try {
  for (const scenario of SCENARIOS.filter(({ name }) => name.includes(part))) {
    for (const language of ['en', 'id'] as const) {
      for (const scheme of ['light', 'dark'] as const) {
        if ((onlyLanguage ?? language) !== language || (onlyScheme ?? scheme) !== scheme) continue;
        const opened = await openScenario(browser, built.folder, scenario, { language, dark: scheme === 'dark' });
        const path = `${folder}/${scenario.name}.${language}.${scheme}.png`;
        await opened.page.screenshot({ path, fullPage: true });
        const overflow = await opened.page.evaluate(
          () => `${document.documentElement.scrollHeight}/${innerHeight} ${document.documentElement.scrollWidth}`,
        );
        console.log(`${path} ${overflow} ${opened.complaints.join(' | ')} ${opened.api.unknown.join(' | ')}`);
        await opened.close();
      }
    }
  }
} finally {
  await browser.close();
  built.remove();
}
