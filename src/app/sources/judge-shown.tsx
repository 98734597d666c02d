import { type AnswerEdit, giveWay, type Message, readThought, type SourceText } from '../../client/index.ts';
import type { TextMarks } from '../markdown/mark.tsx';
import { parseBlocks } from '../markdown/parse-blocks.ts';
import { type Judgement, judgeAnswer, type KnownSources, knownSources } from '../quoting/judge-answer.ts';
import { unitsOf, withMarks } from '../quoting/mark-blocks.ts';
import { readersWordsIn } from '../quoting/readers-words.ts';
import { indexSources } from '../quoting/source-index.ts';
import { AnswerMark } from './answer-mark.tsx';

export interface ShownJudgement {
  judgement: Judgement;
  /** The same as long as the judgement is. */
  marks: TextMarks;
}

/** What is known of the texts of the last conversations, so that each answer about them does not begin again. */
const kept = new Map<string, Promise<KnownSources>>();
const mostKept = 3;

/** Null where there is nothing to say. `answer`: whose edit tells which words are the reader's. */
export async function judgeShown(
  text: string,
  sources: readonly SourceText[],
  answer?: Pick<Message, 'text' | 'edit'>,
): Promise<ShownJudgement | null> {
  const known = sources.length > 0 ? await knownOf(sources) : null;
  const units = unitsOf(parseBlocks(text));
  const isReaders = answer?.edit && readersWordsIn(units, editOf(answer.text, answer.edit.spans));
  const judgement = await judgeAnswer(units, known, giveWay, isReaders);
  if (judgement.marks.length === 0 && judgement.edited === 0) return null;
  const places = judgement.marks.map(({ unit, at }, mark) => ({ unit, at, mark }));
  const marks: TextMarks = {
    put: blocks => withMarks(blocks, places),
    render: mark => <AnswerMark mark={judgement.marks[mark]!} />,
  };
  return { judgement, marks };
}

/** What was thought before an answer is not shown with it. */
const editOf = (text: string, spans: AnswerEdit['spans']) => ({
  text,
  spans,
  from: Math.max(0, text.lastIndexOf(readThought(text).answer)),
});

function knownOf(sources: readonly SourceText[]): Promise<KnownSources> {
  const key = sources
    .map(({ id, parts }) => `${id} ${parts.map(part => `${part.number}:${part.text.length}`).join()}`)
    .join('/');
  const found = kept.get(key) ?? indexSources(sources, giveWay).then(index => knownSources(index, giveWay));
  kept.delete(key);
  kept.set(key, found);
  for (const old of kept.keys()) if (kept.size > mostKept) kept.delete(old);
  return found;
}
