/** Files on their way to the person's disk. */

export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the address only after the click returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Plain letters only, since a caption may hold anything, and whole words: "A red, round flower" → "a-red-round-flower". */
export function plainName(text: string, most = 48): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (words.length <= most) return words;
  return words
    .slice(0, most + 1)
    .replace(/-[^-]*$/, '')
    .slice(0, most);
}
