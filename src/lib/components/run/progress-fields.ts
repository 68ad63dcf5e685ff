import type { Json } from '../../protocol';

/** A value of a run's progress under its own name; `text` for what fits in a line. */
export type ProgressField = { name: string; text: string } | { name: string; value: Json };

/** What a bar or a line of words already says. */
const SAID = new Set(['percent', 'message']);

/** What a progress of any shape holds beside what the bar says of it. */
export function progressFields(progress: Json): ProgressField[] {
	if (Array.isArray(progress)) return [{ name: 'progress', value: progress }];
	if (typeof progress !== 'object' || progress === null) return [];
	return Object.entries(progress)
		.filter(([name]) => !SAID.has(name))
		.map(([name, value]) =>
			typeof value === 'object' && value !== null
				? { name, value }
				: { name, text: typeof value === 'number' ? value.toLocaleString('en') : String(value) }
		);
}
