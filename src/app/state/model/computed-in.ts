import { type ComputedOn, isSameComputer, type Message } from '../../../client/index.ts';

/**
 * What an answer says of what computed it, where `next` goes on after `before`. Nothing where that is not known of a part of it:
 * undefined `before` is a beginning that an earlier version stored.
 */
export function computedIn(
  before: readonly ComputedOn[] | undefined,
  next: ComputedOn | undefined,
): Pick<Message, 'computedOn'> {
  if (!before || !next) return {};
  const last = before.at(-1);
  return { computedOn: last && isSameComputer(last, next) ? [...before] : [...before, next] };
}
