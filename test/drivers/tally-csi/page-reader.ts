/**
 * Reads a stream of the host as the manual describes it and says which dots it inks. Written from the byte table alone
 * and sharing nothing with the encoder or the simulator: a second opinion for the tests.
 */
export interface ReadPage {
  /** `x,y` of every dot: x in 1/180 in from column 0, y in 1/180 in from the top edge to the base line, plus needle. */
  readonly dots: ReadonlySet<string>;
  /** Commands in order, without column data. */
  readonly commands: readonly string[];
}

export function readPage(bytes: Uint8Array): ReadPage {
  const dots = new Set<string>();
  const commands: string[] = [];
  let at = 0;
  let baseLine: number | null = null;
  let x = 0;
  const next = (): number => {
    if (at >= bytes.length) throw new Error('the stream is cut off');
    return bytes[at++]!;
  };
  while (at < bytes.length) {
    const first = next();
    if (first === 0x0c) {
      commands.push('FF');
      continue;
    }
    if (first !== 0x1b) throw new Error(`byte ${first.toString(16)} at ${at - 1} belongs to no command`);
    const second = next();
    if (second === 0x5b) {
      let text = '';
      while (!/[a-z]$/.test(text)) text += String.fromCharCode(next());
      commands.push(`CSI ${text}`);
      const position = /^([0-9]+)!p$/.exec(text);
      if (position) {
        baseLine = Number(position[1]);
        x = 0;
      } else if (!/^(\$t|[0-9]{1,4}!t|1#z|"z)$/.test(text)) throw new Error(`unknown command CSI ${text}`);
    } else if (second === 0x24) {
      const low = next();
      x = (low + 256 * next()) * 3;
      commands.push(`ESC $ ${x / 3}`);
    } else if (second === 0x2a) {
      const mode = next();
      if (mode !== 39) throw new Error(`graphics mode ${mode}`);
      const low = next();
      const count = low + 256 * next();
      commands.push(`ESC * ${count}`);
      if (baseLine === null) throw new Error('graphics before a vertical position');
      for (let column = 0; column < count; column++, x++) {
        const needles = (next() << 16) | (next() << 8) | next();
        for (let needle = 0; needle < 24; needle++) {
          if (needles & (1 << (23 - needle))) dots.add(`${x},${baseLine + needle}`);
        }
      }
    } else throw new Error(`unknown command ESC ${second.toString(16)}`);
  }
  return { dots, commands };
}
