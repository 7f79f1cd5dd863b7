/**
 * The lines of a UTF-8 stream without their ends (LF or CRLF); a last line without an end counts too.
 * @throws RangeError where a line has more than `longest` bytes: nobody may fill the memory with one
 */
export async function* linesOf(input: AsyncIterable<Uint8Array | string>, longest: number): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let held = 0;
  const hold = (part: Uint8Array): void => {
    held += part.length;
    if (held > longest) throw new RangeError(`a line has more than ${longest} bytes`);
    parts.push(part);
  };
  const line = (): string => {
    const text = Buffer.concat(parts).toString('utf8');
    parts = [];
    held = 0;
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  };
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, from)) {
      hold(bytes.subarray(from, end));
      yield line();
      from = end + 1;
    }
    hold(bytes.subarray(from));
  }
  if (held > 0) yield line();
}
