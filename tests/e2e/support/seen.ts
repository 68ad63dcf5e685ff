import type { Locator } from '@playwright/test';

/** Collects every text that an element shows from now on, however briefly; call it to read them. */
export async function textsSeen(element: Locator): Promise<() => Promise<string[]>> {
	const texts = await element.evaluateHandle((node) => {
		const seen: string[] = [];
		const look = () => {
			const text = node.textContent?.trim() ?? '';
			if (text !== seen.at(-1)) seen.push(text);
		};
		look();
		new MutationObserver(look).observe(node, {
			subtree: true,
			childList: true,
			characterData: true
		});
		return seen;
	});
	return () => texts.jsonValue();
}
