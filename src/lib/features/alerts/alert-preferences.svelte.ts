import { createContext } from 'svelte';
import { z } from 'zod';

const KEY = 'signalbox:approval-alerts';
const OFF = { notify: false, sound: false };
const schema = z.object({ notify: z.boolean(), sound: z.boolean() }).catch(OFF);

/** Whether this browser tells of new approvals, and how. Off until somebody asks for it. */
export class AlertPreferences {
	#current = $state.raw(schema.parse(read()));

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

function read(): unknown {
	try {
		return JSON.parse(localStorage.getItem(KEY) ?? 'null');
	} catch {
		return null; // somebody else's text under our key: it stays off
	}
}

/** How this browser tells of approvals. The root layout sets it. */
export const [getAlertPreferences, setAlertPreferences] = createContext<AlertPreferences>();
