/** The fixed words of the page: header and captions, national language first, then English (Doc 9303-4 s2.4). */

export interface Caption {
  readonly national: string;
  /** Printed in italics. */
  readonly english: string;
}

export interface PageTemplate {
  /** Fields 01: the issuing State in full, by its three-letter code. A State that is not here is refused. */
  readonly states: Readonly<Record<string, Caption>>;
  /** Field 02 by `document.type`; `ordinary` also serves types that are not here. */
  readonly titles: Readonly<Record<string, Caption>> & { readonly ordinary: Caption };
}

export const STANDARD_TEMPLATE: PageTemplate = {
  states: {
    IDN: { national: 'REPUBLIK INDONESIA', english: 'REPUBLIC OF INDONESIA' },
    UTO: { national: 'UTOPIA', english: 'UTOPIA' },
  },
  titles: {
    ordinary: { national: 'PASPOR', english: 'PASSPORT' },
    diplomatic: { national: 'PASPOR DIPLOMATIK', english: 'DIPLOMATIC PASSPORT' },
    official: { national: 'PASPOR DINAS', english: 'OFFICIAL PASSPORT' },
    service: { national: 'PASPOR DINAS', english: 'SERVICE PASSPORT' },
    emergency: { national: 'PASPOR DARURAT', english: 'EMERGENCY PASSPORT' },
  },
};

export const CAPTIONS = {
  code: { national: 'Jenis', english: 'Type' },
  state: { national: 'Kode negara', english: 'Country code' },
  number: { national: 'Nomor paspor', english: 'Passport No.' },
  primaryIdentifier: { national: 'Nama keluarga', english: 'Surname' },
  /** In place of the one above when there is no secondary identifier. */
  singleName: { national: 'Nama', english: 'Name' },
  secondaryIdentifier: { national: 'Nama depan', english: 'Given names' },
  nationality: { national: 'Kewarganegaraan', english: 'Nationality' },
  dateOfBirth: { national: 'Tanggal lahir', english: 'Date of birth' },
  personalNumber: { national: 'Nomor pribadi', english: 'Personal No.' },
  sex: { national: 'Jenis kelamin', english: 'Sex' },
  placeOfBirth: { national: 'Tempat lahir', english: 'Place of birth' },
  dateOfIssue: { national: 'Tanggal pengeluaran', english: 'Date of issue' },
  authority: { national: 'Kantor yang mengeluarkan', english: 'Authority' },
  dateOfExpiry: { national: 'Tanggal habis berlaku', english: 'Date of expiry' },
  signature: { national: 'Tanda tangan pemegang', english: 'Holder’s signature' },
} as const satisfies Record<string, Caption>;
