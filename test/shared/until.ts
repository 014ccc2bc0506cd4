/**
 * Polls until the result is as expected: tests wait for conditions, never for a fixed time.
 * @param timeout ms
 * @throws an Error with the last result after the timeout
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  timeout = 60_000,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`Waited ${timeout / 1000} s for ${what}; last seen: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
