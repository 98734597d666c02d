/** What a model made of the options of a question, beside an answer to it. */
import { type FieldReader, listOf, objectOf, text } from './record-fields.ts';

export interface OptionLikelihood {
  letter: string;
  text: string;
  /** That the answer begins with this letter, of all that it could begin with: 0 to 1. */
  probability: number;
  /** The same of this option where all stood in the opposite order; absent where that was not asked. */
  turned?: number;
}

const probability: FieldReader<number> = value =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined;

export const mostOptions = 10;

const list = listOf(
  objectOf<OptionLikelihood>({ letter: text, text, probability, turned: probability }, [
    'letter',
    'text',
    'probability',
  ]),
);

/** All of them: a part would be other shares. */
export const optionLikelihoods: FieldReader<OptionLikelihood[]> = value => {
  const found = list(value);
  return found && found.length >= 2 && found.length <= mostOptions ? found : undefined;
};
