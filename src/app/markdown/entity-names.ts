/**
 * What HTML calls its characters: two thousand names, of which answers use a few. The others are fetched once one of them occurs; until
 * then, and where they cannot be had, such a reference stays as it was written.
 */
const usual: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

let all: Readonly<Record<string, string>> | undefined;
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** The character, or null where there is none of this name, or none yet. */
export function characterNamed(name: string): string | null {
  const names = all ?? usual;
  if (Object.hasOwn(names, name)) return names[name]!;
  if (!all) void loadEntityNames();
  return null;
}

/** Never rejects. */
export function loadEntityNames(): Promise<void> {
  loading ??= import('character-entities').then(
    ({ characterEntities }) => {
      all = characterEntities;
      for (const listener of listeners) listener();
    },
    () => undefined,
  );
  return loading;
}

/** Calls back when all names are there. Returns how to stop. */
export function onEntityNames(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const hasAllEntityNames = (): boolean => all !== undefined;
