import { createElement, type ReactNode } from 'react';
import { copyFormulasAsWritten } from './copy-source.ts';
import type { FormulaElement, FormulaNode } from './formula-tree.ts';
import { readFormula } from './read-formula.ts';

copyFormulasAsWritten();

/** Within a line, a longer one may be wider than a telephone; browsers break none. */
const shortLength = 60;

interface FormulaViewProps {
  raw: string;
  tex: string;
  isDisplay: boolean;
}

/** A formula in elements of the page; as it was written where it cannot be read. */
export function FormulaView({ raw, tex, isDisplay }: FormulaViewProps) {
  const formula = readFormula(tex, isDisplay);
  if (!formula) return raw;
  const math = createElement('math', isDisplay ? { display: 'block' } : {}, elementOf(formula));
  if (!isDisplay && tex.length <= shortLength) {
    return (
      <span className="formula" data-formula={raw}>
        {math}
      </span>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <section> per formula would not read better
    <span
      className={isDisplay ? 'formula formula-display' : 'formula formula-long'}
      data-formula={raw}
      role="group"
      aria-label="Formula"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide formula scrolls, with the keyboard too
      tabIndex={0}
    >
      {math}
    </span>
  );
}

function elementOf(node: FormulaNode): ReactNode {
  if (typeof node === 'string') return node;
  const { tag, attributes, classes, children } = node;
  const props = {
    ...attributes,
    ...(classes.length > 0 ? { className: classes.join(' ') } : {}),
    ...(Object.keys(node.styles).length > 0 ? { ref: styled(node) } : {}),
  };
  return createElement(tag, props, ...children.map(elementOf));
}

/** By the object model: the site's policy knows no styles in markup. */
const styled =
  ({ styles }: FormulaElement) =>
  (element: Element | null): void => {
    const { style } = (element ?? {}) as Partial<ElementCSSInlineStyle>;
    for (const [name, value] of Object.entries(styles)) style?.setProperty(name, value);
  };
