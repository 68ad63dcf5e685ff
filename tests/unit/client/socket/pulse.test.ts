import { expect, test } from 'vitest';
import { LIVE_FOR_MS, Pulse, UNCONFIRMED_MS } from '../../../../src/lib/client/socket/pulse';

test('an open line whose heartbeats go unanswered is opened anew', () => {
	const pulse = new Pulse(0);
	pulse.opened();
	pulse.asked(0);
	expect(pulse.mustReopen(LIVE_FOR_MS)).toBe(false);
	expect(pulse.mustReopen(LIVE_FOR_MS + 1)).toBe(true);
});

test('so is one that answers heartbeats but never confirms what is shown', () => {
	const pulse = new Pulse(0);
	pulse.opened();
	for (let now = 0; now <= UNCONFIRMED_MS; now += 1_000) {
		pulse.heard(now, false);
		expect(pulse.mustReopen(now)).toBe(false);
		expect(pulse.read(now).status).not.toBe('live');
	}
	expect(pulse.mustReopen(UNCONFIRMED_MS + 1)).toBe(true);
	pulse.opened();
	pulse.heard(UNCONFIRMED_MS + 2, true);
	expect(pulse.mustReopen(10 * UNCONFIRMED_MS)).toBe(false);
	expect(pulse.read(UNCONFIRMED_MS + 2).status).toBe('live');
});
