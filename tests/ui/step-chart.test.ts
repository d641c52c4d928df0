import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { StepChart } from '../../src/ui/StepChart.tsx';

it('lines are told apart in the legend without their colours', () => {
  const lines = ['Painter', 'Critic', 'Away from the old'].map((name) => ({ name, colour: '--ink', values: [1, 2] }));
  const props = { label: 'Losses', steps: [0, 1], until: 1, lines, show: String, marks: [], place: null };
  const markup = renderToStaticMarkup(createElement(StepChart, props));
  const borders = [...markup.matchAll(/border-top-style:(\w+)/g)].map(([, style]) => style);
  expect(borders).toEqual(['solid', 'dashed', 'dotted']);
});
