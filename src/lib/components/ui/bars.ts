import type { Attachment } from 'svelte/attachments';

const heights = new Map<Element, number>();

/**
 * Makes room for a bar that stays at the foot of the screen: `--bars` is the height of the tallest
 * one, by which toasts stay above it and a focused element scrolls clear of it.
 */
export const footBar: Attachment<HTMLElement> = (bar) => {
	const observer = new ResizeObserver(() => reserve(bar, bar.offsetHeight));
	observer.observe(bar);
	return () => {
		observer.disconnect();
		reserve(bar, 0);
	};
};

function reserve(bar: Element, height: number) {
	if (height > 0) heights.set(bar, height);
	else heights.delete(bar);
	const tallest = Math.max(0, ...heights.values());
	document.documentElement.style.setProperty('--bars', `${tallest}px`);
}
