import { configureGlobal } from 'fast-check';

// The same cases in every run: a property that fails, fails for everyone. LIMN_FUZZ draws fresh ones.
configureGlobal(process.env['LIMN_FUZZ'] ? {} : { seed: 20_160_517 });
