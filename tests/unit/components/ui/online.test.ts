import { expect, test } from 'vitest';
import { lasting } from '../../../../src/lib/components/ui/online-context';
import { connectionText } from '../../../../src/lib/messages/components/connection';

test('that nothing was sent is a problem only until there is a connection', () => {
	const notSent = { detail: connectionText.notConnected };
	expect(lasting(notSent, { live: false, lost: false })).toBe(notSent);
	expect(lasting(notSent, { live: false, lost: true })).toBe(notSent);
	expect(lasting(notSent, { live: true, lost: false })).toBeNull();
});

test('other problems stay, also that an answer was lost', () => {
	const online = { live: true, lost: false };
	for (const detail of [connectionText.lostChange, 'must not be empty']) {
		expect(lasting({ detail }, online)).toEqual({ detail });
	}
	expect(lasting(null, online)).toBeNull();
});
