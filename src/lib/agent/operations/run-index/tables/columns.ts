import {
	beganAt,
	errorText,
	exactText,
	isApprovalWait,
	normalizeText,
	noteText,
	progressPercent,
	RUN_STATUSES,
	runKey,
	type RunRecord,
	type RunStatus
} from '../../../../protocol';
import type { SqlBinding, SqlRow } from '../../../db/sql';

const normal = (text: string | null | undefined): string | null =>
	text === null || text === undefined ? null : normalizeText(text);

/** A run's columns in `sb_runs`, apart from its number. */
export function columnsOf({ run, version, exact }: RunRecord): Record<string, SqlBinding> {
	const { finishedAt, waitingFor, parent, approvalEvents } = run;
	const began = beganAt(run);
	return {
		key: runKey(run),
		generation: run.generation,
		version,
		exact: Number(exact),
		status: RUN_STATUSES.indexOf(run.status),
		workflow: normalizeText(run.workflow),
		agent: exactText(run.agent.path),
		id: normalizeText(run.id),
		step: normal(run.step),
		outcome: run.outcome,
		by: normal(run.startedBy),
		parent: parent && exactText(runKey(parent)),
		parent_id: parent && exactText(parent.id),
		waiting_kind: waitingFor?.kind ?? null,
		waiting_name: normal(waitingFor?.name),
		waiting_event: normal(waitingFor?.eventType),
		approval: Number(waitingFor?.kind === 'event' && isApprovalWait(waitingFor, approvalEvents)),
		due: waitingFor?.dueAt ?? null,
		created: run.createdAt,
		started: began,
		updated: run.updatedAt,
		finished: finishedAt,
		duration: began === null || finishedAt === null ? null : finishedAt - began,
		progress: progressPercent(run.progress),
		retries: run.retries,
		error: normal(errorText(run)),
		note: normal(noteText(run))
	};
}

/** The status in a row's `status` column. */
export function statusIn(row: SqlRow): RunStatus {
	return RUN_STATUSES[Number(row['status'])] ?? 'unknown';
}
