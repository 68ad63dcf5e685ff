import type { Identity } from '../../protocol';

/** Who asks when Signalbox does something by itself. */
export const SELF: Identity = {
	...{ subject: 'signalbox', name: 'signalbox', email: null },
	roles: ['admin']
};
