/** The exact text of two-person acts, in the station's language: what the second person reads and what is logged. */
type Language = 'en' | 'id';

const RESOLUTIONS: Record<
  Language,
  Record<'printed' | 'blank' | 'spoiled', (booklet: string, reason: string) => string>
> = {
  en: {
    printed: (booklet, reason) => `Booklet ${booklet} was printed completely and correctly. Reason: ${reason}`,
    blank: (booklet, reason) =>
      `Booklet ${booklet} is blank: we both looked at it. It will be printed again with the same approval. Reason: ${reason}`,
    spoiled: (booklet, reason) =>
      `Booklet ${booklet} is spoiled and will be destroyed; its approval is spent. Reason: ${reason}`,
  },
  id: {
    printed: (booklet, reason) => `Buku ${booklet} tercetak lengkap dan benar. Alasan: ${reason}`,
    blank: (booklet, reason) =>
      `Buku ${booklet} kosong: kami berdua telah melihatnya. Buku akan dicetak lagi dengan persetujuan yang sama. Alasan: ${reason}`,
    spoiled: (booklet, reason) =>
      `Buku ${booklet} rusak dan akan dimusnahkan; persetujuannya habis terpakai. Alasan: ${reason}`,
  },
};

export const resolutionText = (
  language: Language,
  outcome: 'printed' | 'blank' | 'spoiled',
  booklet: string,
  reason: string,
): string => RESOLUTIONS[language][outcome](booklet, reason);

export const spoilText = (language: Language, booklet: string, reason: string): string =>
  language === 'en'
    ? `Booklet ${booklet} is spoiled and will be destroyed; an approval that it took is spent. Reason: ${reason}`
    : `Buku ${booklet} rusak dan akan dimusnahkan; persetujuan yang dipakainya habis. Alasan: ${reason}`;
