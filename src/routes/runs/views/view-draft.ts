/** What the dialog edits of a view. */
export type ViewDraft = { name: string; shared: boolean; badge: boolean };

export const NEW_VIEW: ViewDraft = { name: '', shared: false, badge: false };
