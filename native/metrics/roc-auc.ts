/**
 * The area under the ROC curve: the share of (positive, negative) pairs that the score
 * orders rightly, ties counting half. Null when there are no positives or no negatives.
 */
export function rocAuc(scores: Float64Array, isPositive: (row: number) => boolean): number | null {
  const order = Uint32Array.from(scores, (_, row) => row).sort(
    (left, right) => (scores[left] as number) - (scores[right] as number),
  );
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end] as number] === scores[order[start] as number]) end++;
    // Tied scores share the middle of their ranks, which count from 1.
    const rank = (start + 1 + end) / 2;
    for (let at = start; at < end; at++) {
      if (!isPositive(order[at] as number)) continue;
      positives++;
      rankSum += rank;
    }
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
