import { useState } from 'react';
import type { Model } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { saveFile } from '../../ui/save-file.ts';

/** As a ZIP archive, for another machine or the command line. */
export function Export({ model: { id, name } }: { readonly model: Model }) {
  const exportOwn = useLimn((s) => s.exportOwn);
  const [busy, setBusy] = useState(false);
  async function save() {
    setBusy(true);
    const made = await exportOwn(id);
    setBusy(false);
    if (made) saveFile(made.file, made.name);
  }
  return (
    <button type="button" className="button quiet" disabled={busy} onClick={() => void save()}>
      {busy ? 'Packing…' : 'Export'}
      <span className="visually-hidden">{` ${name}`}</span>
    </button>
  );
}
