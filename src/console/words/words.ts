import { computed, signal } from '@preact/signals';
import { en, type Messages } from './en.ts';
import { id } from './id.ts';

export const LANGUAGES = ['id', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Complete by its type: a word that is missing in one language does not compile. */
export const CATALOGUES: Record<Language, Messages> = { en, id };

const STORED = 'language';

const stored = (): Language | null => {
  const value = localStorage.getItem(STORED);
  return LANGUAGES.find((language) => language === value) ?? null;
};

const chosen = signal<Language | null>(null);
const ofStation = signal<Language>('id');

/** What this browser chose, else the station's own language. */
export const language = computed<Language>(() => chosen.value ?? ofStation.value);

/** The words in the language shown. */
export const words = computed<Messages>(() => CATALOGUES[language.value]);

/** Takes up this browser's earlier choice. */
export const recallLanguage = (): void => {
  chosen.value = stored();
};

export const stationSpeaks = (spoken: Language): void => {
  ofStation.value = spoken;
};

/** Chooses for this browser and keeps the choice. */
export const chooseLanguage = (next: Language): void => {
  chosen.value = next;
  localStorage.setItem(STORED, next);
};
