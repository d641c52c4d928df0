/** The golden files of tests/golden/ that hold a network; the same list for Node and for Chromium. */
export const GOLDEN = [
  'gan-int-cls',
  'char-cnn-rnn',
  'stream',
  'style-encoder',
  'critic',
  'stem',
  'glam',
  't2f-encoder',
  't2f',
  't2f-critic',
] as const;
export type GoldenName = (typeof GOLDEN)[number];
