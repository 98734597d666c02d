import { writeViewList } from '../../client/index.ts';
import { researchNotice } from '../format/research-notice.ts';
import { loadEntityNames } from '../markdown/entity-names.ts';
import {
  answersNote,
  type DescribedImage,
  type DescribedSource,
  type DescribedTurn,
  describeConversation,
} from './describe-conversation.ts';
import { listViews } from './list-views.ts';
import { escapeHtml, markdownAsHtml, type WriteFormula } from './markdown-html.ts';
import type { OpenedConversation } from './open-records.ts';
import { readPictures } from './pictures.ts';
import { shapesAsSvg } from './shapes-svg.ts';

const style = `
:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1rem; margin: 2rem 0 0; }
.notice { border: 1px solid; padding: .5rem .75rem; font-weight: 600; }
.facts { font-size: .8rem; opacity: .8; margin: .25rem 0 .75rem; padding-left: 1.25rem; }
.text, pre { white-space: pre-wrap; } .heading { font-weight: 600; }
ul:not(.facts) { list-style: none; padding-left: 1rem; }
table { border-collapse: collapse; } th, td { border: 1px solid; padding: .2rem .5rem; text-align: start; }
figure { margin: .75rem 0; } img { display: block; max-width: 100%; max-height: 32rem; }
details.source { border-inline-start: 3px solid; padding-inline-start: .75rem; margin: .75rem 0; font-size: .9rem; }
figcaption, .marks { font-size: .8rem; }
.drawn { position: relative; display: inline-block; } .drawn svg { position: absolute; inset: 0; width: 100%; height: 100%; }
@media print { section { break-inside: avoid-page; } }
`;

/** Refuses, by the page's own word, all that is not in the file. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** A page that opens anywhere, offline: no script, no address, nothing to fetch. */
export async function writeHtml(opened: OpenedConversation): Promise<string> {
  await loadEntityNames();
  const writeFormula = await formulaWriter();
  const { title, origin, turns } = describeConversation(opened);
  const pictures = await readPictures(opened);
  const notice = `<p class="notice">${escapeHtml(researchNotice)} ${escapeHtml(answersNote)}</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bedside conversation</title>
<style>${style}</style>
</head>
<body>
<main>
<h1 dir="auto">${escapeHtml(title)}</h1>
<p>${escapeHtml(origin)}</p>
${notice}
${turns.map(turn => turnAsHtml(turn, pictures, writeFormula)).join('\n')}
${viewsAsHtml(opened)}
${notice}
</main>
</body>
</html>
`;
}

/** As data: what is said of each image stands with it. */
function viewsAsHtml(opened: OpenedConversation): string {
  const views = listViews(opened);
  if (views.length === 0) return '';
  const data = escapeHtml(writeViewList({ seriesUid: null, views }));
  return `<details class="views"><summary>Views of the images as data</summary><pre>${data}</pre></details>`;
}

/** Formulas are MathML, which browsers set without a script; as they were written where what makes it cannot be had. */
function formulaWriter(): Promise<WriteFormula> {
  return import('../formulas/formula-markup.ts').then(
    ({ formulaAsMarkup }) => formulaAsMarkup,
    () => () => null,
  );
}

function turnAsHtml(
  turn: DescribedTurn,
  pictures: ReadonlyMap<string, string>,
  writeFormula: WriteFormula,
): string {
  const images = turn.images.map(image => imageAsHtml(image, pictures.get(image.key)));
  const facts = turn.facts.map(fact => `<li dir="auto">${escapeHtml(fact)}</li>`).join('');
  const text =
    turn.role === 'user'
      ? `<p class="text" dir="auto">${escapeHtml(turn.text)}</p>`
      : markdownAsHtml(turn.readText, writeFormula);
  return `<section>
<h2 dir="auto">${escapeHtml(turn.heading)}</h2>
<ul class="facts">${facts}</ul>
${[...images, ...turn.sources.map(sourceAsHtml), text].join('\n')}
</section>`;
}

function sourceAsHtml({ label, text }: DescribedSource): string {
  const body = `<div class="text" dir="auto">${escapeHtml(text)}</div>`;
  return `<details class="source"><summary dir="auto">${escapeHtml(label)}</summary>${body}</details>`;
}

function imageAsHtml({ label, size, shapes }: DescribedImage, source: string | undefined): string {
  const words = escapeHtml(label);
  const marks = shapes.map(shape => `<li dir="auto">${escapeHtml(shape.words)}</li>`).join('');
  const list = marks && `<ul class="marks">${marks}</ul>`;
  if (!source) return `<p>[Image: ${words}; not part of this file]</p>${list}`;
  const picture = `<img src="${escapeHtml(source)}" alt="${words}">`;
  const drawn = marks ? `<div class="drawn">${picture}${shapesAsSvg(shapes, size)}</div>` : picture;
  return `<figure>${drawn}<figcaption>${words}</figcaption>${list}</figure>`;
}
