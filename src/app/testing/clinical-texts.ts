/**
 * What a model writes about patients, and what of it must be on the page. Where no markup was meant, the text is shown as
 * it was written; where it was, it is rendered. Every text is made up.
 */
export interface ClinicalText {
  name: string;
  markdown: string;
  /** Each has to stand on the page without a gap, white space aside. Default: the whole text. */
  shows?: string[];
  /** What elements must be there, with which text (white space aside). Default: none for emphasis, lists, quotations. */
  elements?: { [selector: string]: string[] };
}

/** None of these was meant. */
const unmeant = { 'em, strong, del, code, li, blockquote, h3, hr, .md-link': [] };
const asWritten = (name: string, markdown: string): ClinicalText => ({ name, markdown, elements: unmeant });

export const clinicalTexts: ClinicalText[] = [
  asWritten('range, tilde', 'Insulin 5~7 U, fluid 100~200 mL'),
  asWritten('range, two tildes', 'Insulin 5~~7 U, fluid 100~~200 mL and 3~~4 h'),
  asWritten('range, Chinese numerals', '每日三~~五次，每次两~~三片'),
  asWritten('approximately', '~5 mg, ~~7 mg or ~~10 mg'),
  asWritten('formula with tildes', 'H~2~O and CO~2~'),
  {
    name: 'deletion',
    markdown: 'Give ~~10 mg~~ 5 mg.',
    shows: ['10 mg', '5 mg.'],
    elements: { del: ['10 mg'] },
  },
  asWritten('powers of ten', '150*10^9/L to 400*10^9/L'),
  asWritten('products', '4*3*2*1 and a*b*c and (a+b)*c*(d+e)'),
  asWritten('powers', 'BMI = weight/height**2, 2**3 and 4**5, (1+r)**n and (1+r)**m'),
  asWritten('powers, Chinese', '体重/身高**2，腰围**3'),
  asWritten('products, Chinese', '体重*身高*系数'),
  asWritten('HLA', 'HLA-B*27 and HLA-B*57:01, HLA-DRB1*15:01'),
  asWritten(
    'star alleles',
    'CYP2C19*2 and CYP2C19*17, CYP2D6*4/*5, *1/*1, *2/*17 (*3), DPYD *2A and value 12.3*',
  ),
  asWritten('significance', 'Group A 12.3*, group B 14.5**. *p<0.05, **p<0.01, ***p<0.001 vs 4.1**'),
  asWritten('footnote', '* p < 0.05\n** p < 0.01'),
  asWritten('stars alone', 'Marked (*), (**) and (***), or "*" and "*"'),
  {
    name: 'statistics',
    markdown: '*n*=5, *p*<0.05 and **p<0.05** but 12*n = 3*p and 4*q',
    shows: ['n=5, p<0.05 and p<0.05 but 12*n = 3*p and 4*q'],
    elements: { em: ['n', 'p'], strong: ['p<0.05'] },
  },
  asWritten('names with underscores', '__init__ and V_max and eGFR_CKD_EPI and (__main__)'),
  asWritten('blanks', 'Name: ____ Date: __/__/____'),
  {
    name: 'bold dose',
    markdown: 'Give **5 mg** of *Digitalis*.',
    shows: ['Give 5 mg of Digitalis.'],
    elements: { strong: ['5 mg'], em: ['Digitalis'] },
  },
  {
    name: 'bold signs',
    markdown: '**>= 90**, **-5**, **±2** and (**+**)',
    shows: ['>= 90, -5, ±2 and (+)'],
    elements: { strong: ['>= 90', '-5', '±2', '+'] },
  },
  {
    name: 'nested emphasis',
    markdown: '***a** b* and **c *d* e** and ***f***',
    shows: ['a b and c d e and f'],
    elements: { strong: ['a', 'c d e', 'f'], em: ['a b', 'd', 'f'] },
  },
  asWritten('definitions', '[Na]: 128\n[K]: 6.1'),
  asWritten('definition alone', '[Allergy]: penicillin'),
  asWritten('definitions of addresses', '[A]: x.y "5 mg"\n[^1]: <7>\n\nSee [A] and [^1] and [B][A].'),
  asWritten('reference range', 'Sodium [128](135-145), potassium ![6.1](3.5-5.0), [a](b.html), [5](#2)'),
  {
    name: 'link',
    markdown: 'See [the guide](https://guide.test/a_(b)) and https://x.test/1.',
    shows: ['See the guide and https://x.test/1.'],
    elements: { '.md-link': ['the guide', 'https://x.test/1'] },
  },
  asWritten('comparisons at the beginning', '>= 90 is normal'),
  asWritten('comparisons, lines', '> 25\n>= 30\n>5\n> ULN\n< 3\n<= 4\n> two weeks\n> $5'),
  asWritten('comparison below a line', 'BMI\n> 25 is high\n> > 40'),
  asWritten('signs', '+ 2 mmol/L\n- 3 mmol/L'),
  asWritten('signs, many', '- 3 mmol/L\n- 4.5 mmol/L\n- .5 mmol/L\n- $5'),
  asWritten('sign, one line', '- 3 mmol/L'),
  asWritten('star, one line', '* 5'),
  asWritten('bullet, one line', '- aspirin'),
  asWritten('signs below a line', 'Change:\n- 3 mmol/L\n- 5 mmol/L'),
  asWritten('signs alone', 'Nitrite\n-\nBlood\n+'),
  asWritten('nothing but signs', '-\n-\n+'),
  asWritten('negative results', '- - -'),
  {
    name: 'bullets',
    markdown: '- aspirin\n- heparin',
    shows: ['aspirin', 'heparin'],
    elements: { li: ['aspirin', 'heparin'], 'li.md-signed': [] },
  },
  {
    name: 'bullets with comparisons',
    markdown: '- > 25 mg\n- >= 3.5\n- < 5',
    shows: ['> 25 mg', '>= 3.5', '< 5'],
    elements: { li: ['> 25 mg', '>= 3.5', '< 5'], blockquote: [] },
  },
  {
    name: 'a number among bullets',
    markdown: '- fever\n- 3 mmol/L\n- cough',
    shows: ['- 3 mmol/L'],
    elements: { li: ['fever', '- 3 mmol/L', 'cough'] },
  },
  {
    name: 'absent and present',
    markdown: '- fever\n- cough\n+ rash',
    shows: ['- fever', '- cough', '+ rash'],
  },
  { name: 'present', markdown: '+ ketones\n+ glucose', shows: ['+ ketones', '+ glucose'] },
  {
    name: 'signs in an item',
    markdown: '- sodium\n  - 3 mmol/L\n- potassium',
    shows: ['sodium', '- 3 mmol/L', 'potassium'],
    elements: { '.markdown li li': [] },
  },
  {
    name: 'quotation',
    markdown: '> Take with food.\n> Never **double** it.',
    shows: ['Take with food.', 'Never double it.'],
    elements: { blockquote: ['Take with food.Never double it.'], strong: ['double'] },
  },
  {
    name: 'sign in a quotation',
    markdown: '> Change:\n> - 3 mmol/L\n>= 90',
    shows: ['- 3 mmol/L', '>= 90'],
    elements: { blockquote: ['Change:- 3 mmol/L'] },
  },
  {
    name: 'written numbers',
    markdown: '1. a\n3. b\n7. c',
    shows: ['a', 'b', 'c'],
    elements: { 'li[value="1"]': ['a'], 'li[value="3"]': ['b'], 'li[value="7"]': ['c'] },
  },
  {
    name: 'a list past 99',
    markdown: '99. a\n100. b\n101. c',
    shows: ['a', 'b', 'c'],
    elements: { '.md-hundreds li[value="100"]': ['b'] },
  },
  asWritten('a year', '1998. That year'),
  asWritten('years', '1998. That year\n1999. The next'),
  asWritten('a number alone', '37. 5 of them'),
  asWritten('leading zeros', '007. a\n008. b'),
  {
    name: 'parentheses',
    markdown: '1) a\n2) b',
    shows: ['a', 'b'],
    elements: { '.md-parenthesis > li': ['a', 'b'] },
  },
  {
    name: 'surplus cells',
    markdown: '| Test | Value |\n|---|---|\n| Na | 128 | low |\n| K | 4 |',
    shows: ['| Na | 128 | low |'],
    elements: { td: ['| Na | 128 | low |', 'K', '4'] },
  },
  {
    name: 'bars in a row',
    markdown: '| Test | Value |\n|---|---|\n| |x| > 3 | high |\n| \\|z\\| > 2 | 5 |',
    shows: ['| |x| > 3 | high |', '|z| > 2'],
    elements: { td: ['| |x| > 3 | high |', '|z| > 2', '5'] },
  },
  {
    name: 'bars that fit the columns',
    markdown: '| A | B | C |\n| - | - | - |\n| |x| | 3 |',
    shows: ['| |x| | 3 |'],
  },
  asWritten('bars', '|x| > 3 and |y| < 2'),
  asWritten('two rows of results', 'Nitrite | Blood\n- | -'),
  {
    name: 'signs in cells',
    markdown: '| a | b |\n|---|---|\n| > 25 | - 3 |\n| *2/*17 | 5~7 |',
    shows: ['> 25', '- 3', '*2/*17', '5~7'],
    elements: { 'em, del, li, blockquote': [] },
  },
  {
    name: 'line break in a cell',
    markdown: '| a |\n|---|\n| x<br>y<br/>z<BR />w |',
    shows: ['x', 'y', 'z', 'w'],
    elements: { 'td br': ['', '', ''] },
  },
  {
    name: 'short lines',
    markdown: 'Options:\nA. one\nB. two',
    shows: ['Options:', 'A. one', 'B. two'],
    elements: { br: ['', ''] },
  },
  {
    name: 'wrapped prose',
    markdown: 'The patient was seen in our own clinic and was found to be in\ngood health.',
    elements: { br: [] },
  },
  {
    name: 'character references',
    markdown: '&minus;5, k&Omega;, &le; 3, &Mu;, &NotEqualTilde;, &#8722;2, &#x3bc;g',
    shows: ['−5, kΩ, ≤ 3, Μ, ≂̸, −2, μg'],
  },
  asWritten('no character references', '&le 5, &unknown; AT&T, &copy 2'),
  {
    name: 'references in code',
    markdown: '`&minus;5`',
    elements: { code: ['&minus;5'] },
    shows: ['&minus;5'],
  },
  {
    name: 'Chinese',
    markdown: '请**注意。**不要停药。',
    shows: ['请注意。不要停药。'],
    elements: { strong: ['注意。'] },
  },
  {
    name: 'Chinese, twice',
    markdown: '请**注意。**不要停药，**立即**就医（**重要**）。服用**5毫克**阿司匹林。',
    shows: ['请注意。不要停药，立即就医（重要）。服用5毫克阿司匹林。'],
    elements: { strong: ['注意。', '立即', '重要', '5毫克'] },
  },
  {
    name: 'Japanese',
    markdown: '**「重要」**です。この薬は**必ず（朝・夕）**飲み、**MRI**検査を',
    shows: ['「重要」です。この薬は必ず（朝・夕）飲み、MRI検査を'],
    elements: { strong: ['「重要」', '必ず（朝・夕）', 'MRI'] },
  },
  {
    name: 'Korean',
    markdown: '이 약은 **하루 두 번(아침, 저녁)**을 드세요. **중요**합니다.',
    shows: ['이 약은 하루 두 번(아침, 저녁)을 드세요. 중요합니다.'],
    elements: { strong: ['하루 두 번(아침, 저녁)', '중요'] },
  },
  asWritten('angle brackets', '<140/90> and <5 mg> and <0.5 and <div>x</div> and <pH:7.4> <!-- 5 mg -->'),
  asWritten('comment', '<!-- Na 128 -->'),
  asWritten('tags around a block', '<details>\nNa 128\n</details>'),
  asWritten('backslashes', 'C:\\temp\\new \\pm 5 \\\\server\\share C:\\_a\\-b \\(5 \\times 3\\) \\[ x \\]'),
  {
    name: 'escapes',
    markdown: '5\\*3\\*2, a\\_b, \\- 3, 1\\. x, \\> 4, \\~5',
    shows: ['5*3*2, a_b, - 3, 1. x, > 4, ~5'],
    elements: unmeant,
  },
  asWritten('formula', '$x_1 * y_2$ and $x^2$, 10^9, ==5=='),
  asWritten('minutes', "10` to 15` and 5' 3``"),
  asWritten('number sign', '#1 diagnosis\n# 30 tablets\n##'),
  {
    name: 'headings',
    markdown: '## 2. Plan\n### Sodium [Na]: 128 #',
    shows: ['2. Plan', 'Sodium [Na]: 128 #'],
    elements: { 'h3, h4': ['2. Plan', 'Sodium [Na]: 128 #'] },
  },
  {
    name: 'dashes below a line',
    markdown: 'Na 128\n---\nK 4',
    shows: ['Na 128', 'K 4'],
    elements: { 'h3, h4': [], hr: [''] },
  },
  asWritten('equals signs below a finding', 'Na 128\n==='),
  asWritten('rule of plus signs', '+++'),
  asWritten('tildes alone', '~~~'),
  { name: 'text behind a fence', markdown: '```Na 128\nK 4\n```', shows: ['Na 128', 'K 4'] },
  { name: 'indented', markdown: '    - 3 mmol/L\n    *2/*17', shows: ['- 3 mmol/L', '*2/*17'] },
];
