const longest = 500;

/** Anything thrown, with its kind: "TypeError: x is undefined". Never empty, never "[object Object]". */
export function inWords(thrown: unknown): string {
  if (thrown instanceof Error) {
    const message = textOf(thrown, 'message');
    const name = textOf(thrown, 'name') ?? 'Error';
    return message ? `${name}: ${message}` : name;
  }
  return messageOf(thrown);
}

/** The same without the kind, where there is a message. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown === '' ? 'an empty text' : thrown;
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const message = textOf(thrown, 'message');
  if (message) return message;
  if (thrown instanceof Error) return textOf(thrown, 'name') ?? 'Error';
  // An event that carries what was thrown: `error` of an ErrorEvent, `reason` of a rejection or of a lost device.
  for (const name of ['error', 'reason']) {
    const inner = fieldOf(thrown, name);
    if (inner !== undefined && inner !== null && inner !== thrown) {
      return typeof inner === 'object' ? inWordsOnce(inner) : messageOf(inner);
    }
  }
  const type = textOf(thrown, 'type');
  if (type && 'target' in thrown) return `an event of the type "${type}"`;
  return listed(thrown) ?? `an object of the kind ${kindOf(thrown)}`;
}

/** Of something carried by another: it carries nothing further, so that a ring of carriers ends. */
function inWordsOnce(inner: object): string {
  if (inner instanceof Error) return inWords(inner);
  return textOf(inner, 'message') || listed(inner) || `an object of the kind ${kindOf(inner)}`;
}

function listed(thrown: object): string | undefined {
  try {
    const text = JSON.stringify(thrown);
    if (text === undefined || text === '{}' || text === '[]') return undefined;
    return text.length > longest ? `${text.slice(0, longest)}...` : text;
  } catch {
    // A ring of references, or a big integer: its fields' names say something still.
    return `an object with ${Object.keys(thrown).join(', ')}`;
  }
}

function kindOf(thrown: object): string {
  const kind = fieldOf(thrown, 'constructor');
  return (typeof kind === 'function' && kind.name) || 'Object';
}

function textOf(thrown: object, name: string): string | undefined {
  const value = fieldOf(thrown, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A getter of something foreign may throw in its turn. */
function fieldOf(thrown: object, name: string): unknown {
  try {
    return (thrown as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
