/** Distances in plain words. Bounds were set by eye, on photographs and what S made of them. */
export function likeness(distance: number): string {
  if (distance < 12) return 'hardly to be told apart';
  if (distance < 28) return 'close';
  if (distance < 50) return 'alike in the large, not in detail';
  if (distance < 75) return 'a distant likeness';
  return 'something else; its style may still be worth a try';
}

/** "Differs by 34 of 255 levels on average: …" */
export function distanceWords(distance: number): string {
  const levels = Math.round(distance);
  if (levels === 0) return 'The very same picture.';
  return `Differs by ${levels} of 255 levels on average: ${likeness(distance)}.`;
}
