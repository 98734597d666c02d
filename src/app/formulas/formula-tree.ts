/** MathML as data: what may be in it is listed here, and nothing else gets to a page or into a file. */
export const formulaTags = [
  'mfrac',
  'mi',
  'mn',
  'mo',
  'mover',
  'mpadded',
  'mroot',
  'mrow',
  'mspace',
  'msqrt',
  'mstyle',
  'msub',
  'msubsup',
  'msup',
  'mtable',
  'mtd',
  'mtext',
  'mtr',
  'munder',
  'munderover',
] as const;
export type FormulaTag = (typeof formulaTags)[number];

export const formulaAttributes: ReadonlySet<string> = new Set([
  'accent',
  'accentunder',
  'columnspan',
  'depth',
  'displaystyle',
  'fence',
  'form',
  'height',
  'largeop',
  'linethickness',
  'lspace',
  'mathvariant',
  'maxsize',
  'minsize',
  'movablelimits',
  'rowspan',
  'rspace',
  'scriptlevel',
  'separator',
  'stretchy',
  'symmetric',
  'voffset',
  'width',
]);

/** Of how it is set: no position, colour or size with which text could be covered. */
export const formulaStyles =
  /^(?:padding(?:-(?:left|right|top|bottom))?|border(?:-(?:left|right|top|bottom))?|math-depth|text-align)$/;

export interface FormulaElement {
  tag: FormulaTag;
  attributes: Readonly<Record<string, string>>;
  styles: Readonly<Record<string, string>>;
  classes: readonly string[];
  children: readonly FormulaNode[];
}
export type FormulaNode = FormulaElement | string;

/** All text that is shown. */
export function textOfFormula(node: FormulaNode): string {
  return typeof node === 'string' ? node : node.children.map(textOfFormula).join('');
}
