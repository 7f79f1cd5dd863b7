/** Claims: missing, doubled, unknown, of the wrong type or form, and times at both sides of each border. */
import type { VerificationFailure } from '../../src/domain/statement.ts';
import { type BadApproval, badText } from './rows.ts';

const REQUIRED = ['iss', 'jti', 'iat', 'aud', 'nbf', 'exp', 'application', 'record', 'bundle'] as const;
const TIMES = ['iat', 'nbf', 'exp'] as const;

const json = (): readonly BadApproval[] => [
  badText('malformed', 'claims are a list', { claimsText: (text) => `[${text}]` }),
  badText('malformed', 'claims are null', { claimsText: () => 'null' }),
  badText('malformed', 'claims are a number', { claimsText: () => '1' }),
  badText('malformed', 'claims are empty', { claimsText: () => '' }),
  badText('malformed', 'claims are no JSON', { claimsText: (text) => text.slice(0, -1) }),
  badText('malformed', 'claims are followed by more', { claimsText: (text) => `${text}{}` }),
  badText('malformed', 'claims have a trailing comma', { claimsText: (text) => text.replace(/}$/, ',}') }),
  badText('malformed', 'claims have a comment', { claimsText: (text) => text.replace('{', '{/* */') }),
  badText('malformed', 'claims begin with a byte order mark', { claimsText: (text) => `\ufeff${text}` }),
  badText('malformed', 'claims in UTF-16', { parts: (h, p) => [h, utf16(p)] }),
  badText('malformed', 'claims with ill-formed UTF-8', {
    parts: (h, p) => [
      h,
      Buffer.from(Buffer.from(p, 'base64url').toString('latin1').replace('apr-1', 'apr\xff1'), 'latin1').toString(
        'base64url',
      ),
    ],
  }),
  badText('malformed', 'claims with NaN', { claimsText: (text) => text.replace(/"iat":\d+/, '"iat":NaN') }),
  badText('malformed', 'claims nested 100 deep', {
    claimsText: (text) => text.replace('"booklet":null', `"booklet":${'['.repeat(100)}${']'.repeat(100)}`),
  }),
];

const utf16 = (payload: string): string =>
  Buffer.from(Buffer.from(payload, 'base64url').toString('utf8'), 'utf16le').toString('base64url');

const members = (): readonly BadApproval[] => [
  ...REQUIRED.flatMap((name) => [
    badText('malformed', `${name} missing`, { claims: { [name]: undefined } }),
    badText('malformed', `${name} null`, { claims: { [name]: null } }),
    badText('malformed', `${name} true`, { claims: { [name]: true } }),
    badText('malformed', `${name} an object`, { claims: { [name]: {} } }),
    badText('malformed', `${name} an empty text`, { claims: { [name]: '' } }),
    badText('malformed', `${name} an empty list`, { claims: { [name]: [] } }),
    badText('malformed', `${name} twice`, {
      claimsText: (text) => text.replace(/}$/, `,"${name}":${JSON.stringify(JSON.parse(text)[name])}}`),
    }),
  ]),
  ...(['booklet', 'replaces'] as const).flatMap((name) => [
    badText('malformed', `${name} a number`, { claims: { [name]: 7 } }),
    badText('malformed', `${name} false`, { claims: { [name]: false } }),
    badText('malformed', `${name} an empty text`, { claims: { [name]: '' } }),
    badText('malformed', `${name} a list`, { claims: { [name]: [null] } }),
    badText('malformed', `${name} twice`, { claimsText: (text) => text.replace(/}$/, `,"${name}":null}`) }),
    badText('malformed', `${name} twice where the last is good`, {
      claimsText: (text) => text.replace('{', `{"${name}":"X1",`),
    }),
  ]),
  ...(
    [
      ['sub', 'x'],
      ['kid', 'central-1'],
      ['kind', 'approval'],
      ['use', 'approval'],
      ['office', 'KNG'],
      ['Booklet', null],
      ['', 1],
      ['toString', 'x'],
      ['reason', { code: 'A', text: '' }],
    ] as const
  ).map(([name, value]) =>
    badText('malformed', `unknown claim ${JSON.stringify(name)}`, { claims: { [name]: value } }),
  ),
  badText('malformed', 'unknown claim __proto__', { claimsText: (text) => text.replace('{', '{"__proto__":{"a":1},') }),
];

const FORMS: readonly (readonly [string, unknown])[] = [
  ['iss', 'Central'],
  ['iss', 'central '],
  ['iss', 'station:kng-01'],
  ['iss', 'centre'],
  ['iss', ['central']],
  ['jti', 'a b'],
  ['jti', 'a/b'],
  ['jti', 'apr-é'],
  ['jti', 'apr-1\n'],
  ['jti', 'a'.repeat(65)],
  ['jti', 17],
  ['aud', 'KNG'],
  ['aud', 'office:'],
  ['aud', 'office:KNG '],
  ['aud', 'Office:KNG'],
  ['aud', 'office:KNG,office:PNK'],
  ['aud', 'station:'],
  ['aud', '**'],
  ['aud', ['office:KNG', null]],
  ['aud', ['office:KNG', 'everybody']],
  ['aud', [['office:KNG']]],
  ['aud', { 0: 'office:KNG' }],
  ['application', '1234567890123456\n'],
  ['application', 'abc'],
  ['application', '1234 5678'],
  ['application', '1'.repeat(33)],
  ['application', 1234567890123456],
  ['booklet', 'x0000017'],
  ['booklet', 'X00000017X'],
  ['booklet', 'X-17'],
  ['booklet', ' X17'],
  ['replaces', 'a b'],
  ['replaces', 'a'.repeat(65)],
  ['bundle', 1.5],
  ['bundle', '1'],
  ['bundle', -1],
  ['bundle', 2 ** 53],
];

