import { memo, useEffect } from 'react';
import { latePart, useLatePart } from '../controls/late-part.ts';

/** What makes MathML of LaTeX; where it cannot be had, formulas stay as they were written. */
const part = latePart(() => import('../formulas/formula-view.tsx'));

export const loadFormulas = (): Promise<void> => part.load();

/** A formula as MathML; as it was written as long as it cannot be. */
export const Formula = memo(({ raw, tex, isDisplay }: { raw: string; tex: string; isDisplay: boolean }) => {
  const found = useLatePart(part);
  useEffect(() => void loadFormulas(), []);
  if (!found || 'failure' in found) return raw;
  return <found.part.FormulaView raw={raw} tex={tex} isDisplay={isDisplay} />;
});
Formula.displayName = 'Formula';
