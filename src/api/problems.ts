import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorDefinition, type Problem } from '../domain/errors.ts';

/** RFC 9457 problem details of a coded refusal, in the language that the caller prefers (`Accept-Language`). */
export function problemBody(refused: Problem, language: 'en' | 'id') {
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

export function sendProblem(reply: FastifyReply, refused: Problem, language: 'en' | 'id') {
  const body = problemBody(refused, language);
  return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
}
