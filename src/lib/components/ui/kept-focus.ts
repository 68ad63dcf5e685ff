import type { Attachment } from 'svelte/attachments';

const FOCUSABLE = 'a[href], button:not([disabled]), input, select, textarea, [tabindex="0"]';
/** Layers that belong to an element of the page, and give the focus back to it when they close. */
const LAYER = '[role="dialog"], [role="alertdialog"], [role="menu"]';

/**
 * Keeps the focus in its place when the focused element goes, as a pressed button does: it moves to
 * the nearest element that can take it, instead of to the top of the page. A page that was left takes
 * its focus with it.
 */
export const keptFocus: Attachment<HTMLElement> = (area) => {
	/** The element that had the focus last, and what it is in, from the inside out. */
	let path: readonly Element[] = [];

	function remember({ target }: FocusEvent) {
		if (!(target instanceof Element) || target.closest(LAYER)) return;
		path = area.contains(target) ? pathTo(target, area) : [];
	}

	function restore() {
		const [last] = path;
		if (!last || last.isConnected || document.activeElement !== document.body) return;
		const place = path.find((element) => element.isConnected && element !== area);
		path = [];
		if (!place) return;
		const next = [place, ...pathTo(place, area)]
			.filter((element) => element !== area)
			.map((element) => element.querySelector<HTMLElement>(FOCUSABLE))
			.find((element) => element !== null);
		next?.focus({ preventScroll: true });
	}

	const observer = new MutationObserver(restore);
	observer.observe(document.body, { childList: true, subtree: true });
	document.addEventListener('focusin', remember);
	return () => {
		observer.disconnect();
		document.removeEventListener('focusin', remember);
	};
};

function pathTo(element: Element, area: Element): Element[] {
	const path: Element[] = [];
	for (let at: Element | null = element; at && at !== area; at = at.parentElement) path.push(at);
	return [...path, area];
}
