import reduceLanes from '../../../shaders/lib/reduce-lanes.wgsl?raw';

/**
 * Joins a kernel whose workgroup is one subgroup (shaders/linear/software): unrolled, because processors keep numbers in
 * registers only where the compiler sees every index. `counts` become constants of the shader too.
 */
export function composeUnrolled(
  parts: readonly string[],
  counts: { LANES: number } & Record<string, number>,
): string {
  return ['enable subgroups;', composeCounted([reduceLanes, ...parts], counts)].join('\n');
}

/** Joins a kernel whose sizes are constants of its text; loops that count with them are written out. It enables nothing. */
export function composeCounted(parts: readonly string[], counts: Readonly<Record<string, number>>): string {
  const constants = Object.entries(counts).map(([name, value]) => `const ${name}: u32 = ${value};`);
  return [...constants, unroll(parts.join('\n'), counts)].join('\n');
}

/**
 * Repeats the lines between `//@ for i in COUNT` and `//@ end` for i = 0 .. counts.COUNT - 1, with `{i}` replaced by the
 * number. Loops nest.
 */
export function unroll(shader: string, counts: Readonly<Record<string, number>>): string {
  return repeat(shader.split('\n'), counts, {}).join('\n');
}

function repeat(
  lines: readonly string[],
  counts: Readonly<Record<string, number>>,
  indices: Readonly<Record<string, number>>,
): string[] {
  const unrolled: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const loop = line.includes('//@') && /^\s*\/\/@ for (\w+) in (\w+)$/.exec(line);
    if (!loop) {
      const isNumbered = line.includes('{');
      unrolled.push(
        isNumbered ? line.replace(/\{(\w+)\}/g, (text, index: string) => `${indices[index] ?? text}`) : line,
      );
      continue;
    }
    const [, index, count] = loop as unknown as [string, string, string];
    const rounds = counts[count];
    if (rounds === undefined) throw new Error(`${count} is not counted`);
    const end = endOfLoop(lines, at);
    const body = lines.slice(at + 1, end);
    for (let i = 0; i < rounds; i++) unrolled.push(...repeat(body, counts, { ...indices, [index]: i }));
    at = end;
  }
  return unrolled;
}

function endOfLoop(lines: readonly string[], start: number): number {
  let depth = 1;
  let at = start;
  while (depth > 0) {
    at++;
    if (at === lines.length) throw new Error(`the loop of line ${start} has no end`);
    if (!lines[at]!.includes('//@')) continue;
    if (/^\s*\/\/@ for /.test(lines[at]!)) depth++;
    if (/^\s*\/\/@ end$/.test(lines[at]!)) depth--;
  }
  return at;
}
