// Makes runs look as they do after a deploy that renamed their workflow binding.
import type { RunRef } from '../../../src/lib/protocol';
import type { Signalbox } from './signalbox';

const FORMER = 'FORMER';

/** Gives everything that the Agent knows of a run a binding's name that the Worker does not have. */
export async function renameBack(signalbox: Signalbox, { id }: RunRef, store: string) {
	const storage = await signalbox.harness
		.getWorker()
		.getDurableObjectStorage('StoreAgent', { name: store });
	const rows: [string, string][] = [
		['monitor_events', 'id'],
		['monitor_event_batches', 'id'],
		['monitor_runs', 'id'],
		['monitor_approvals', 'run_id']
	];
	for (const [table, column] of rows) {
		await storage.exec(`UPDATE ${table} SET workflow = '${FORMER}' WHERE ${column} = ?`, id);
	}
	await storage.exec(
		`UPDATE monitor_runs SET facts = json_set(facts, '$.ref.workflow', '${FORMER}'), wake_at = 1,
			version = version + 1 WHERE id = ?`,
		id
	);
	await storage.exec(
		`UPDATE monitor_approvals SET approval = json_set(approval, '$.workflow', '${FORMER}'),
			version = version + 1 WHERE run_id = ?`,
		id
	);
	await storage.exec(
		`UPDATE cf_agents_workflows SET workflow_name = '${FORMER}' WHERE workflow_id = ?`,
		id
	);
	await signalbox.crash(store);
}
