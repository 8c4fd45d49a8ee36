/**
 * Measures both sides in turn, `rounds` times: a machine that slows down for a while slows both, so
 * that the ratio of the medians holds where neither figure does.
 */
export async function inTurn<Theirs, Ours>(
  rounds: number,
  sides: { theirs: () => Promise<Theirs>; ours: () => Promise<Ours> | Ours },
): Promise<{ theirs: Theirs[]; ours: Ours[] }> {
  const theirs: Theirs[] = [];
  const ours: Ours[] = [];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await sides.theirs());
    ours.push(await sides.ours());
  }
  return { theirs, ours };
}
