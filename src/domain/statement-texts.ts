/**
 * The statements in a text from a file, a stick or a request: one per line, or `{"statements":[...]}`, or one trust
 * bundle that somebody has spread over several lines (central.md, "Files, sticks and QR codes").
 */
export function statementTexts(body: string | { readonly statements: readonly unknown[] }): string[] {
  if (typeof body !== 'string')
    return body.statements.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  const whole = objectIn(body);
  if (Array.isArray(whole?.statements)) return statementTexts({ statements: whole.statements });
  if (whole !== null) return [body.trim()];
  return body
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function objectIn(text: string): { readonly statements?: unknown } | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    return JSON.parse(text) as { readonly statements?: unknown };
  } catch {
    return null;
  }
}
