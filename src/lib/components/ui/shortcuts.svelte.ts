import { createContext } from 'svelte';
import { z } from 'zod';

const STORED_AS = 'signalbox:single-keys';

/**
 * The single-key shortcuts of pages, on unless somebody turns them off in this browser: speech input
 * and slips of the hand trigger them (WCAG 2.1.4).
 */
export class Shortcuts {
	#isOn = $state(z.boolean().catch(true).parse(read()));

	get isOn(): boolean {
		return this.#isOn;
	}

	turn(isOn: boolean): void {
		this.#isOn = isOn;
		localStorage.setItem(STORED_AS, JSON.stringify(isOn));
	}

	/**
	 * What a key press on the page does, by a table of keys. Null while somebody types, while a dialog
	 * or menu is open, and for single characters when they are turned off.
	 */
	actionOf<Action extends string>(
		event: KeyboardEvent,
		actions: Readonly<Record<string, Action>>
	): Action | null {
		const { target, key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
		if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return null;
		if (!this.#isOn && key.length === 1) return null;
		const action = Object.hasOwn(actions, key) ? (actions[key] ?? null) : null;
		if (!(target instanceof Element)) return action;
		if (target.closest('textarea, select, [role="dialog"], [role="menu"]')) return null;
		if (target.closest('input:not([type="checkbox"])')) return null;
		// Enter presses a focused link or button.
		return key === 'Enter' && target.closest('a, button') ? null : action;
	}
}

function read(): unknown {
	try {
		return JSON.parse(localStorage.getItem(STORED_AS) ?? 'null');
	} catch {
		return null; // not JSON, so not ours: the schema falls back to on
	}
}

/** Set by the root layout. */
export const [getShortcuts, setShortcuts] = createContext<Shortcuts>();
