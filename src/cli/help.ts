import { EXAMPLES, MOVES, SETTINGS, settingsFor } from '../engine/protocol-teaching.ts';
import { MAX_RESTARTS, MAX_STEPS } from '../engine/tasks/invert.ts';
import { MAX_WIDTH } from '../engine/tasks/mirror.ts';
import { MAX_SEED, MAX_TRUNCATION } from '../recipe.ts';
import { NODE_BACKENDS } from './options.ts';

export const HELP = `limn generate     --caption TEXT | --captions FILE  --out DIR  paint
limn interpolate  --from TEXT --to TEXT  --out DIR             paint the way between two captions
limn invert       FILE  --out z.json                           find the z that a picture is painted from
limn restyle      --style FILE  --caption TEXT  --out DIR      paint captions in the style of a picture
limn caption      FILE …                                       say what pictures show
limn score        --caption TEXT  FILE …                       say how well pictures show a caption
limn fine-tune    --data DIR  --out DIR                        teach a model something new

Everywhere
  --model ID         a model of the manifest (flowers), or the folder that fine-tune left
  --backend NAME     ${NODE_BACKENDS.slice(0, -1).join(', ')} or auto (auto)
  --models DIR       a folder with a manifest.json (the ones that come with limn)
  --json             what was made, as JSON on standard output, and nothing else there

generate
  --caption TEXT     what to paint
  --captions FILE    a caption a line; empty lines are passed over
  --out DIR          where the PNG files go: 0001.png, 0002.png, …
  --count N          pictures a caption (1)
  --seed N           of the first picture, 0 to ${MAX_SEED}; the next has the next one, or with --best-of the N-th after (1)
  --truncation X     how far z may stray, 0 to ${MAX_TRUNCATION} (as the model's card has it)
  --size N           edge in pixels, one of the model's sizes (its largest)
  --best-of N        for every picture paint N and keep the one that shows its caption best (1)

interpolate          --seed, --truncation, --size and --out as above
  --from, --to TEXT  captions of the two ends
  --steps N          pictures, both ends counted (9)
  --to-seed N        seed of the far end, where z is to move as well
  --style A..B       files of limn invert: z moves from the one to the other; one name alone is held

invert
  --steps N          of the search, 0 to ${MAX_STEPS}; 0 asks the style encoder alone (200)
  --restarts N       random starts beside the style encoder's, 0 to ${MAX_RESTARTS} (0)
  --seed N           of those starts (1)
  --hold X           how much z is held to where it began (each start to itself), 0 to 10, so that it
                     serves other captions (1); 0 fits this picture alone
  --caption TEXT     what the picture shows, if it is to be said
  --move-sentence    in the second half the sentence may move, too; where it went is not kept
  --out FILE         z, how far its picture is from the one wanted (of 255), and how far the style encoder's was
  --picture DIR      wanted.png, first.png (by the style encoder) and found.png

restyle              --caption, --captions, --truncation, --size and --out as generate; --steps, --restarts, --hold as invert
  --style FILE       a picture, or what limn invert wrote
  --shows TEXT       what that picture shows, if it is to be said
  --strength X       0 (the seed's own z) to 1 (the style's) (1)
  --seed N           of every picture (1)

caption, score       PNG, JPEG, WebP, GIF and AVIF; the middle square is looked at
  --caption TEXT     score: what the pictures should show
  --width N          of the beam, 1 to ${MAX_WIDTH} (3)

fine-tune            goes on where a run in --out stands, as it began where nothing else is said; Ctrl-C pauses it
  --data DIR         ${EXAMPLES.least} to ${EXAMPLES.most} pictures; captions in metadata.jsonl or metadata.csv, or in name.txt beside name.jpg;
                     a run that goes on has its own
  --out DIR          where the run is kept, its sheets and its curve, and in the end the model
  --name TEXT        of the model (the name of the folder of pictures)
  --steps N          of the whole run (${SETTINGS.steps})
  --batch N          pictures a step (${SETTINGS.batch})
  --rate X           Adam's (${SETTINGS.rate}; of faces ${settingsFor('t2f').rate})
  --anchor X         how much of the old is to stay, 0 to 10 (${SETTINGS.anchor}; of faces ${settingsFor('t2f').anchor})
  --moves WHAT       ${MOVES.join(', ')} (${SETTINGS.moves})
  --seed N           of all that is drawn (${SETTINGS.seed})
  --every N          steps from one checkpoint to the next (${SETTINGS.checkpointEvery})
`;
