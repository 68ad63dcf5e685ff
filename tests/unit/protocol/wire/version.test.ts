import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SIGNALBOX_VERSION } from '../../../../src/lib/protocol';

// It is not imported: Node, which loads the protocol in browser tests, wants JSON named as such.
test('pages and server exchange the version of package.json', () => {
	const file = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
	const { version } = JSON.parse(file) as { version: string };
	expect(SIGNALBOX_VERSION).toBe(version);
});
