import { LOCALE, translated } from '../locale';
import { plural } from '../plural';

const list = new Intl.ListFormat(LOCALE);
const runs = (count: number) => plural(count, { one: '# run', other: '# runs' });

const en = {
	agentMissing: 'is missing: name the Agent that the finding names',
	sameName: 'The runs have this name already: "to" must differ from "from".',
	notInUse: (from: string, names: readonly string[]) =>
		`No run has the workflow name ${from}.${names.length > 0 ? ` Without a binding are: ${list.format(names)}.` : ' Every name in use has a binding.'}`,
	stillBound: (from: string) =>
		`${from} has a workflow binding, so its runs can be read and stay where they are. Remove the binding first if the workflow was renamed.`,
	notBound: (to: string, names: readonly string[]) =>
		`The Worker has no workflow binding ${to}. It has ${list.format(names)}.`,
	otherMigration: (from: string, to: string) =>
		`The runs of ${from} are being migrated to ${to}. Finish that first.`,
	lostRuns: (count: number) =>
		`${runs(count)} ended as lost: the engine has no such instance, or the Agent is gone. Delete the records, or keep them for the record.`,
	untrackedRuns: (agent: string, count: number) =>
		`The SDK of ${agent} tracks ${runs(count)} that Signalbox does not know: started before the Agent was monitored. Track them to see them here.`,
	agentUnreachable: (agent: string, count: number, why: string) =>
		`${agent} does not answer, and ${runs(count)} of it are active: ${why} Fix the cause, then ask it to report everything.`,
	agentGone: (agent: string) =>
		`${agent} is gone: it was deleted, or its class is not in this Worker. Its runs were ended as lost where it says so.`,
	laggingOutbox: (agent: string, count: number, seconds: number) =>
		`${agent} has had ${plural(count, { one: '# change', other: '# changes' })} to report for ${seconds} seconds. Ask it to report now.`,
	setAside: (count: number, targets: readonly string[]) =>
		`${plural(count, { one: '# record', other: '# records' })} could not be stored and are not in the index: ${list.format(targets)}. The audit says why. Reindex once the cause is fixed.`,
	missingBinding: (workflow: string, active: number, ended: number) =>
		`${plural(active, { one: '# active run', other: '# active runs' })} and ${plural(ended, { one: '# ended run', other: '# ended runs' })} have the workflow name ${workflow}, which no binding answers for. Migrate them to the present name of the binding.`
};

export const maintenanceText = translated({ en });
