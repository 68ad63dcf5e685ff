const KEY = 'signalbox:zone';

let chosen = $state(stored());

/** The time zone of every page: `UTC` or an IANA name; null for the browser's own. */
export const timeZone = {
	get current(): string | null {
		return chosen;
	},
	/** For this tab, also over reloads. */
	choose(zone: string | null): void {
		chosen = zone;
		sessionStorage.setItem(KEY, zone ?? '');
	},
	/** For this browser. */
	prefer(zone: string | null): void {
		timeZone.choose(zone);
		localStorage.setItem(KEY, zone ?? '');
	}
};

/** Is this a zone that the browser can display? */
export function isTimeZone(text: string): boolean {
	try {
		new Intl.DateTimeFormat(undefined, { timeZone: text });
		return true;
	} catch {
		return false; // unknown time zone
	}
}

function stored(): string | null {
	if (typeof sessionStorage === 'undefined') return null; // not in a browser
	const zone = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? '';
	return zone !== '' && isTimeZone(zone) ? zone : null;
}
