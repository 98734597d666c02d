/** LaTeX as MathML, by Temml (https://temml.org, MIT), of which only the tree is used. */
import temml from 'temml';
import {
  type FormulaElement,
  type FormulaNode,
  type FormulaTag,
  formulaAttributes,
  formulaStyles,
  formulaTags,
  textOfFormula,
} from './formula-tree.ts';

/**
 * What defines, leads elsewhere, colours, hides, moves text over other text or leaves the formula: such a one is shown as it was
 * written. Without definitions a formula is as large as its source at most times a constant.
 */
const refused =
  /\\(?:[egx]?def|let|futurelet|(?:re|provide)?(?:new)?command\*?|DeclareMathOperator\*?|href|url|includegraphics|class|id|style|data|html\w*|(?:text|f?color)?color(?:box)?|fcolorbox|pagecolor|definecolor|[hv]?phantom|smash|math[lrc]lap|[lrc]lap|kern|mkern|mskip|hskip|hspace\*?|raisebox|rule|label|e?q?ref|verb|char|csname|begingroup|global|long|expandafter|noexpand|relax|toggle|cancel\w*|xcancel|bcancel|sout|phase|enclose|longdiv|angl|surd|fbox|mathchoice|operatornamewithlimits|ref|tag\*?|notag|nonumber|tiny|scriptsize|footnotesize|small|large|Large|LARGE|huge|Huge|normalsize)(?![a-zA-Z])/;

const lengthLimit = 2000;
const depthLimit = 40;
const nodesLimit = 2000;
/** So many formulas are kept as they were read: a text that is being written is rendered for every token. */
const keptFormulas = 500;

const kept = new Map<string, FormulaElement | null>();

/** Null for what is no formula, or none that can be shown whole; it is shown as it was written. Never throws. */
export function readFormula(tex: string, isDisplay: boolean): FormulaElement | null {
  const key = `${isDisplay ? 'd' : 'i'}${tex}`;
  const found = kept.get(key);
  if (found !== undefined) return found;
  const read = readAnew(tex, isDisplay);
  if (kept.size >= keptFormulas) kept.delete(kept.keys().next().value!);
  kept.set(key, read);
  return read;
}

function readAnew(tex: string, isDisplay: boolean): FormulaElement | null {
  if (tex.length > lengthLimit || refused.test(tex) || depthOf(tex) > depthLimit) return null;
  // Nobody comments a formula, and a percentage must not end it.
  const source = tex.replace(/(?<!\\)((?:\\\\)*)%/g, '$1\\%');
  try {
    const tree: unknown = temml.__renderToMathMLTree(source, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      strict: false,
      maxExpand: 200,
      maxSize: [5, 5],
    });
    const count = { nodes: 0 };
    const row = elementOf(contentOf(tree), count, 0);
    if (row === null || typeof row === 'string') return null;
    return isWhole(tex, textOfFormula(row)) ? row : null;
  } catch {
    // It is not LaTeX, or not yet.
    return null;
  }
}

/** Before anything recurses. */
function depthOf(tex: string): number {
  let depth = 0;
  let most = 0;
  for (const [sign] of tex.matchAll(/\\\\|\\[{}]|[{}]|\\(?:left|right|begin|end)(?![a-zA-Z])/g)) {
    if (sign === '{' || sign === '\\left' || sign === '\\begin') depth++;
    else if (sign === '}' || sign === '\\right' || sign === '\\end') depth--;
    most = Math.max(most, depth);
  }
  // A command takes the next one as its argument without braces.
  const [run = ''] = /(?:\\[a-zA-Z]+\s*|[\^_]\s*){20,}/.exec(tex) ?? [];
  return Math.max(most, run.split(/[\\^_]/).length - 1);
}

/** What lies in `<math>`, and in `<semantics>` where there is one. */
function contentOf(tree: unknown): unknown {
  const { type, children = [] } = tree as RawNode;
  if (type !== 'math') return tree;
  return children.length === 1 ? children[0] : { type: 'mrow', children };
}

/** A node of Temml's, of which nothing is taken for granted. */
interface RawNode {
  type?: unknown;
  text?: unknown;
  children?: readonly unknown[];
  attributes?: Readonly<Record<string, unknown>>;
  style?: Readonly<Record<string, unknown>>;
  classes?: readonly unknown[];
}

/** Null where something in it is not allowed, or it is too large. */
function elementOf(raw: unknown, count: { nodes: number }, depth: number): FormulaNode | null {
  const { type, text, children = [], attributes = {}, style = {}, classes = [] } = raw as RawNode;
  if (++count.nodes > nodesLimit || depth > depthLimit * 2) return null;
  if (type === undefined && typeof text === 'string') return text;
  const line = type === 'menclose' && lineOf(attributes.notation);
  const tag = type === undefined || line ? 'mrow' : formulaTags.find(each => each === type);
  if (!tag) return null;
  const inner: FormulaNode[] = [];
  for (const child of children) {
    const element = elementOf(child, count, depth + 1);
    if (element === null) return null;
    inner.push(element);
  }
  return {
    tag: tag satisfies FormulaTag,
    attributes: strings(attributes, name => formulaAttributes.has(name)),
    styles: strings(style, name => formulaStyles.test(name)),
    classes: [
      ...classes.filter(each => typeof each === 'string' && /^tml-/.test(each)),
      ...(line ? [line] : []),
    ] as string[],
    children: inner,
  };
}

/** `menclose` is not part of MathML Core. */
function lineOf(notation: unknown): string | false {
  if (notation === 'top') return 'tml-overline';
  return notation === 'bottom' && 'tml-underline';
}

function strings(
  values: Readonly<Record<string, unknown>>,
  isAllowed: (name: string) => boolean,
): Record<string, string> {
  const named = Object.entries(values).map(([name, value]): [string, string] => [
    name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`),
    String(value),
  ]);
  return Object.fromEntries(
    named.filter(([name, value]) => isAllowed(name) && /^[\w\s.%+-]{1,60}$/.test(value)),
  );
}

/**
 * The net of decision 016: every digit is shown, no more of them, and every letter that is not part of a command. Letters of a
 * style of their own are the same letters.
 */
function isWhole(tex: string, shown: string): boolean {
  const written = tex
    .replace(/\\(?:begin|end)\s*\{[^{}]*\}(?:\s*(?:\[[a-z]\])?\{[lcr|\s:-]*\})?/g, ' ')
    .replace(/\\\\\s*\[[^\]]*\]/g, ' ')
    .replace(/\\[a-zA-Z]+\*?/g, ' ');
  const digits = (text: string) => [...text.normalize('NFKC').replace(/\P{Nd}/gu, '')].sort().join('');
  if (digits(written) !== digits(shown)) return false;
  const left = new Map<string, number>();
  for (const letter of lettersOf(shown)) left.set(letter, (left.get(letter) ?? 0) + 1);
  return lettersOf(written).every(letter => {
    const count = left.get(letter) ?? 0;
    left.set(letter, count - 1);
    return count > 0;
  });
}

const lettersOf = (text: string): string[] => text.normalize('NFKD').match(/\p{L}/gu) ?? [];
