import { translated } from '../locale';
import { plural } from '../plural';

/** A role takes an article; an email address or a group does not. */
function withArticle(name: string): string {
	if (!/^[a-z]+$/.test(name)) return name;
	return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function approvalWait(wait: {
	title: string;
	waited: string;
	approvers: readonly string[];
	required: number;
	given: number;
	deadline: string;
}): string {
	const { title, waited, approvers, required, given, deadline } = wait;
	const [first, ...others] = approvers;
	const names = approvers.join(' or ');
	if (required > 1) {
		const among = names === '' ? '' : ` (${names})`;
		return `Waiting for approval for ${waited}${deadline}: ${title}. ${given} of ${required} approvals given${among}.`;
	}
	const from =
		first === undefined ? '' : ` from ${others.length === 0 ? withArticle(first) : names}`;
	return `Waiting for approval${from} for ${waited}${deadline}: ${title}`;
}

const en = {
	queued: (waited: string, ahead: number | null, workflow: string) =>
		ahead === null || ahead === 0
			? `Queued for ${waited}. The engine has not started it yet.`
			: `Queued for ${waited} behind ${plural(ahead, { one: '# other run', other: '# other runs' })} of ${workflow}.`,
	pausing: (step: string | null, by: string | null) =>
		`Pauses when ${step ?? 'the current step'} finishes${by === null ? '' : `, requested by ${by}`}.`,
	paused: (by: string | null, waited: string | null, step: string | null) => {
		const who = by === null ? '' : ` by ${by}`;
		const long = waited === null ? '' : ` for ${waited}`;
		const where = step === null ? '' : `, at ${step}`;
		return `Paused${who}${long}${where}. No step starts until the run is resumed.`;
	},
	rollingBack: 'Steps with a rollback handler are being undone, newest first.',
	terminated: (by: string | null, step: string | null) =>
		`Terminated${by === null ? '' : ` by ${by}`}${step === null ? '' : ` at ${step}`}.`,
	missingBinding: (workflow: string) =>
		`The Worker has no workflow binding ${workflow}, so this run can be neither read nor controlled. If the binding was renamed, call migrateWorkflowBinding('${workflow}', '<new name>') in the Agent; otherwise add it to wrangler.jsonc again.`,
	lost: 'The engine no longer has this run: its retention ended, or it was deleted outside Signalbox. The history that Signalbox had read is kept here.',

	sleeping: (slept: string) => `Sleeping for ${slept}.`,
	sleepingUntil: (time: string, left: string) => `Sleeping until ${time}, ${left} left.`,
	sleepEndsNow: (time: string) => `Sleeping until ${time}, any moment now.`,
	/** After how long a run has waited. */
	due: (time: string) => `, due ${time}`,
	pastDeadline: ', past its deadline',
	approvalWait,
	untitledApprovalWait: (waited: string, deadline: string) =>
		`Waiting for approval for ${waited}${deadline}.`,
	eventWait: (event: string, others: number, waited: string, deadline: string) => {
		const more =
			others === 0
				? ''
				: ` and ${plural(others, { one: '# other event', other: '# other events' })}`;
		return `Waiting for the event “${event}”${more} for ${waited}${deadline}.`;
	},
	sleepOverdue: (name: string, late: string) =>
		`Overdue: ${name} should have ended ${late} ago. Signalbox keeps checking. Pausing and resuming the run also wakes the engine.`,
	retryOverdue: (name: string, attempt: string, late: string) =>
		`Overdue: ${name}, ${attempt}, should have started ${late} ago. Signalbox keeps checking. Pausing and resuming the run also wakes the engine.`,

	attempt: (attempt: number, most: number | null) =>
		most === null ? `attempt ${attempt}` : `attempt ${attempt} of ${most}`,
	running: (name: string, others: number, ran: string, attempt: string | null) => {
		const more =
			others === 0 ? '' : ` and ${plural(others, { one: '# other step', other: '# other steps' })}`;
		return `Running ${name}${more} for ${ran}${attempt === null ? '' : `, ${attempt}`}.`;
	},
	/** `due` is a relative time: `in 12 s`, `now`. */
	retrying: (name: string, due: string, attempt: string, error: string | null) =>
		`${name} retries ${due}, ${attempt}.${error === null ? '' : ` Last error: ${error}`}`,
	error: (name: string, message: string) => `${name}: ${message}`,
	failedRollback: (step: string, error: string | null) =>
		error === null
			? `The rollback of ${step} failed, so what ${step} did is not undone.`
			: `The rollback of ${step} failed, so what ${step} did is not undone: ${error}.`,
	failed: (name: string, attempts: number) =>
		attempts > 1
			? `${name} failed after ${plural(attempts, { one: '# attempt', other: '# attempts' })}.`
			: `${name} failed.`,
	rejected: (by: string | null, reason: string | null) =>
		`Rejected by ${by ?? 'an approver'}${reason ? `: ${reason}` : '.'}`,
	rejectedInTime: 'Rejected: nobody decided before the deadline.',
	expired: (step: string | null) =>
		step === null
			? 'Nobody decided before the deadline.'
			: `Nobody decided on ${step} before the deadline.`,

	decide: 'Decide',
	viewApproval: 'View approval',
	sendEvent: 'Send event',
	showStep: 'Show step',
	runAgain: 'Run again…',

	overdue: 'Overdue',
	terminating: (isRollback: boolean) =>
		isRollback ? 'Terminating with a rollback' : 'Terminating',
	restarting: (from: string | null) => (from === null ? 'Restarting' : `Restarting from ${from}`),
	secondsLeft: (seconds: number) => `in ${seconds} s`,
	startsNow: 'now…',
	requestedBy: (by: string) => `· requested by ${by}`,
	undo: 'Undo',

	usual: (half: string) => `usually ${half}`,
	usualAndMost: (half: string, most: string) => `usually ${half}, 95% within ${most}`,
	longerThanUsual: (half: string, most: string) =>
		`longer than 95% of runs; usually ${half}, 95% within ${most}`,
	usualBasis: (runs: number) =>
		plural(runs, { one: '(last completed run)', other: '(last # completed runs)' })
};

export const statusExplanationText = translated({ en });
