import { problem, Refusal } from '../domain/errors.ts';
import { type JsonValue, parseStrictJson } from '../domain/strict-json.ts';

/**
 * The body of a call as JSON with one meaning only: no member twice, no lone surrogate, not nested without end, and
 * `__proto__` an unknown member like any other.
 * @throws Refusal PST-601 with the place; never with a value
 */
export function jsonBody(body: Buffer): JsonValue {
  const parsed = parseStrictJson(body, { maxBytes: body.length });
  if (parsed.ok) return parsed.value;
  throw new Refusal(problem('PST-601', 'the body is not JSON as it is read here', { errors: [parsed.failure] }));
}
