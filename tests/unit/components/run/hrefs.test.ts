import { expect, test } from 'vitest';
import { fleetHref } from '../../../../src/lib/components/run/hrefs';

test.each(['store-agent/berlin', 'store-agent/a%2Fb', 'store-agent/...', 'store-agent/x/sub/y/z'])(
	'the link of %s leads to its page',
	(path) => {
		expect(fleetHref(path)).toBe(`/fleet/${path}`);
	}
);

test.each(['store-agent/..', 'store-agent/.', 'store-agent/%2e%2E', 'store-agent/x/sub/y/..'])(
	'the link of %s leads to its runs, since no URL path leads to it',
	(path) => {
		const { pathname, searchParams } = new URL(fleetHref(path), 'http://signalbox.test');
		expect(pathname).toBe('/runs');
		expect(searchParams.get('q')).toContain(path);
	}
);