const forms = (): readonly BadApproval[] => [
  ...FORMS.map(([name, value]) =>
    badText('malformed', `${name} ${JSON.stringify(value).slice(0, 40)}`, { claims: { [name]: value } }),
  ),
  ...(
    [
      ['sha256 missing', { sha256: undefined }],
      ['sha256 in capitals', { sha256: 'AB'.repeat(32) }],
      ['sha256 too short', { sha256: 'ab'.repeat(31) }],
      ['sha256 too long', { sha256: 'ab'.repeat(33) }],
      ['sha256 in base64', { sha256: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=' }],
      ['sha256 a number', { sha256: 1 }],
      ['sha256 with a prefix', { sha256: `0x${'ab'.repeat(32)}` }],
      ['bytes missing', { bytes: undefined }],
      ['bytes a text', { bytes: '64' }],
      ['bytes a fraction', { bytes: 63.5 }],
      ['bytes negative', { bytes: -63 }],
      ['bytes null', { bytes: null }],
      ['unknown member', { sha1: 'ab' }],
    ] as const
  ).map(([what, change]) =>
    badText('malformed', `record ${what}`, (world) => ({ claims: { record: { ...world.record, ...change } } })),
  ),
  badText('malformed', 'record sha256 twice', {
    claimsText: (text) => text.replace('"record":{', `"record":{"sha256":"${'ab'.repeat(32)}",`),
  }),
  ...TIMES.flatMap((name) => [
    badText('malformed', `${name} a fraction`, (world) => ({ claims: { [name]: world.now + 0.5 } })),
    badText('malformed', `${name} a text`, (world) => ({ claims: { [name]: String(world.now) } })),
    badText('malformed', `${name} RFC 3339`, { claims: { [name]: '2026-09-21T14:13:20Z' } }),
    badText('malformed', `${name} negative`, { claims: { [name]: -1 } }),
    badText('malformed', `${name} in milliseconds`, (world) => ({ claims: { [name]: world.now * 1000 } })),
    badText('malformed', `${name} huge`, {
      claimsText: (text) => text.replace(new RegExp(`"${name}":\\d+`), `"${name}":1e300`),
    }),
    badText('malformed', `${name} beyond all numbers`, {
      claimsText: (text) => text.replace(new RegExp(`"${name}":\\d+`), `"${name}":1e999`),
    }),
    badText('malformed', `${name} with a leading zero`, {
      claimsText: (text) => text.replace(new RegExp(`"${name}":(\\d+)`), `"${name}":0$1`),
    }),
  ]),
];

/** One second beyond each border, and the border itself as the control. */
const borders = (): readonly BadApproval[] => {
  const border = (expected: VerificationFailure, name: string, claim: string, bad: number, good: number): BadApproval =>
    badText(
      expected,
      name,
      (world) => ({ claims: { [claim]: world.now + bad } }),
      (world) => ({ claims: { [claim]: world.now + good } }),
    );
  return [
    border('not-yet-valid', 'iat 301 s ahead', 'iat', 301, 300),
    border('not-yet-valid', 'iat a year ahead', 'iat', 365 * 86_400, 0),
    border('not-yet-valid', 'nbf 61 s ahead', 'nbf', 61, 60),
    border('not-yet-valid', 'nbf a day ahead', 'nbf', 86_400, 0),
    border('expired', 'exp 60 s ago', 'exp', -60, -59),
    border('expired', 'exp a year ago', 'exp', -365 * 86_400, 1),
    badText('expired', 'exp zero', { claims: { exp: 0 } }),
    badText('not-yet-valid', 'not yet valid and expired', (world) => ({
      claims: { nbf: world.now + 1000, exp: world.now - 1000 },
    })),
  ];
};

const audiences = (): readonly BadApproval[] =>
  (
    [
      ['another office', 'office:PNK', 'office:KNG'],
      ['another station', 'station:kng-02', 'station:kng-01'],
      ['the office code in other letters', 'office:kng', 'office:KNG'],
      ['the station id in other letters', 'station:KNG-01', 'station:kng-01'],
      ['an office named like the station', 'office:kng-01', 'station:kng-01'],
      ['a station named like the office', 'station:KNG', 'office:KNG'],
      ['an office of which this is the beginning', 'office:KNG2', 'office:KNG'],
      ['an office that begins this one', 'office:KN', 'office:KNG'],
      ['several others', ['office:PNK', 'station:pnk-01'], ['office:PNK', 'station:pnk-01', 'station:kng-01']],
      ['a list of one other', ['office:PNK'], ['*']],
      ['others, though not all of them', ['office:PNK', 'office:SBS'], ['office:PNK', '*']],
    ] as const
  ).map(([name, bad, good]) =>
    badText('wrong-audience', `for ${name}`, { claims: { aud: bad } }, { claims: { aud: good } }),
  );

export const claimRows = (): readonly BadApproval[] => [
  ...json(),
  ...members(),
  ...forms(),
  ...borders(),
  ...audiences(),
];
