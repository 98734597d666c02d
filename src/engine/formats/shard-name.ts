/** The names that llama.cpp's gguf-split gives to the parts of a model: NAME-00001-of-00003.gguf. */

export interface ShardName {
  /** What the names of all parts have in common. */
  stem: string;
  /** From 1 to `count`. */
  number: number;
  count: number;
}

const pattern = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;

/** Undefined of the name of a whole file. */
export function readShardName(name: string): ShardName | undefined {
  const match = pattern.exec(name);
  if (!match) return undefined;
  const [number, count] = [Number(match[2]), Number(match[3])];
  if (number < 1 || number > count || count < 2) return undefined;
  return { stem: match[1]!, number, count };
}

export function shardName({ stem, number, count }: ShardName): string {
  return `${stem}-${fiveDigits(number)}-of-${fiveDigits(count)}.gguf`;
}

function fiveDigits(number: number): string {
  return String(number).padStart(5, '0');
}
