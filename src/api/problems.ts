import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ERRORS, type ErrorDefinition, type Problem, problem, Refusal } from '../domain/errors.ts';
import type * as shapes from './shapes.ts';

/** RFC 9457 problem details of a coded refusal, in the language that the caller prefers (`Accept-Language`). */
export function problemBody(refused: Problem, language: 'en' | 'id'): shapes.ProblemBody {
  const definition: ErrorDefinition = ERRORS[refused.code];
  const { title, remedy } = definition[language];
  return {
    type: `urn:passport-station:${refused.code}`,
    status: definition.status,
    code: refused.code,
    title,
    detail: refused.detail,
    remedy,
    ...(refused.reason === undefined ? {} : { reason: refused.reason }),
    ...(refused.errors === undefined ? {} : { errors: refused.errors.map((error) => ({ ...error })) }),
  };
}

export const languageOf = (request: FastifyRequest, fallback: 'en' | 'id'): 'en' | 'id' => {
  const wanted = /^\s*(en|id)\b/i.exec(request.headers['accept-language'] ?? '')?.[1]?.toLowerCase();
  return wanted === 'en' || wanted === 'id' ? wanted : fallback;
};

export const PROBLEM_TYPE = 'application/problem+json';

export function sendProblem(reply: FastifyReply, refused: Problem, language: 'en' | 'id') {
  const body = problemBody(refused, language);
  return reply.code(body.status).type(PROBLEM_TYPE).send(JSON.stringify(body));
}

/** What a caller may know of an error; `unexpected` hears of those that no caller can have caused. */
export function problemOf(error: FastifyError, unexpected: (error: Error) => void): Problem {
  if (error instanceof Refusal) return error.problem;
  if (hasZodFastifySchemaValidationErrors(error))
    return problem('PST-601', `the ${error.validationContext ?? 'request'} is not as described`, {
      errors: error.validation.map(({ instancePath, message }) => ({
        path: instancePath.slice(1, 200).replaceAll('/', '.'),
        // It may name a member of the body, which may be of any length.
        message: (message ?? 'is not acceptable').slice(0, 200),
      })),
    });
  const { statusCode = 500 } = error;
  if (statusCode === 413) return problem('PST-605', 'the body has more bytes than any call takes');
  if (statusCode === 415) return problem('PST-607', 'this call does not take a body of that content type');
  // Its own words may quote the request: only its code is told.
  if (statusCode < 500) return problem('PST-601', error.code ?? 'not understood');
  unexpected(error);
  return problem('PST-699', error.name);
}
