import { describe, expect, it } from 'vitest';
import { splitEnd, visibleText } from '../../../../src/lib/components/ui/visible-text';

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

it('the end of a text begins with a whole character', () => {
	expect(splitEnd('store-agent/berlin', 7)).toEqual(['store-agent', '/berlin']);
	expect(splitEnd('short', 9)).toEqual(['', 'short']);
	expect(splitEnd('order-👩‍🌾', 2)).toEqual(['order-', '👩‍🌾']);
	expect(splitEnd('cafe\u0301', 1)).toEqual(['caf', 'e\u0301']);
});
