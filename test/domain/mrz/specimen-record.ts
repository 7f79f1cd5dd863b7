import type { PersonalisationRecord } from '../../../src/domain/record.ts';

type Parts = {
  readonly [Part in 'document' | 'holder' | 'validity']?: Partial<PersonalisationRecord[Part]>;
};

/** The specimen of Doc 9303-4 Appendix A as a record; the images do not matter to the machine readable zone. */
export const specimenRecord = (parts: Parts = {}): PersonalisationRecord => ({
  schema: 'passport-record/1',
  application: '1234567890123456',
  document: { code: 'P', issuingState: 'UTO', type: 'ordinary', ...parts.document },
  holder: {
    primaryIdentifier: 'ERIKSSON',
    secondaryIdentifier: 'ANNA MARIA',
    nationality: 'UTO',
    dateOfBirth: '1974-08-12',
    sex: 'F',
    placeOfBirth: 'ZENITH',
    personalNumber: 'ZE184226B',
    ...parts.holder,
  },
  validity: { dateOfIssue: '2007-04-16', dateOfExpiry: '2012-04-15', ...parts.validity },
  authority: 'PASSPORT OFFICE',
  portrait: { mediaType: 'image/jpeg', data: 'AAAA' },
  signature: { mediaType: 'image/png', data: 'AAAA' },
});
