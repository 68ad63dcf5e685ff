// The engine's own instances of runs that a purge deletes.
import { purgeText } from '../../../messages/server/purge';
import type { PurgedInstances } from '../../../protocol';

/** The engine deletes so many instances in one call. */
const AT_ONCE = 100;
/** So many different errors are kept. */
const ERRORS = 10;
const NOT_FOUND = /not[._ ]?found|does not exist/i;

type Deletes = Pick<Workflow, 'deleteBatch'>;

function isDeleting(value: unknown): value is Deletes {
	return typeof value === 'object' && value !== null && 'deleteBatch' in value;
}

/**
 * Deletes the engine's instances of these runs. Safe to repeat: one that is gone counts as missing.
 * Never throws: what failed is in the counts. Returns what adds the counts to others.
 */
export async function deleteInstances(
	env: object,
	keys: readonly string[]
): Promise<(to: PurgedInstances) => PurgedInstances> {
	const counts: PurgedInstances = { deleted: 0, missing: 0, failed: 0, errors: [] };
	const byWorkflow = Map.groupBy(keys, (key) => key.slice(0, key.indexOf('/')));
	for (const [workflow, of] of byWorkflow) {
		const binding: unknown = Reflect.get(env, workflow);
		if (!isDeleting(binding)) {
			counts.failed += of.length;
			counts.errors.push(purgeText.noBinding(workflow));
			continue;
		}
		const ids = of.map((key) => key.slice(key.indexOf('/') + 1));
		for (let at = 0; at < ids.length; at += AT_ONCE) {
			await deleteSome(binding, ids.slice(at, at + AT_ONCE), counts);
		}
	}
	return (to) => ({
		deleted: to.deleted + counts.deleted,
		missing: to.missing + counts.missing,
		failed: to.failed + counts.failed,
		errors: [...new Set([...to.errors, ...counts.errors])].slice(0, ERRORS)
	});
}

async function deleteSome(binding: Deletes, ids: string[], counts: PurgedInstances): Promise<void> {
	try {
		const { deleted, errors } = await binding.deleteBatch(ids);
		counts.deleted += deleted.length;
		for (const { message } of errors) {
			if (NOT_FOUND.test(message)) counts.missing += 1;
			else {
				counts.failed += 1;
				counts.errors.push(message);
			}
		}
	} catch (error) {
		counts.failed += ids.length;
		counts.errors.push(error instanceof Error ? error.message : String(error));
	}
}
