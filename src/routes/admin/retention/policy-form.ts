import { parseQuery, type FieldError, type Policy, type PolicyInput } from '$lib/protocol';

export const EMPTY_POLICY: PolicyInput = {
	name: '',
	q: '',
	age: '30d',
	schedule: '0 3 * * *',
	zone: 'UTC',
	enabled: true,
	instances: false
};

/** What of a policy a person edits. */
export function inputOfPolicy(policy: Policy): PolicyInput {
	const { name, q, age, schedule, zone, enabled, instances } = policy;
	return { name, q, age, schedule, zone, enabled, instances };
}

/** Mistakes that need no server: those of the query. */
export function policyErrors({ q }: PolicyInput): FieldError[] {
	const parsed = parseQuery(q);
	return parsed.ok ? [] : parsed.problems.map(({ message }) => ({ path: 'q', message }));
}

/** The mistake in a field, whichever way the server names it. */
export function errorOf(errors: readonly FieldError[], field: string): string | undefined {
	return errors.find(({ path }) => path === field || path === `policy.${field}`)?.message;
}
