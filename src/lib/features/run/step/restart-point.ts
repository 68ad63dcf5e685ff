import { runPageText } from '$lib/messages/run-page';
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
	const kept = before === 0 ? runPageText.restartKeepsNone : runPageText.restartKeeps(before);
	const again =
		after === 0
			? runPageText.restartRunsOne(row.name)
			: runPageText.restartRunsMany(row.name, after);
	return `${kept} ${again} ${runPageText.restartHistory}`;
}
