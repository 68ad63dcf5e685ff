import { runPageText } from '$lib/messages/pages/run-page';
import type { RestartPoint, RowKind, TimelineRow } from '$lib/protocol';

const TYPES: Record<RowKind, RestartPoint['type'] | null> = {
	step: 'do',
	sleep: 'sleep',
	wait: 'waitForEvent',
	rollback: null
};

/** The restart point of a row; null if a run cannot restart from it. */
export function restartPoint({ kind, name, count, sdk }: TimelineRow): RestartPoint | null {
	const type = TYPES[kind];
	return type === null || sdk ? null : { name, count, type };
}

/** Describes which steps keep their results and which run again. */
export function restartConsequence(row: TimelineRow, rows: readonly TimelineRow[]): string {
	const own = rows.filter(({ sdk, kind }) => !sdk && kind !== 'rollback');
	const before = own.filter((other) => other.startedAt < row.startedAt && other !== row).length;
	const after = own.length - before - 1;
	const kept = before === 0 ? runPageText.restartKeepsNone : runPageText.restartKeeps(before);
	const again =
		after === 0
			? runPageText.restartRunsOne(row.name)
			: runPageText.restartRunsMany(row.name, after);
	return `${kept} ${again} ${runPageText.restartHistory}`;
}
