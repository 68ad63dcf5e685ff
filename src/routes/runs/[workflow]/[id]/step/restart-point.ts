import type { RestartPoint, RowKind, TimelineRow } from '$lib/protocol';

const TYPES: Record<RowKind, RestartPoint['type'] | null> = {
	step: 'do',
	sleep: 'sleep',
	wait: 'waitForEvent',
	rollback: null
};

/** The point that a row stands for; null for one from which nothing can begin. */
export function restartPoint({ kind, name, count, sdk }: TimelineRow): RestartPoint | null {
	const type = TYPES[kind];
	return type === null || sdk ? null : { name, count, type };
}

/** What a restart from a row keeps and what it does again, in words. */
export function restartConsequence(row: TimelineRow, rows: readonly TimelineRow[]): string {
	const own = rows.filter(({ sdk, kind }) => !sdk && kind !== 'rollback');
	const before = own.filter((other) => other.startedAt < row.startedAt && other !== row).length;
	const after = own.length - before - 1;
	const kept =
		before === 0
			? 'There is no step before it, so everything is done again.'
			: `${stepsText(before)} before it ${before === 1 ? 'keeps its result' : 'keep their results'} and ${before === 1 ? 'is' : 'are'} not carried out again.`;
	const again =
		after === 0
			? `${row.name} is carried out once more, also if it had an effect outside.`
			: `${row.name} and what came after it (${stepsText(after)}) are carried out once more, also what had an effect outside.`;
	return `${kept} ${again} The history so far stays readable as a former generation.`;
}

const stepsText = (count: number) => (count === 1 ? '1 step' : `${count} steps`);
