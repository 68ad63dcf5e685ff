import type { Approval } from '$lib/protocol';
import type { ApprovalCommands } from '../approval-commands';

/** What is selected and focused in the inbox, and which dialog is open. */
export class InboxState {
	readonly commands: ApprovalCommands;
	/** Id of the approval that the keyboard acts on. */
	focusedId = $state<string | null>(null);
	selectedIds = $state.raw<readonly string[]>([]);
	decisionDialog = $state.raw<{ approval: Approval; approved: boolean } | null>(null);
	handOverDialog = $state.raw<Approval | null>(null);
	groupDialog = $state.raw<{ approvals: readonly Approval[]; approved: boolean } | null>(null);

	constructor(commands: ApprovalCommands) {
		this.commands = commands;
	}

	/** Approves at once if there is no form, since that can be undone; opens the dialog otherwise. */
	decide(approval: Approval, approved: boolean): void {
		if (approved && approval.form === null) {
			void this.commands.decideAtOnce(approval, { approved });
		} else {
			this.decisionDialog = { approval, approved };
		}
	}

	isSelected({ id }: Approval): boolean {
		return this.selectedIds.includes(id);
	}

	toggle({ id }: Approval): void {
		const others = this.selectedIds.filter((selected) => selected !== id);
		this.selectedIds = others.length < this.selectedIds.length ? others : [...others, id];
	}

	/** Selects all of them, or deselects them if all are selected. */
	toggleAll(approvals: readonly Approval[]): void {
		const isAll = approvals.every((approval) => this.isSelected(approval));
		const ids = approvals.map(({ id }) => id);
		const others = this.selectedIds.filter((selected) => !ids.includes(selected));
		this.selectedIds = isAll ? others : [...others, ...ids];
	}

	clear(): void {
		this.selectedIds = [];
		this.focusedId = null;
	}
}
