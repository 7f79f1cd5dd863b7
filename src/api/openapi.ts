import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ACTS } from '../domain/people.ts';
import type { Callers } from './access.ts';
import { PROBLEM_TYPE } from './problems.ts';
import { problemBody } from './shapes.ts';

/** The OpenAPI 3.1 document: what the routes say of themselves, and what holds for all of them. */

type Operation = Record<string, unknown> & {
  responses: Record<string, object>;
  parameters?: object[];
  requestBody?: object;
};

const problem = (description: string, headers: object = {}) => ({
  description,
  ...(Object.keys(headers).length === 0 ? {} : { headers }),
  content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
});

const RETRY_AFTER = { 'Retry-After': { description: 'whole seconds', schema: { type: 'integer', minimum: 1 } } };

const PROBLEMS = {
  Refused: problem('Refused: the code says why, the remedy what to do'),
  NotSignedIn: problem('Nobody is signed in, or the name or PIN is wrong'),
  NotAllowed: problem('The person may not do this, or the request is not from the station’s own page'),
  NotAsDescribed: problem('The request is not as described: `errors` names the places'),
  OtherRequest: problem('The Idempotency-Key was used for another request'),
  Paused: problem('Sign-in pauses after wrong PINs', RETRY_AFTER),
} as const;

const refer = (name: keyof typeof PROBLEMS) => ({ $ref: `#/components/responses/${name}` });

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key gives the same answer again, for 7 days; the act is not done twice',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
};

/** Adds what every operation may answer beside its success. */
function complete(method: string, operation: Operation): void {
  const callers = operation['x-act'] as Callers;
  const { responses } = operation;
  if (operation.requestBody !== undefined || operation.parameters !== undefined)
    responses['400'] = refer('NotAsDescribed');
  if (callers !== 'anybody') responses['401'] = refer('NotSignedIn');
  responses['403'] = refer('NotAllowed');
  if (operation['x-checks-pin'] === true) {
    responses['401'] = refer('NotSignedIn');
    responses['429'] = refer('Paused');
  }
  if (method !== 'get' && callers !== 'anybody' && callers !== 'signed-in') {
    responses['422'] = refer('OtherRequest');
    operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  }
  responses.default = refer('Refused');
  // A body that is not there has no content either.
  if (responses['204'] !== undefined) responses['204'] = { description: 'Done' };
}

export const openApi = (version: string): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Passport print station', version },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
      },
    },
  },
  transform: (document) => {
    const { schema, url } = jsonSchemaTransform(document as Parameters<typeof jsonSchemaTransform>[0]);
    const act: Callers = document.route.config?.act ?? 'anybody';
    const said = {
      ...schema,
      security: act === 'anybody' ? [] : [{ bearer: [] }, { cookie: [] }],
      'x-act': act,
      ...(act === 'anybody' || act === 'signed-in' ? {} : { 'x-roles': ACTS[act] }),
    };
    return { schema: said, url };
  },
  transformObject: (document) => {
    if (!('openapiObject' in document)) throw new Error('the document is OpenAPI');
    const { openapiObject } = document;
    for (const path of Object.values(openapiObject.paths ?? {}))
      for (const [method, operation] of Object.entries(path ?? {})) complete(method, operation as Operation);
    return {
      ...openapiObject,
      components: {
        ...openapiObject.components,
        schemas: { Problem: z.toJSONSchema(problemBody, { io: 'output' }) },
        responses: PROBLEMS,
      },
    } as typeof openapiObject;
  },
});
