/**
 * Counts what a backtracking matcher does with a regular expression: how often it looks at a place of the text. It knows what
 * the word rules use: alternatives, groups, classes, greedy quantifiers, look-ahead, look-behind by one character, `$`.
 */
export function countSteps(
  source: string,
  flags: string,
  text: string,
): { steps: number; matches: string[] } {
  const characters = [...text];
  const node = parse(source, flags);
  let steps = 0;
  const matches: string[] = [];
  for (let at = 0; at < characters.length; ) {
    let end = -1;
    match(node, at, place => {
      end = place;
      return true;
    });
    if (end > at) matches.push(characters.slice(at, end).join(''));
    at = end > at ? end : at + 1;
  }
  return { steps, matches };

  function match(part: Node, at: number, goOn: (at: number) => boolean): boolean {
    steps++;
    switch (part.kind) {
      case 'class':
        return at < characters.length && part.has(characters[at]!) && goOn(at + 1);
      case 'end':
        return at === characters.length && goOn(at);
      case 'any':
        return part.parts.some(one => match(one, at, goOn));
      case 'all':
        return matchFrom(part.parts, 0, at, goOn);
      case 'look': {
        if (part.behind) {
          const found = at > 0 && match(part.part, at - 1, () => true);
          return found !== part.negative && goOn(at);
        }
        return match(part.part, at, () => true) !== part.negative && goOn(at);
      }
      case 'repeat':
        return part.part.kind === 'class'
          ? matchRun(part.part, part, at, goOn)
          : matchRepeated(part, 0, at, goOn);
    }
  }

  function matchFrom(
    parts: readonly Node[],
    index: number,
    at: number,
    goOn: (at: number) => boolean,
  ): boolean {
    const part = parts[index];
    return part === undefined ? goOn(at) : match(part, at, next => matchFrom(parts, index + 1, next, goOn));
  }

  function matchRun(
    one: ClassNode,
    { min, max }: Repeat,
    at: number,
    goOn: (at: number) => boolean,
  ): boolean {
    let end = at;
    while (end - at < max && end < characters.length && one.has(characters[end]!)) {
      steps++;
      end++;
    }
    for (; end - at >= min; end--) {
      steps++;
      if (goOn(end)) return true;
    }
    return false;
  }

  function matchRepeated(part: Repeat, count: number, at: number, goOn: (at: number) => boolean): boolean {
    const again = (next: number) => next > at && matchRepeated(part, count + 1, next, goOn);
    if (count < part.max && match(part.part, at, again)) return true;
    return count >= part.min && goOn(at);
  }
}

interface ClassNode {
  kind: 'class';
  has: (character: string) => boolean;
}
interface Repeat {
  kind: 'repeat';
  part: Node;
  min: number;
  max: number;
}
type Node =
  | ClassNode
  | Repeat
  | { kind: 'end' }
  | { kind: 'any' | 'all'; parts: Node[] }
  | { kind: 'look'; behind: boolean; negative: boolean; part: Node };

function parse(source: string, flags: string): Node {
  let at = 0;
  const tree = parseAlternatives();
  if (at !== source.length) throw new Error(`"${source.slice(at)}" is left over`);
  return tree;

  function parseAlternatives(): Node {
    const parts = [parseSequence()];
    while (source[at] === '|') {
      at++;
      parts.push(parseSequence());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'any', parts };
  }

  function parseSequence(): Node {
    const parts: Node[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(parseQuantified());
    return { kind: 'all', parts };
  }

  function parseQuantified(): Node {
    const part = parseAtom();
    const found = /^(?:([*+?])|\{(\d+)(?:,(\d+))?\})/.exec(source.slice(at, at + 12));
    if (!found) return part;
    at += found[0].length;
    const [, sign, least, most] = found;
    if (sign === undefined) return { kind: 'repeat', part, min: Number(least), max: Number(most ?? least) };
    return {
      kind: 'repeat',
      part,
      min: sign === '+' ? 1 : 0,
      max: sign === '?' ? 1 : Number.POSITIVE_INFINITY,
    };
  }

  function parseAtom(): Node {
    const opening = /^\((\?:|\?=|\?!|\?<!|\?<=)/.exec(source.slice(at, at + 4));
    if (opening) {
      at += opening[0].length;
      const part = parseAlternatives();
      at++;
      const how = opening[1]!;
      if (how === '?:') return part;
      return { kind: 'look', behind: how.includes('<'), negative: how.endsWith('!'), part };
    }
    if (source[at] === '$') {
      at++;
      return { kind: 'end' };
    }
    const end = source[at] === '[' ? endOfClass(at) : at + endOfCharacter(at);
    const text = source.slice(at, end);
    at = end;
    return { kind: 'class', has: rememberMembers(new RegExp(`^${text}$`, flags.replace('g', ''))) };
  }

  function endOfClass(start: number): number {
    let depth = 0;
    for (let index = start; ; index++) {
      if (source[index] === '\\') index++;
      else if (source[index] === '[') depth = flags.includes('v') ? depth + 1 : 1;
      else if (source[index] === ']' && --depth === 0) return index + 1;
    }
  }

  function endOfCharacter(start: number): number {
    return /^(?:\\[pP]\{[^}]*\}|\\x..|\\u\{[^}]*\}|\\u....|\\.|[\s\S])/u.exec(source.slice(start))![0].length;
  }
}

function rememberMembers(pattern: RegExp): (character: string) => boolean {
  const known = new Map<string, boolean>();
  return character => {
    const found = known.get(character) ?? pattern.test(character);
    known.set(character, found);
    return found;
  };
}
