import { z } from 'zod';
import { columnOf, DEFAULT_COLUMNS } from '$lib/features/runs/run-columns';
import { isTimeStyle, type TimePrecision, type TimeStyle } from '$lib/features/runs/run-times';

/** Limits of a column's width, px. */
export const WIDTH_PX = { least: 48, most: 1600 } as const;

const schema = z.object({
	columns: z
		.array(z.string())
		.min(1)
		.catch([...DEFAULT_COLUMNS]),
	density: z.enum(['roomy', 'compact']).catch('roomy'),
	time: z.string().refine(isTimeStyle).catch('relative'),
	precision: z.enum(['seconds', 'milliseconds']).catch('seconds'),
	widths: z.record(z.string(), z.number().min(WIDTH_PX.least).max(WIDTH_PX.most)).catch({})
});

/** How the list is displayed. Nothing here affects which runs it contains. */
export type RunPreferences = {
	columns: readonly string[];
	density: 'roomy' | 'compact';
	time: TimeStyle;
	precision: TimePrecision;
	/** Widths of resized columns, px. They suit one screen, so URLs and saved views leave them out. */
	widths: Readonly<Record<string, number>>;
};

/** The display preferences of each person, stored in this browser. */
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
	return { ...read, columns: columns.length > 0 ? columns : DEFAULT_COLUMNS };
}

function parsed(text: string | null): unknown {
	try {
		return JSON.parse(text ?? '{}') ?? {};
	} catch {
		return {}; // not written by this version: use the defaults
	}
}
