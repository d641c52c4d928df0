import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { licences } from './scripts/licences.ts';

/**
 * What each document may do. A worker that came over the network obeys the header of its own script, not the page's
 * policy, so wasm compilation is allowed where wasm runs and nowhere else. `worker-src blob:` there is for the wasm
 * backend's threads, which tfjs starts from a blob.
 */
const COMMON = {
  'default-src': "'none'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};
const PAGE_POLICY = join({
  ...COMMON,
  'script-src': "'self'",
  'worker-src': "'self'",
  'img-src': "'self' blob: data:",
  'style-src': "'self'",
  'font-src': "'self'",
  'manifest-src': "'self'",
});
const WORKER_POLICY = join({
  ...COMMON,
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self' blob:",
});
const WORKER_FILE = /\/assets\/worker-[^/]*\.js$/;

/** `SharedArrayBuffer`, and with it wasm threads, exists only in a cross-origin isolated page. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const HEADERS = { ...ISOLATION, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };

function join(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/**
 * The policy three times over: as a meta element in the built page for hosts that cannot set headers, as headers in
 * the preview server, and as a `_headers` file, which several static hosts read. Not in the dev server: hot reload
 * needs inline scripts and styles.
 */
function security(): Plugin {
  return {
    name: 'limn-security',
    transformIndexHtml(_html, context) {
      if (context.server) return [];
      const attrs = { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY };
      return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        const policy = WORKER_FILE.test(path) ? WORKER_POLICY : `${PAGE_POLICY}; frame-ancestors 'none'`;
        response.setHeader('Content-Security-Policy', policy);
        next();
      });
    },
    generateBundle() {
      const lines = ['/*', ...Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}`)];
      // Both policies on one file would be enforced together, so only the worker gets one; the page has its meta.
      lines.push('/assets/worker-*', `  Content-Security-Policy: ${WORKER_POLICY}`);
      this.emitFile({ type: 'asset', fileName: '_headers', source: lines.join('\n') + '\n' });
    },
  };
}

/**
 * tfjs hands its wasm threads their program as `factory.toString()`, which a bundler breaks: the text names variables
 * that stay behind in the bundle, and every thread dies at birth. They get the program's own file instead.
 */
function wasmThreads(url: { import: string; expression: string }) {
  const file = 'tfjs-backend-wasm/dist/backend_wasm.js';
  const call =
    /new Blob\(\[`var WasmBackendModuleThreadedSimd = ` \+\s*\w+\.toString\(\)\], \{ type: 'text\/javascript' \}\)/;
  return {
    name: 'limn-wasm-threads',
    transform(code: string, id: string) {
      if (!id.split('?')[0]?.endsWith(file)) return null;
      if (!call.test(code)) throw new Error(`${file} is not the one that this plugin knows; see vite.config.ts`);
      return { code: url.import + code.replace(call, url.expression), map: null };
    },
  };
}
const THREADS = 'wasm-out/tfjs-backend-wasm-threaded-simd.js';
const builtThreads = () =>
  wasmThreads({ import: `import limnThreads from '../${THREADS}?url';\n`, expression: 'limnThreads' });
// The dev server bundles libraries ahead of time, where `?url` means nothing; but it serves node_modules.
const devThreads = () =>
  wasmThreads({
    import: '',
    expression: `new URL('/node_modules/@tensorflow/tfjs-backend-wasm/${THREADS}', self.location.origin).href`,
  });

const ofOthers = licences();

export default defineConfig({
  // Relative, so that the built folder works under any path of any host.
  base: './',
  plugins: [react(), security(), ofOthers.page],
  build: {
    target: 'es2022',
    // A data: URL would need a hole in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The worker is the big one, by design; `npm test` holds both sizes.
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: 'es', plugins: () => [builtThreads(), ofOthers.worker] },
  optimizeDeps: {
    rolldownOptions: { plugins: [devThreads()] },
    // Read ahead, so that the dev server does not find the worker's libraries in mid-session and reload the page.
    entries: ['index.html', 'src/engine/worker.ts'],
  },
  server: {
    headers: HEADERS,
    // A training run beside the dev server writes often; none of it is the page's. public/models stays watched.
    watch: {
      ignored: ['**/training/**', '**/dist/**', '**/test-results/**', '**/playwright-report/**', '**/.carry/**'],
    },
  },
  preview: { headers: HEADERS },
});
