/** The same function, whose calls wait for each other: eight large images must not be decoded side by side. */
export function oneAtATime<Input, Output>(
  run: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  let last: Promise<unknown> = Promise.resolve();
  return input => {
    const result = last.then(() => run(input));
    last = result.catch(() => undefined);
    return result;
  };
}
