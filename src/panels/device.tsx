/** What computes, as a pill in the header, and the choice of another behind it. */
import '../ui/pill.css';
import '../ui/popover.css';
import './device.css';
import { BACKENDS, type BackendName } from '../engine/protocol.ts';
import { useLimn } from '../state/context.ts';
import type { State } from '../state/store.ts';
import { adapterName, BACKEND_LABELS, pace as paceWords } from '../ui/format.ts';
import { DEVICE_POPOVER } from '../ui/ids.ts';

const CHOICES = ['auto', ...BACKENDS] as const;

export function DevicePill() {
  const engine = useLimn((s) => s.engine);
  const pace = useLimn((s) => s.pace);
  const broken = useLimn((s) => s.loading.state === 'failed');
  const { tone, text, adapter } = statusWords(engine, broken);
  return (
    <button type="button" className="pill device-pill" popoverTarget={DEVICE_POPOVER}>
      <i className={`dot ${tone}`} />
      <span className="visually-hidden">Device: </span>
      <span className="device-name">{text}</span>
      {adapter && <span className="device-adapter">{adapter}</span>}
      {pace !== null && engine.phase === 'ready' && <span className="device-pace">{paceWords(pace)} a picture</span>}
    </button>
  );
}

export function DevicePopover() {
  const engine = useLimn((s) => s.engine);
  const backend = useLimn((s) => s.backend);
  const choose = useLimn((s) => s.chooseBackend);
  const failure = useLimn((s) => (s.loading.state === 'failed' ? s.loading.failure : null));
  const device = engine.phase === 'ready' ? engine.device : null;
  const reasons = new Map(device?.passedOver.map((p) => [p.backend, p.reason]));
  if (failure?.kind === 'no-backend') {
    for (const { backend, reason } of failure.tried) reasons.set(backend as BackendName, reason);
  }
  return (
    <div id={DEVICE_POPOVER} className="popover" popover="auto" role="dialog" aria-labelledby="device-title">
      <h2 id="device-title">What paints</h2>
      <p className="device-now">
        {device ? `${BACKEND_LABELS[device.backend]}: ${device.adapter}` : statusWords(engine, failure !== null).text}
      </p>
      <fieldset className="choices">
        <legend className="visually-hidden">Backend</legend>
        {CHOICES.map((choice) => (
          <label key={choice} className="choice">
            <input type="radio" name="backend" checked={backend === choice} onChange={() => choose(choice)} />
            <span>
              <span className="choice-name">
                {BACKEND_LABELS[choice]}
                {device?.backend === choice && <small> in use</small>}
              </span>
              <small>
                {(choice !== 'auto' && reasons.has(choice) && `Passed over: ${reasons.get(choice) ?? ''}`) ||
                  HINTS[choice]}
              </small>
            </span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

const HINTS: Readonly<Record<(typeof CHOICES)[number], string>> = {
  auto: 'The fastest that computes rightly here',
  webgpu: 'The graphics card, the modern way',
  webgl: 'The graphics card, the older way',
  wasm: 'The processor, compiled code',
  cpu: 'The processor; slow, but always there',
};

function statusWords(
  engine: State['engine'],
  broken: boolean,
): { tone: 'good' | 'busy' | 'bad'; text: string; adapter?: string } {
  switch (engine.phase) {
    case 'idle':
      return { tone: 'busy', text: 'Resting' };
    case 'starting':
      return broken ? { tone: 'bad', text: 'Not running' } : { tone: 'busy', text: 'Starting' };
    case 'ready':
      return { tone: 'good', text: BACKEND_LABELS[engine.device.backend], adapter: adapterName(engine.device.adapter) };
    case 'recovering':
      return { tone: 'busy', text: 'Starting again' };
    case 'failed':
      return { tone: 'bad', text: 'Stopped' };
  }
}
