/**
 * What can go wrong, as one closed union. It is plain data, so it crosses the worker boundary whole;
 * `ui/Failure` turns a kind into words and a button.
 */
export type Failure =
  | { readonly kind: 'bad-caption'; readonly reason: 'empty' | 'too-long' | 'unreadable' }
  | { readonly kind: 'bad-recipe'; readonly detail: string }
  | { readonly kind: 'unknown-model'; readonly id: string }
  /** The transfer broke off, timed out, or never began; trying again may help. */
  | { readonly kind: 'network'; readonly url: string; readonly detail: string }
  /** The server answered, but not with the file (404, 500). */
  | { readonly kind: 'http'; readonly url: string; readonly status: number }
  /** Bytes came that are not the file: wrong hash or length, HTML in place of weights. */
  | { readonly kind: 'corrupt-download'; readonly url: string; readonly detail: string }
  /** Right bytes by their hash (or a user's own file), but no model that this program can run. */
  | { readonly kind: 'bad-weights'; readonly file: string; readonly detail: string; readonly own?: true }
  | { readonly kind: 'quota'; readonly neededBytes: number }
  /** Steps of a run are done, but could not be kept; `detail` says where both stand and what to do, in sentences. */
  | { readonly kind: 'unkept'; readonly detail: string }
  /** A run rests on weights that its model has no more; `detail` says what is left of it, in sentences. */
  | { readonly kind: 'parent-changed'; readonly detail: string }
  /** Another tab trains this run. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'no-backend'; readonly tried: readonly { readonly backend: string; readonly reason: string }[] }
  | { readonly kind: 'device-lost'; readonly detail: string }
  /** The device answered, but wrongly: an uncaptured error, a failed known-answer check, NaN or constant pixels. */
  | { readonly kind: 'wrong-numbers'; readonly detail: string }
  /** `unheard`: it never said anything, so that its script may not have come at all. */
  | { readonly kind: 'worker-ended'; readonly detail: string; readonly unheard?: true }
  /** No recipe in it; or, where a picture was wanted, nothing that can be looked at: then `detail` says what to do. */
  | { readonly kind: 'bad-image'; readonly file: string; readonly detail: string; readonly wanted?: 'picture' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'internal'; readonly detail: string };

export type FailureKind = Failure['kind'];

/** Carries a Failure through `throw`; the only error class of the project. */
export class LimnError extends Error {
  override readonly name = 'LimnError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(describe(failure), options);
    this.failure = failure;
  }
}

/** A Failure from anything that was thrown; what is unknown becomes `internal`, an abort becomes `cancelled`. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof LimnError) return thrown.failure;
  // By name: an abort is a DOMException here, an Error there, and this file knows no DOM.
  if (thrown instanceof Error && thrown.name === 'AbortError') return { kind: 'cancelled' };
  return { kind: 'internal', detail: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** One line of plain text, for the console and the command line. */
export function describe(failure: Failure): string {
  switch (failure.kind) {
    case 'bad-caption':
      return {
        empty: 'The caption is empty.',
        'too-long': 'The caption is too long.',
        unreadable: 'The caption holds no letter or digit that the model can read.',
      }[failure.reason];
    case 'bad-recipe':
      return `The recipe does not hold: ${failure.detail}`;
    case 'unknown-model':
      return `There is no model named "${failure.id}".`;
    case 'network':
      return `${failure.url} could not be downloaded: ${failure.detail}`;
    case 'http':
      return `${failure.url} could not be downloaded: the server answered ${failure.status}.`;
    case 'corrupt-download':
      return `${failure.url} arrived damaged: ${failure.detail}`;
    case 'bad-weights':
      return `${failure.file} is not a model that can be used here: ${failure.detail}`;
    case 'quota':
      return `There is no room for ${(failure.neededBytes / 1e6).toFixed(1)} MB.`;
    case 'unkept':
    case 'parent-changed':
      return failure.detail;
    case 'elsewhere':
      return 'The run is being trained elsewhere.';
    case 'no-backend':
      return `Nothing here can compute: ${failure.tried.map((t) => `${t.backend} (${t.reason})`).join(', ')}`;
    case 'device-lost':
      return `The graphics device was lost: ${failure.detail}`;
    case 'wrong-numbers':
      return `The device computes wrongly: ${failure.detail}`;
    case 'worker-ended':
      return `The engine stopped: ${failure.detail}`;
    case 'bad-image':
      return `${failure.file} cannot be used: ${failure.detail}`;
    case 'cancelled':
      return 'Cancelled.';
    case 'internal':
      return `Something unexpected happened: ${failure.detail}`;
  }
}
