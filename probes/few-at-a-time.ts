/** Fan-out with a bound. */

/**
 * Works through a list with at most `atMost` pieces of work under way, and keeps the order of the list.
 * Rejects with the first error of `work`; probes return readings and do not throw.
 */
export async function fewAtATime<In, Out>(
  list: readonly In[],
  atMost: number,
  work: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const done: Out[] = [];
  const waiting = list.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) done[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, atMost), list.length) }, worker));
  return done;
}
