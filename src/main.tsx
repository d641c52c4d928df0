import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { applyTheme, keptTheme } from './app/theme.ts';
import { createEngine } from './engine/client.ts';
import { decodePicture } from './image/decode.ts';
import { followAddress, openHash } from './state/address.ts';
import { askToPersist } from './state/ask-to-persist.ts';
import { begin } from './state/begin.ts';
import { StoreContext } from './state/context.ts';
import { fetchJson } from './state/fetch-json.ts';
import { shelf } from './state/shelf.ts';
import { storage } from './state/storage.ts';
import { createLimnStore } from './state/store.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html holds no #root');

applyTheme(keptTheme());

const base = document.baseURI;
const engine = createEngine(
  // The name tells the worker where the models are: a worker knows its own address, not the page's.
  () =>
    new Worker(new URL('./engine/worker.ts', import.meta.url), {
      type: 'module',
      name: new URL('models/manifest.json', base).href,
    }),
);
const store = createLimnStore({
  engine,
  storage: storage(() => localStorage),
  shelf: shelf(),
  fetchJson: (path) => fetchJson(path, base),
  decode: decodePicture,
  persist: askToPersist,
  drawSeed: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
});
const linked = openHash(store, location.hash, history.state);
followAddress(store, window);

createRoot(root).render(
  <StrictMode>
    <StoreContext value={store}>
      <App />
    </StoreContext>
  </StrictMode>,
);
// The shell is painted first. Not by requestAnimationFrame: a tab that was opened behind others may begin, too.
setTimeout(() => void begin(store, linked), 50);
