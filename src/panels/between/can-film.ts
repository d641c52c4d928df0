/** Whether the browser encodes video, known without loading the library that writes it. */

/** H.264, VP9, VP8, AV1, each at its plainest. */
const CODECS = ['avc1.42001f', 'vp09.00.10.08', 'vp8', 'av01.0.04M.08'];

/** `edge` of the video in pixels */
export async function canFilm(edge: number): Promise<boolean> {
  if (typeof VideoEncoder === 'undefined') return false;
  for (const codec of CODECS) {
    try {
      const { supported } = await VideoEncoder.isConfigSupported({ codec, width: edge, height: edge, bitrate: 1e6 });
      if (supported) return true;
    } catch {
      // A codec that it does not even know.
    }
  }
  return false;
}
