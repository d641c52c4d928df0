import { readdirSync } from 'node:fs';
import { defineConfig } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Files that import nothing above them. */
const LEAVES = ['./recipe.ts', './permalink.ts', './failure.ts', './random.ts', './text', './image'];

/**
 * A room, and all that it may import of `src`: app → panels → ui, state → engine/client → engine/protocol;
 * engine/worker → engine/tasks → learn → models.
 * @param {string | string[]} room
 * @param {string[]} allowed
 */
const zone = (room, allowed) => ({
  target: [room].flat().map((r) => `./src/${r}`),
  from: './src',
  except: [...LEAVES, ...allowed],
  message: 'This import goes against the direction of imports (see eslint.config.js).',
});

/** What crosses between page and engine, in types and bounds. */
const PROTOCOL = ['./engine/protocol.ts', './engine/protocol-teaching.ts'];

/** Panels never import each other; a panel is `panels/x.tsx` and what it keeps in `panels/x/`. */
const panels = [...new Set(readdirSync('src/panels').map((name) => name.replace(/\..*$/, '')))].map((name) => ({
  target: [`./src/panels/${name}.tsx`, `./src/panels/${name}.ts`, `./src/panels/${name}`],
  from: './src/panels',
  except: ['tsx', 'ts', 'css'].map((ending) => `./${name}.${ending}`).concat(`./${name}`),
  message: 'Panels never import each other.',
}));

const noBarrels = {
  selector: 'ExportAllDeclaration, ExportNamedDeclaration[source]',
  message: 'No barrels: import from the file that defines it.',
};
/** A dot stands for a slash, which a selector's pattern cannot hold. */
const WHOLE =
  '/^@tensorflow.(tfjs|tfjs-backend-\\w+(.dist)?|tfjs-backend-\\w+.dist.index(.js)?)$|.register_all_(kernels|gradients)(.js)?$/';
const noWholePackages = {
  selector: `:matches(ImportDeclaration, ImportExpression, ExportAllDeclaration, ExportNamedDeclaration)[source.value=${WHOLE}]`,
  message: 'This registers every kernel or gradient there is; see src/engine/kernels/names.ts.',
};
const noTensors = {
  group: ['@tensorflow/*'],
  message: 'Only engine, learn and models know tensors.',
};

export default defineConfig(
  { ignores: ['dist', 'public', 'training', 'tests/golden', 'test-results', 'playwright-report', '.carry'] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.mjs'] })] },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', noBarrels, noWholePackages],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            zone(['recipe.ts', 'permalink.ts', 'failure.ts', 'random.ts', 'text', 'image'], []),
            zone('models', ['./models']),
            zone('learn', ['./models', './learn']),
            zone(
              PROTOCOL.map((file) => file.slice(2)),
              [...PROTOCOL, './engine/weights/manifest.ts'],
            ),
            zone('engine/client.ts', PROTOCOL),
            zone('engine/weights', ['./engine/weights', ...PROTOCOL, './models']),
            zone('engine', ['./engine', './learn', './models']),
            // The page checks the manifest and the cards that it shows with the engine's own words for them.
            zone('teach', ['./teach']),
            zone('state', ['./state', './teach', './engine/client.ts', ...PROTOCOL, './engine/weights/manifest.ts']),
            zone('ui', ['./ui', ...PROTOCOL]),
            zone('panels', ['./panels', './ui', './state', './teach', ...PROTOCOL]),
            zone('app', ['./app', './panels', './ui', './state', ...PROTOCOL]),
            zone('main.tsx', ['./app', './state', './ui', './engine/client.ts', ...PROTOCOL]),
            zone(['cli.ts', 'cli'], ['./cli', './engine', './learn', './models', './teach']),
            ...panels,
          ],
        },
      ],
    },
  },
  {
    // Tables of what tfjs has, a line a kernel: register.ts goes through them by name.
    files: ['src/engine/kernels/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noWholePackages] },
  },
  {
    files: ['src/**'],
    ignores: ['src/{engine,learn,models}/**'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noTensors] }] },
  },
  {
    // The page loads these two; a tensor library among their imports would be in its first JavaScript.
    files: ['src/engine/{client,protocol,protocol-teaching}.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noTensors] }] },
  },
  {
    files: ['src/{models,learn}/**'],
    rules: { 'no-restricted-globals': ['error', 'fetch', 'window', 'document', 'navigator', 'self'] },
  },
  { files: ['src/**/*.tsx', 'src/{ui,state,app,panels}/**/*.ts'], ...reactHooks.configs.flat.recommended },
  {
    // Plain JavaScript reads reports as they come; tsc still checks it.
    files: ['**/*.{js,mjs}'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['tests/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
);
