import { z } from 'zod';
import { columnOf, USUAL_COLUMNS } from '$lib/features/runs/run-columns';
import { isTimeStyle, type TimePrecision, type TimeStyle } from '$lib/features/runs/run-times';

/** What a column can be made, px. */
export const WIDTH_PX = { least: 48, most: 1600 } as const;

const schema = z.object({
	columns: z
		.array(z.string())
		.min(1)
		.catch([...USUAL_COLUMNS]),
	density: z.enum(['roomy', 'compact']).catch('roomy'),
	time: z.string().refine(isTimeStyle).catch('relative'),
	precision: z.enum(['seconds', 'milliseconds']).catch('seconds'),
	widths: z.record(z.string(), z.number().min(WIDTH_PX.least).max(WIDTH_PX.most)).catch({})
});

/** How somebody likes the list; nothing here decides which runs it holds. */
export type RunPreferences = {
	columns: readonly string[];
	density: 'roomy' | 'compact';
	time: TimeStyle;
	precision: TimePrecision;
	/** Columns that somebody has made wider or narrower, px. A width is about a screen, so it is neither in the URL nor in a saved view. */
	widths: Readonly<Record<string, number>>;
};

/** Each person's own, kept in this browser. */
export class Preferences {
	#person: () => string;
	#changed = $state.raw<{ of: string; value: RunPreferences } | null>(null);
	#current: RunPreferences;

	constructor(person: () => string) {
		this.#person = person;
		this.#current = $derived(
			this.#changed?.of === person() ? this.#changed.value : readPreferences(keyOf(person()))
		);
	}

	get current(): RunPreferences {
		return this.#current;
	}

	change(change: Partial<RunPreferences>): void {
		const of = this.#person();
		const value = { ...this.#current, ...change };
		this.#changed = { of, value };
		localStorage.setItem(keyOf(of), JSON.stringify(value));
	}
}

const keyOf = (person: string) => `signalbox:runs:${person}`;

function readPreferences(key: string): RunPreferences {
	const read = schema.parse(parsed(localStorage.getItem(key)));
	const columns = read.columns.filter((id) => columnOf(id) !== null);
	return { ...read, columns: columns.length > 0 ? columns : USUAL_COLUMNS };
}

function parsed(text: string | null): unknown {
	try {
		return JSON.parse(text ?? '{}') ?? {};
	} catch {
		return {}; // somebody else's text under our key: the usual holds
	}
}
