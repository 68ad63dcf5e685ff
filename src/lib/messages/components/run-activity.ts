import { translated } from '../locale';

/** An action after a person's name, `started the run`, and after "tried to", `start the run`. */
export type ActivityVerb = { did: string; to: string };

const verbs: Readonly<Record<string, ActivityVerb>> = {
	'run.start': { did: 'started the run', to: 'start the run' },
	'run.adopt': { did: 'adopted the run', to: 'adopt the run' },
	'run.pause': { did: 'paused the run', to: 'pause the run' },
	'run.resume': { did: 'resumed the run', to: 'resume the run' },
	'run.terminate': { did: 'terminated the run', to: 'terminate the run' },
	'run.restart': { did: 'restarted the run', to: 'restart the run' },
	'run.undo': { did: 'undid the pending action', to: 'undo the pending action' },
	'run.pin': { did: 'pinned the run', to: 'pin the run' },
	'run.unpin': { did: 'unpinned the run', to: 'unpin the run' },
	'run.delete': { did: 'deleted the run', to: 'delete the run' },
	'run.terminate-dropped': { did: 'did not terminate the run', to: 'terminate the run' },
	'run.restart-dropped': { did: 'did not restart the run', to: 'restart the run' },
	'sdk.mend': {
		did: 'corrected the SDK’s record of the run',
		to: 'correct the SDK’s record of the run'
	}
};

const en = {
	/** All texts follow the name of a person or an Agent. */
	verb: (action: string): ActivityVerb =>
		(Object.hasOwn(verbs, action) ? verbs[action] : undefined) ?? { did: action, to: action },
	approve: { did: 'approved', to: 'approve' },
	reject: { did: 'rejected', to: 'reject' },
	sendEvent: (type: string): ActivityVerb => ({
		did: `sent the event ${type}`,
		to: `send the event ${type}`
	}),
	fromStep: (action: string, step: string) => `${action} from ${step}`,
	withRollback: (action: string) => `${action} with a rollback`,
	withReason: (action: string, reason: string) => `${action}: “${reason}”`,
	onBehalf: (action: string, person: string) => `${action}, requested by ${person}`,
	because: (action: string, why: string) => `${action}: ${why}`,
	requested: (to: string) => `requested to ${to}`,
	failed: (to: string, result: string) => `tried to ${to}: ${result.replaceAll('-', ' ')}`
};

export const runActivityText = translated({ en });
