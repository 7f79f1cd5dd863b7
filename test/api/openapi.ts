import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemBody } from '../../src/api/shapes.ts';
import { ERRORS } from '../../src/domain/errors.ts';
import { openRig, type Rig } from './rig.ts';

interface Media {
  readonly schema: Readonly<Record<string, unknown>>;
}
interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Media>>;
  readonly headers?: object;
}
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    schema: object;
  }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answer>>;
  readonly security: readonly object[];
  readonly 'x-act': string;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

let rig: Rig;
let document: Document;
let operations: (readonly [string, string, string, Operation])[];

/** What a reference inside the document leads to. @throws Error where it leads nowhere */
function follow(reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/');
  const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
  if (found === undefined || !reference.startsWith('#/')) throw new Error(`${reference} leads nowhere`);
  return found;
}
const resolved = (answer: Answer | undefined): Answer =>
  answer?.$ref === undefined ? (answer ?? {}) : (follow(answer.$ref) as Answer);
const references = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, inner]) =>
        name === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
      );

export function openApiDocumentCases(): void {
  beforeAll(async () => {
    rig = await openRig({ started: false });
    document = (await rig.send('GET', '/api/openapi.json')).body as Document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, method, path, operation] as const),
    );
  });

  afterAll(() => rig.close());

  describe('the OpenAPI document', () => {
    test('is 3.1, with the program’s version, and every reference in it leads somewhere', () => {
      expect(document.openapi).toBe('3.1.0');
      expect(document.info).toEqual({ title: 'Passport print station', version: '1.2.3' });
      expect(operations.length).toBeGreaterThan(35);
      for (const reference of references(document)) expect(follow(reference)).toBeTypeOf('object');
    });

    test('describes the success of every operation, by a schema or as having no body', () => {
      for (const [name, , , { responses }] of operations) {
        const successes = Object.entries(responses).filter(([status]) => /^2\d\d$/.test(status));
        expect([name, successes.length]).not.toEqual([name, 0]);
        for (const [status, answer] of successes) {
          const { content, description } = resolved(answer);
          expect(description).toBeTypeOf('string');
          if (status === '204') expect([name, content]).toEqual([name, undefined]);
          else
            for (const { schema } of Object.values(content ?? { none: { schema: {} } }))
              expect([name, Object.keys(schema).length > 0]).toEqual([name, true]);
        }
      }
    });

    test('describes every refusal as problem details', () => {
      for (const [name, method, , { responses, 'x-act': act, requestBody, security }] of operations) {
        const statuses = Object.keys(responses).filter((status) => !/^2/.test(status));
        expect(statuses).toEqual(expect.arrayContaining(['403', 'default']));
        if (act !== 'anybody')
          expect([name, statuses.includes('401'), security.length > 0]).toEqual([name, true, true]);
        else expect([name, security]).toEqual([name, []]);
        if (requestBody !== undefined) expect([name, statuses]).toEqual([name, expect.arrayContaining(['400'])]);
        if (method !== 'get' && !['anybody', 'signed-in'].includes(act))
          expect([name, statuses]).toEqual([name, expect.arrayContaining(['422'])]);
        for (const status of statuses) {
          const { content = {} } = resolved(responses[status]);
          expect([name, status, Object.keys(content)]).toEqual([name, status, ['application/problem+json']]);
          expect(content['application/problem+json']?.schema).toEqual({ $ref: '#/components/schemas/Problem' });
        }
      }
      for (const path of ['/api/v1/session', '/api/v1/sign-offs/{id}/sign'])
        expect(resolved(document.paths[path]?.post?.responses['429']).headers).toHaveProperty('Retry-After');
    });

    test('names every parameter of a path, and the key that makes a call repeatable', () => {
      for (const [name, method, path, { parameters = [], 'x-act': act }] of operations) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
        expect([name, inPath]).toEqual([name, [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)]);
        const keyed = parameters.some(({ name: parameter }) => parameter === 'Idempotency-Key');
        expect([name, keyed]).toEqual([name, method !== 'get' && !['anybody', 'signed-in'].includes(act)]);
      }
    });

    test('lets no unknown member into a body', () => {
      for (const [name, , , { requestBody }] of operations)
        for (const { schema } of Object.values(requestBody?.content ?? {})) {
          const objects = [schema, ...((schema.anyOf as object[] | undefined) ?? [])].filter(
            (one) => (one as { type?: string }).type === 'object',
          );
          expect([name, objects.length > 0]).toEqual([name, true]);
          for (const object of objects) expect([name, object]).toMatchObject([name, { additionalProperties: false }]);
        }
      expect(Object.keys(document.paths['/api/v1/statements']?.post?.requestBody?.content ?? {})).toEqual([
        'application/json',
        'text/plain',
      ]);
    });

    test('has its page, which names them all', async () => {
      const { status, headers, text } = await rig.send('GET', '/api/docs');
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      for (const path of Object.keys(document.paths)) expect(text).toContain(`<code>${path}</code>`);
      expect(text).not.toMatch(/<script|style=/);
    });
  });

  describe('a problem', () => {
    test.each(['en', 'id'] as const)('is told in the language that the caller prefers: %s', async (language) => {
      const headers = { 'accept-language': `${language}-ZZ,fr;q=0.5` };
      const answer = await rig.anybody.get('/jobs', headers);
      const body = problemBody.parse(answer.body);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(body).toEqual({
        type: 'urn:passport-station:PST-603',
        status: 401,
        code: 'PST-603',
        detail: 'no session',
        ...ERRORS['PST-603'][language],
      });
    });

    test.each(['', '*', 'fr', 'indonesian', '\u00ff', 'id;'.repeat(1000)])(
      'is told in some language to whoever prefers "%s"',
      async (preferred) => {
        const answer = await rig.anybody.get('/jobs', { 'accept-language': preferred });
        expect(problemBody.safeParse(answer.body).success).toBe(true);
      },
    );
  });
}
