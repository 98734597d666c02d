/** A formula as markup of a file that is given out: MathML that stands alone. */
import type { FormulaNode } from './formula-tree.ts';
import { readFormula } from './read-formula.ts';

/** Null where it cannot be read. `escaped`: text as it may stand in markup and in attributes. */
export function formulaAsMarkup(
  { raw, tex, isDisplay }: { raw: string; tex: string; isDisplay: boolean },
  escaped: (text: string) => string,
): string | null {
  const formula = readFormula(tex, isDisplay);
  if (!formula) return null;
  const display = isDisplay ? ' display="block"' : '';
  const source = `<annotation encoding="application/x-tex">${escaped(tex)}</annotation>`;
  const content = markupOf(formula, escaped);
  return `<math xmlns="http://www.w3.org/1998/Math/MathML"${display} alttext="${escaped(raw)}"><semantics>${content}${source}</semantics></math>`;
}

function markupOf(node: FormulaNode, escaped: (text: string) => string): string {
  if (typeof node === 'string') return escaped(node);
  const { tag, attributes, styles, children } = node;
  const style = Object.entries(styles)
    .map(([name, value]) => `${name}:${value}`)
    .join(';');
  const named = Object.entries({ ...attributes, ...(style ? { style } : {}) });
  const written = named.map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  return `<${tag}${written}>${children.map(child => markupOf(child, escaped)).join('')}</${tag}>`;
}
