/** Files that were dropped or chosen, folders opened, each with its place below what was dropped. */

export interface Placed {
  readonly path: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A folder of a million files would keep the page busy for nothing. */
const MOST = 20_000;

export function placed(file: File, path = file.webkitRelativePath || file.name): Placed {
  return { path, size: file.size, arrayBuffer: () => file.arrayBuffer() };
}

/** To be called within the event: afterwards browsers forget what was dropped. */
export function droppedFiles(data: DataTransfer): Promise<Placed[]> {
  const dropped = [...data.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return gather(dropped);
}

async function gather(
  dropped: readonly { readonly entry: FileSystemEntry | null; readonly file: File | null }[],
): Promise<Placed[]> {
  const found: Placed[] = [];
  for (const { entry, file } of dropped) {
    if (entry?.isDirectory) await open(entry as FileSystemDirectoryEntry, found);
    else if (file) found.push(placed(file));
  }
  return found;
}

async function open(folder: FileSystemDirectoryEntry, found: Placed[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // Some browsers tell a hundred at a time; an empty answer is the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (found.length >= MOST) return;
      if (entry.isDirectory) await open(entry as FileSystemDirectoryEntry, found);
      else {
        const file = await new Promise<File | null>((resolve) =>
          (entry as FileSystemFileEntry).file(resolve, () => resolve(null)),
        );
        if (file) found.push(placed(file, entry.fullPath.replace(/^\//, '')));
      }
    }
  }
}
