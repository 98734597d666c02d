/** Names of properties and methods that a script gives to its own objects, classes and types. */
export function ownMembers(file: string, text: string): string[];

/** The names in a text that a browser of the floor may not know, in order; its kind is told by the file's ending. */
export function findNewNames(
  file: string,
  text: string,
  ownMembers?: ReadonlySet<string>,
): { line: number; name: string }[];
