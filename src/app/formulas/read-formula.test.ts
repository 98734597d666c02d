import { describe, expect, test } from 'vitest';
import { textOfFormula } from './formula-tree.ts';
import { readFormula } from './read-formula.ts';

const shown = (tex: string, isDisplay = false) => {
  const formula = readFormula(tex, isDisplay);
  return formula && textOfFormula(formula).replace(/\s|[\u2061\u2062]/g, '');
};

/** What each shows, by hand from the LaTeX. */
test.each([
  ['x^2', 'x2'],
  ['\\frac{(140 - \\text{age}) \\times \\text{weight}}{72 \\times S_{Cr}}', '(140−age)×weight72×SCr'],
  ['\\sqrt[3]{x}', 'x3'],
  ['\\sum_{i=1}^{n} x_i', '∑i=1nxi'],
  ['\\begin{cases} 1 & x > 0 \\\\ 0 & x \\le 0 \\end{cases}', '{1x>00x≤0'],
  ['\\begin{aligned} a &= b \\\\ c &= 4 \\end{aligned}', 'a=bc=4'],
  ['\\begin{array}{l|r} 1 & 2 \\\\ 3 & 4 \\end{array}', '1234'],
  ['\\mathbf{x1}', '𝐱𝟏'],
  ['\\overline{x} \\pm 1.96\\,\\sigma', 'x±1.96σ'],
  ['\\ce{H2O}', 'H2O'],
  ['1.5\\,\\mathrm{mg/kg}', '1.5mg/kg'],
  ['90% \\pm 5\\%', '90%±5%'],
  ['\\boxed{42}', '42'],
  ['\\operatorname{CrCl} = 80', 'CrCl=80'],
  ['37^\\circ\\text{C}', '37∘C'],
  ['µg', 'µg'],
])('%s', (tex, text) => {
  expect(shown(tex)).toBe(text);
});

describe('stays as it was written', () => {
  test.each([
    ['a definition', '\\def\\a{b}\\a'],
    ['definitions that grow', '\\def\\a{\\b\\b}\\def\\b{\\c\\c}\\def\\c{x}\\a'],
    ['a new command', '\\newcommand{\\a}{x}\\a'],
    ['another name', '\\let\\a=b\\a'],
    ['a global definition', '\\gdef\\a{x}\\a'],
    ['a link', '\\href{javascript:alert(1)}{x}'],
    ['an address', '\\url{https://evil.test}'],
    ['an image', '\\includegraphics{https://evil.test/p.png}'],
    ['a class', '\\class{icon-button}{x}'],
    ['a style', '\\style{position:fixed}{x}'],
    ['data', '\\data{x=y}{x}'],
    ['a colour', '\\color{white} 5'],
    ['a box in colour', '\\colorbox{black}{5}'],
    ['what is hidden', '\\phantom{5} x'],
    ['what lies over', '5\\mathllap{6}'],
    ['a shift', '5\\kern-2em 6'],
    ['a huge size', '\\Huge x'],
    ['a tag', 'x \\tag{1}'],
    ['an unknown command', '\\foo{5}'],
    ['two subscripts', 'x_1_2'],
    ['an open brace', '\\frac{1}{2'],
    ['an open environment', '\\begin{aligned} a'],
    ['braces ever deeper', `${'{'.repeat(400)}x${'}'.repeat(400)}`],
    ['roots ever deeper', `${'\\sqrt'.repeat(300)} x`],
    ['powers ever deeper', `${'x^{'.repeat(60)}x${'}'.repeat(60)}`],
    ['what is too long', '+x'.repeat(1500)],
    ['a strike', '\\cancel{5} 6'],
  ])('%s', (_, tex) => {
    expect(readFormula(tex, false)).toBeNull();
    expect(readFormula(tex, true)).toBeNull();
  });
});

test('it never throws, whatever stands there', () => {
  const signs = [
    '\\',
    '{',
    '}',
    '^',
    '_',
    '&',
    '#',
    '$',
    '%',
    '\\left(',
    '\\\\',
    '\\begin{array}',
    "'",
    'x',
    '5',
    ' ',
  ];
  for (let seed = 1; seed <= 3000; seed++) {
    let state = seed;
    const next = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return signs[state % signs.length]!;
    };
    const tex = Array.from({ length: 1 + (seed % 12) }, next).join('');
    const formula = readFormula(tex, seed % 2 === 0);
    const digits = (text: string) => text.replace(/\D/g, '');
    if (formula) expect(digits(textOfFormula(formula)), tex).toBe(digits(tex));
  }
});
