import type { Approval } from '$lib/protocol';
import type { ApprovalActs } from './acts';

/** What somebody has on their desk: what is selected, where the keys are, what is being asked. */
export class Desk {
	readonly acts: ApprovalActs;
	/** Where the keys are. */
	current = $state<string | null>(null);
	selected = $state.raw<readonly string[]>([]);
	/** The decision that a dialog asks the words for. */
	asked = $state.raw<{ approval: Approval; approved: boolean } | null>(null);
	/** What is being handed over. */
	handed = $state.raw<Approval | null>(null);
	/** What is being decided together. */
	together = $state.raw<{ approvals: readonly Approval[]; approved: boolean } | null>(null);

	constructor(acts: ApprovalActs) {
		this.acts = acts;
	}

	/** Approves at once where nothing has to be written, since it can be undone; asks otherwise. */
	decide(approval: Approval, approved: boolean): void {
		if (approved && approval.form === null) {
			void this.acts.decideAtOnce(approval, { approved });
		} else {
			this.asked = { approval, approved };
		}
	}

	isSelected({ id }: Approval): boolean {
		return this.selected.includes(id);
	}

	/** Selects it, or takes it out. */
	toggle({ id }: Approval): void {
		const others = this.selected.filter((one) => one !== id);
		this.selected = others.length < this.selected.length ? others : [...others, id];
	}

	/** Selects all of them, or takes all out when all are in. */
	toggleAll(approvals: readonly Approval[]): void {
		const isAll = approvals.every((approval) => this.isSelected(approval));
		const ids = approvals.map(({ id }) => id);
		const others = this.selected.filter((one) => !ids.includes(one));
		this.selected = isAll ? others : [...others, ...ids];
	}

	/** Selects nothing, and takes the keys away. */
	clear(): void {
		this.selected = [];
		this.current = null;
	}
}
