import { createContext } from 'svelte';
import { z } from 'zod';

const KEY = 'signalbox:approval-alerts';
const OFF = { notify: false, sound: false };
const schema = z.object({ notify: z.boolean(), sound: z.boolean() }).catch(OFF);

/** How this browser alerts to new approvals. Off until somebody turns it on. */
export class AlertPreferences {
	#current = $state.raw(schema.parse(readStorage()));

	get notify(): boolean {
		return this.#current.notify;
	}

	get sound(): boolean {
		return this.#current.sound;
	}

	get any(): boolean {
		return this.notify || this.sound;
	}

	change(change: Partial<typeof OFF>): void {
		this.#current = { ...this.#current, ...change };
		localStorage.setItem(KEY, JSON.stringify(this.#current));
	}
}

function readStorage(): unknown {
	try {
		return JSON.parse(localStorage.getItem(KEY) ?? 'null');
	} catch {
		return null; // not JSON, so not ours: the schema falls back to off
	}
}

/** Set by the root layout. */
export const [getAlertPreferences, setAlertPreferences] = createContext<AlertPreferences>();
