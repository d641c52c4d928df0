/** Browsers clear what sites keep when the disk is full, unless they promised not to. Some ask the person. */
export async function askToPersist(): Promise<boolean> {
  try {
    return await navigator.storage.persist();
  } catch {
    // Not there without a secure origin.
    return false;
  }
}
