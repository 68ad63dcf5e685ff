import type { Timeline } from '$lib/protocol';
import { untrack } from 'svelte';
import { findRows } from './model/find-rows';
import { GrowingGroups, groupKey, isGroup, type Entry } from './model/groups';
import { rowParam, withToggled, type TimelineState } from './model/timeline-state';

export type ListInputs = {
	timeline: () => Timeline;
	/** The same, but updated at most once a second while it is long. */
	throttled: () => Timeline;
	view: () => TimelineState;
};

/** The entries of a timeline: steps and groups, filtered, and the selected one. */
export class TimelineList {
	readonly #inputs: ListInputs;
	readonly #growing = new GrowingGroups();
	/** The group of the selected row is open, so that a link to the row shows it. */
	readonly #selectedGroup: string | null = $derived.by(() => {
		const { selected } = this.#inputs.view();
		if (selected === null) return null;
		const row = this.#inputs.timeline().rows.find(({ key }) => rowParam(key) === selected);
		return row ? groupKey(row) : null;
	});
	readonly entries: readonly Entry[] = $derived.by(() => {
		const { rows } = this.#inputs.timeline();
		const { find, withSdk } = this.#inputs.view();
		if (find !== '') return findRows(rows, find, withSdk);
		const isOpen = (key: string) => this.isOpen(key);
		return this.#growing.read(rows).entries({ withSdk, isOpen });
	});
	/** For readers of every entry. */
	readonly throttled: readonly Entry[] = $derived.by(() => {
		this.#inputs.throttled();
		return untrack(() => this.entries);
	});
	/** The index of the selected entry; -1 for none. */
	readonly index: number = $derived.by(() => {
		const { selected } = this.#inputs.view();
		if (selected === null) return -1;
		return this.entries.findIndex(({ key }) => rowParam(key) === selected);
	});
	/** The selected key if it exists. Unlike its index, it stays the same while steps are added. */
	readonly found: string | null = $derived.by(() =>
		this.index < 0 ? null : this.#inputs.view().selected
	);
	/** The last active entry, else the last entry. */
	readonly nowIndex: number = $derived.by(() => {
		const open = this.entries.findLastIndex(({ endedAt }) => endedAt === null);
		return open < 0 ? this.entries.length - 1 : open;
	});

	constructor(inputs: ListInputs) {
		this.#inputs = inputs;
	}

	isOpen(key: string): boolean {
		return this.#inputs.view().open.has(rowParam(key)) || key === this.#selectedGroup;
	}

	/** Is it shown inside a group? */
	isInner(entry: Entry): boolean {
		const isFound = this.#inputs.view().find !== '';
		return !isFound && !isGroup(entry) && this.#growing.groupOf(entry) !== undefined;
	}

	/** The open groups after one of them is opened or closed. */
	toggledGroups(key: string): ReadonlySet<string> {
		const { open } = this.#inputs.view();
		const param = rowParam(key);
		return open.has(param) === this.isOpen(key) ? withToggled(open, param) : open;
	}
}
