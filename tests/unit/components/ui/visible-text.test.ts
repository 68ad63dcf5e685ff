import { describe, expect, it } from 'vitest';
import { visibleText } from '../../../../src/lib/components/ui/visible-text';

describe('visibleText', () => {
	it('shows characters that would turn the text after them', () => {
		expect(visibleText('\u202e12.0 EUR\u202c')).toBe('[U+202E]12.0 EUR[U+202C]');
		for (const code of [0x61c, 0x200e, 0x200f, 0x202a, 0x202d, 0x2066, 0x2069]) {
			const control = String.fromCodePoint(code);
			expect(visibleText(`a${control}b`)).not.toContain(control);
		}
	});

	it('leaves every other text alone, of any direction', () => {
		for (const text of ['12.0 EUR', 'שלום', 'مرحبا 12', 'café 店 😀', 'a\nb']) {
			expect(visibleText(text)).toBe(text);
		}
	});
});
