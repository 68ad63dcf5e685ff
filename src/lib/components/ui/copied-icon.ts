import type { LucideIcon } from '@lucide/svelte';
import { mount } from 'svelte';
import type { Attachment } from 'svelte/attachments';

const originals = new Map<LucideIcon, Map<number, Element>>();

/**
 * Draws an icon into an element of a long list: it is mounted once and cloned afterwards, which takes
 * a fraction of the time.
 * @param size px
 */
export function copiedIcon(icon: LucideIcon, size: number): Attachment<Element> {
	return (element) => element.replaceChildren(originalOf(icon, size).cloneNode(true));
}

function originalOf(icon: LucideIcon, size: number): Element {
	const bySize = originals.get(icon) ?? new Map<number, Element>();
	originals.set(icon, bySize);
	const known = bySize.get(size);
	if (known) return known;
	const target = document.createElement('div');
	mount(icon, { target, props: { size } });
	const original = target.firstElementChild ?? target;
	bySize.set(size, original);
	return original;
}
