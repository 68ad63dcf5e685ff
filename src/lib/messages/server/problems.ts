import { translated } from '../locale';

const en = {
	runNotFound: (run: string) => `Run ${run} was not found.`,
	runDeleted: (
		run: string,
		by: string,
		at: string,
		{ person, policy }: { person: string | null; policy: string | null }
	) => {
		const why =
			policy !== null
				? ` The purge carried out the retention policy ${policy}.`
				: person !== null
					? ` ${person} started the purge.`
					: '';
		return `Run ${run} was deleted by ${by} at ${at}.${why}`;
	},
	roleRequired: (operation: string, needed: string, name: string, held: string) =>
		`${operation} requires the role ${needed}. ${name} has ${held}.`,
	controlRoleRequired: (workflow: string, needed: string, name: string, held: string) =>
		`Controlling a run of ${workflow} requires the role ${needed}. ${name} has ${held}.`,
	noRole: 'no role'
};

export const problemsText = translated({ en });
