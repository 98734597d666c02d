import type { VerbCalls, VerbTable } from '../../client/index.ts';

/** A fake with every verb of its worker: those that it does not script reject, with their names, when a test comes to them. */
export function withUnscripted<Fake extends object, Verbs extends VerbTable>(
  fake: Fake,
  verbs: Verbs,
): Fake & VerbCalls<Verbs> {
  for (const name of Object.keys(verbs)) {
    if (name in fake) continue;
    Object.assign(fake, { [name]: () => Promise.reject(new Error(`${name} is not scripted`)) });
  }
  return fake as Fake & VerbCalls<Verbs>;
}
