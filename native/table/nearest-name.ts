/** Names further away than this share of their length are no help. */
const nearEnough = 0.5;

/** Names longer than this are not compared: the work grows with the product of the lengths. */
const maxCompared = 128;

/** The known name that a wrong one most likely meant, or undefined when none is near. Ignores case. */
export function nearestName(wrong: string, known: Iterable<string>): string | undefined {
  if (wrong.length > maxCompared) return undefined;
  const lower = wrong.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of known) {
    if (name.length > maxCompared) continue;
    const distance = editDistance(lower, name.toLowerCase());
    if (distance < bestDistance && distance <= Math.max(name.length, wrong.length) * nearEnough) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein's distance in UTF-16 units, two rows at a time. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = (previous[column - 1] as number) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] as number) + 1, (current[column - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[to.length] as number;
}
