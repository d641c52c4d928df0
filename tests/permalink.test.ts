import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEST_OF, COUNTS, defaultForm, fromHash, toHash, UPSCALINGS, type FormState } from '../src/permalink.ts';
import { parseRecipe } from '../src/recipe.ts';
import { recipes } from './support/recipes.ts';

const forms: fc.Arbitrary<FormState> = fc.record({
  recipe: recipes,
  count: fc.constantFrom(...COUNTS),
  bestOf: fc.constantFrom(...BEST_OF),
  seedLocked: fc.boolean(),
  upscaling: fc.constantFrom(...UPSCALINGS),
});

const ALL = { caption: true, truncation: true };
const NOTHING = { caption: false, truncation: false };

it('reads like a sentence', () => {
  const form = { ...defaultForm(), count: 9 as const };
  expect(toHash(form)).toBe('#v=1&m=flowers&c=this+flower+has+large+white+petals+and+a+yellow+center&s=7&t=1&n=9');
});

it('comes back whole from the address, as the browser hands it over', () => {
  fc.assert(
    fc.property(forms, (form) => {
      const url = new URL(`https://limn.example/some/path/${toHash(form)}`);
      expect(fromHash(url.hash)).toEqual({ form, complaints: [], said: ALL });
    }),
  );
  const longest = { ...defaultForm().recipe, caption: '你'.repeat(1000) };
  expect(fromHash(toHash({ ...defaultForm(), recipe: longest })).form.recipe.caption).toBe(longest.caption);
});

it('keeps an empty caption: a form is not yet a picture', () => {
  const form = { ...defaultForm(), recipe: { ...defaultForm().recipe, caption: '' } };
  expect(fromHash(toHash(form))).toEqual({ form, complaints: [], said: ALL });
});

describe('junk', () => {
  it('never throws, and what it gives always holds', () => {
    const pair = fc
      .tuple(
        fc.constantFrom(
          'v',
          'm',
          'c',
          's',
          't',
          'n',
          'z',
          'b',
          'l',
          'u',
          'k',
          'ks',
          'c2',
          's2',
          'x',
          'y',
          'k2',
          '__proto__',
          '',
        ),
        fc.string({ unit: 'binary' }),
      )
      .map(([key, value]) => `${key}=${value}`);
    const junk = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(pair, { maxLength: 12 }).map((parts) => `#${parts.join('&')}`),
    );
    fc.assert(
      fc.property(junk, (hash) => {
        const { form } = fromHash(hash);
        expect(COUNTS).toContain(form.count);
        expect(BEST_OF).toContain(form.bestOf);
        const caption = form.recipe.caption === '' ? 'any' : form.recipe.caption;
        expect(parseRecipe({ ...form.recipe, caption }).seed).toBe(form.recipe.seed);
      }),
    );
  });

  it.each(['', '#'])('%j is no link and no complaint', (hash) => {
    expect(fromHash(hash)).toEqual({ form: defaultForm(), complaints: [], said: NOTHING });
  });

  it.each([
    ['s=NaN', /seed/],
    ['s=-1', /seed/],
    ['s=4294967296', /seed/],
    ['s=7.5', /seed/],
    ['s=0x10', /seed/],
    ['s=', /seed/],
    ['s=1e309', /seed/],
    ['s=1e3', /seed/],
    ['t=Infinity', /stray/],
    ['t=1e309', /stray/],
    ['t=1.6', /stray/],
    ['t=-0.5', /stray/],
    [`t=${'9'.repeat(5000)}`, /stray/],
    ['n=2', /number of pictures/],
    ['n=1000000000', /number of pictures/],
    ['n=1,4,9', /number of pictures/],
    ['b=5', /Best of/],
    ['b=1e9', /Best of/],
    ['z=1e9', /size/],
    ['m=javascript:alert(1)', /model/],
    ['m=https://evil.example/x', /model/],
    ['m=%2F%2Fevil.example', /model/],
    ['m=__proto__', /model/],
    ['c=%E0%A4', /caption/],
    ['c=%', /caption/],
    [`c=${'a'.repeat(1001)}`, /caption/],
    ['l=maybe', /lock/],
    ['u=bicubic', /enlarging/],
  ])('#v=1&%s: the default, and one complaint', (field, told) => {
    const { form, complaints } = fromHash(`#v=1&${field}`);
    expect(form).toEqual(defaultForm());
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(told);
    // Nothing of the link is repeated in a complaint, so nothing of it can be shown as anything.
    expect(complaints[0]).not.toContain('evil');
  });

  it('keeps what holds beside what does not', () => {
    const { form, complaints } = fromHash('#v=1&c=a+red+flower&s=NaN&n=9');
    expect(form).toEqual({ ...defaultForm(), count: 9, recipe: { ...defaultForm().recipe, caption: 'a red flower' } });
    expect(complaints).toHaveLength(1);
  });

  it('reads nothing of another version', () => {
    const { form, complaints } = fromHash('#v=2&c=a+red+flower');
    expect(form).toEqual(defaultForm());
    expect(complaints).toEqual(['This link was made by another version of Limn and cannot be read here.']);
  });

  it('takes the first of two, ignores strangers, cleans the caption', () => {
    const { form, complaints } = fromHash('v=1&s=1&s=2&__proto__=x&constructor&=&c=a%00b%0Ac<img onerror=x>');
    expect(form.recipe.seed).toBe(1);
    expect(form.recipe.caption).toBe('a b c<img onerror=x>');
    expect(complaints).toEqual([]);
  });

  it('does not read a megabyte', () => {
    expect(fromHash(`#${'c=a&'.repeat(250_000)}`)).toEqual({
      form: defaultForm(),
      complaints: ['This link is too long to be one of ours.'],
      said: NOTHING,
    });
  });

  it('writes a caption that no address could hold', () => {
    const recipe = { ...defaultForm().recipe, caption: 'a\ud800b' };
    expect(toHash({ ...defaultForm(), recipe })).toContain('c=a+b&');
  });
});
