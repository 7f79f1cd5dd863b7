/** A plain page of the calls, made from the OpenAPI document: readable offline and without any script. */
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

interface Operation {
  readonly responses?: Record<string, unknown>;
  readonly 'x-act'?: string;
  readonly 'x-roles'?: readonly string[];
}

export function docsPage(document: { paths?: object; info?: { title?: string; version?: string } }): string {
  const rows = Object.entries((document.paths ?? {}) as Record<string, Record<string, Operation>>)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([method, operation]) =>
          `<tr><td>${escaped(method.toUpperCase())}</td><td><code>${escaped(path)}</code></td><td>${escaped(
            (operation['x-roles'] ?? [operation['x-act'] ?? '']).join(', '),
          )}</td><td>${escaped(Object.keys(operation.responses ?? {}).join(', '))}</td></tr>`,
      ),
    )
    .join('\n');
  const title = `${document.info?.title ?? ''} ${document.info?.version ?? ''}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body>
<h1>${escaped(title)}</h1>
<p>Every body is described in <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1). Errors are RFC 9457 problem details with a code.</p>
<table><thead><tr><th>Method</th><th>Path</th><th>For</th><th>Answers</th></tr></thead><tbody>
${rows}
</tbody></table></body></html>`;
}
